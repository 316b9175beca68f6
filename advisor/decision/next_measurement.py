"""After a pilot on a stand-in: the cheapest measurement on a model that could really be used."""

from __future__ import annotations

import numpy as np

from advisor.decision.currency import Currency
from advisor.decision.simulate import Outcome
from advisor.decision.words import short_words
from advisor.decision.worth import leader
from advisor.estimators.measured import Measured

NEXT_ROWS = 100  # ± 0.05 of a score near 0.8 (80 %)


def next_measurement(outcome: Outcome, measured: Measured, currency: Currency) -> str:
    """What to measure next where no language model among the options was measured; empty where one was."""
    real = [c for c in outcome.candidates if c.plan.card.trained != "head" and not c.blocked]
    if any((c.plan.option.method, c.plan.model.id) in measured.quality for c in real):
        return ""
    row = leader(outcome, ("prompting",))
    if row is None:
        return ""
    candidate = outcome.candidates[row]
    cost = float(np.nanmedian(candidate.draws["cost_per_1k_requests_usd"])) * NEXT_ROWS / 1_000
    price = f", about {currency.say(cost)}" if np.isfinite(cost) else ""
    return (
        f"The pilot used a small stand-in model. The cheapest measurement on a real candidate comes next: score "
        f"{NEXT_ROWS} test rows by {short_words(candidate.plan)}{price}."
    )
