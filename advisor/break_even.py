"""From how many requests on training is the cheaper way: two ways of like quality, costed again at other volumes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from advisor.again import with_models
from advisor.decision.break_even import Sides, break_even
from advisor.decision.simulate import Outcome
from advisor.decision.utility import monthly_total
from advisor.decision.words import short_words
from advisor.decision.worth import leader
from advisor.estimators.chance import Chance
from advisor.study import Focus, Study, study
from advisor.vocabulary import BreakEven, Draws

COST_DRAWS = 1_000
AS_GOOD = 0.01  # a score this far below counts as reaching it


def break_even_of(found: Study) -> BreakEven | str:
    """The volume from which training is cheaper than prompting at the same quality; or why there is none.

    Where one side has no option within the limits, and no volume changes who is cheaper, that is what is said.
    """
    outcome = found.outcome
    leaders = [leader(outcome, families) for families in (("prompting",), ("tuning",))]
    sides = dict(zip(("prompting", "training"), leaders, strict=True))
    missing = [side for side, row in sides.items() if row is None or not outcome.feasible[row]]
    none_left = (
        f"No option of {' and none of '.join(missing)} stays within the limits, so no number of requests is named from "
        "which training is the cheaper way."
    )
    if leaders[0] is None or leaders[1] is None:
        return none_left
    score = min(_score(outcome, leaders[0]), _score(outcome, leaders[1]))
    rows = [_cheapest(outcome, row, score) for row in leaders if row is not None]
    pairs = [outcome.candidates[row].plan.option for row in rows]
    only = frozenset((o.method, o.model) for o in pairs)
    chance = Chance(1, COST_DRAWS)

    def monthly(volume: float) -> tuple[Draws, Draws] | None:
        profile = replace(with_models(found, only), requests_per_month=volume, peak_requests_per_second=None)
        again = study(profile, found.facts, found.evidence, chance, Focus(only, usual=found.usual))
        costs_of: list[Draws] = []
        for option in pairs:
            costs = [
                monthly_total(c.draws, again.draws.horizon_months)
                for c in again.outcome.candidates
                if (c.plan.option.method, c.plan.option.model) == (option.method, option.model) and not c.blocked
            ]
            if not costs:
                return None
            costs_of.append(min(costs, key=lambda c: float(np.nanmean(c))))
        return costs_of[0], costs_of[1]

    best = outcome.best
    neither = "" if best is None or best in rows else short_words(outcome.candidates[best].plan)
    named = [short_words(outcome.candidates[row].plan) for row in rows]
    even = break_even(monthly, Sides(named[0], named[1], score, neither))
    return none_left if missing and isinstance(even, str) else even


def _cheapest(outcome: Outcome, leading: int, score: float) -> int:
    """Of the leader's family, and as feasible as it is, the cheapest that is expected to reach the score."""
    first = outcome.candidates[leading]
    rows = [
        row
        for row, candidate in enumerate(outcome.candidates)
        if candidate.family == first.family
        and not candidate.blocked
        and outcome.feasible[row] >= outcome.feasible[leading]
        and _score(outcome, row) >= score - AS_GOOD
    ]
    return min(rows, key=lambda row: (outcome.monthly_total[row], outcome.candidates[row].id), default=leading)


def _score(outcome: Outcome, row: int) -> float:
    """Its median score; -1 where it cannot do the task."""
    quality = outcome.candidates[row].draws["quality"]
    return -1.0 if np.isnan(quality).all() else float(np.nanmedian(quality))
