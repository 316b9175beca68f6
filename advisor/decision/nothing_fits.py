"""When no option survives in half the draws: the nearest one, and what would have to give."""

from __future__ import annotations

import numpy as np

from advisor.decision.basis import Basis
from advisor.decision.simulate import Outcome
from advisor.decision.words import place_words, short_words
from advisor.vocabulary import Recommendation

# assumption: what it takes to change a fact, in tenfold steps of a limit; what cannot be changed is far away
PRICE_OF_A_FACT = {"hardware": 1.0, "may_rent_gpus": 1.0, "data_may_leave": 1.5, "serve_on": 2.0, "licence": 2.0}
PRICE_OF_A_RULE = 20.0
OFTEN_BROKEN = 0.25


def nothing_fits(outcome: Outcome, basis: Basis) -> Recommendation:
    """Name the nearest option and the limits that stand against it; never an empty answer."""
    rows = range(len(outcome.candidates))
    far = [_far_from_fitting(outcome, basis, row) for row in rows]
    nearest = min(rows, key=lambda row: (far[row], outcome.candidates[row].id), default=None)
    first = [basis.contradiction] if basis.contradiction else []
    if nearest is None:
        steps = first or ["Name at least one model that may be used."]
        return _none("Nothing can be offered: no model is left to choose from.", 1.0, steps, None)
    plan = outcome.candidates[nearest].plan
    gives = _what_gives(outcome, basis, nearest)
    steps = [*first, f"Check first whether {gives[0]}.", "Or ask for less: fewer requests, or a longer time to answer."]
    whole = f"{short_words(plan)}, {place_words(plan.option.place)}"
    sentence = f"Nothing fits these limits. The nearest is {whole}; it would fit if {', and if '.join(gives)}."
    return _none(sentence, outcome.chance_nothing_fits, steps, plan.option.id)


def _none(sentence: str, chance: float, steps: list[str], nearest: str | None) -> Recommendation:
    return Recommendation(
        kind="nothing_fits",
        option=None,
        method=None,
        model=None,
        place=None,
        trained_at=None,
        chance_best=0.0,
        chance_nothing_fits=chance,
        sentence=sentence,
        then=tuple(steps),
        nearest=nearest,
    )


def _far_from_fitting(outcome: Outcome, basis: Basis, row: int) -> float:
    """How much would have to give: a price per fact against it, and how many times over each limit it is (log 10)."""
    candidate = outcome.candidates[row]
    far = sum(PRICE_OF_A_FACT.get(b.limit, PRICE_OF_A_RULE) for b in candidate.blocked)
    for limit in basis.limits:
        draws = candidate.draws[limit.estimate]
        if np.isnan(draws).all():
            continue
        middle, bound = max(float(np.nanmedian(draws)), 1e-9), max(limit.value, 1e-9)
        far += max(0.0, float(np.log10(bound / middle if limit.least else middle / bound)))
    return far + 0.1 * (1.0 - float(outcome.alive[row].mean()))


def _what_gives(outcome: Outcome, basis: Basis, row: int) -> list[str]:
    """What would have to be different for an option to fit, as clauses after "if"."""
    candidate = outcome.candidates[row]
    words = [f"this did not stand in the way: {b.text or b.limit}" for b in candidate.blocked]
    for limit in basis.limits:
        draws = candidate.draws[limit.estimate]
        broken = [b for b in outcome.blocked[row] if b.limit == limit.key]
        if broken and broken[0].share > OFTEN_BROKEN and not np.isnan(draws).all():
            needed = limit.about(float(np.nanmedian(draws)))
            word = "were only" if limit.least else "could be"
            words.append(f"the {limit.label} {word} {needed} instead of {limit.said()}")
    return words or ["the limits together left more room"]
