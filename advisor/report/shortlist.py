"""Which of many options a report shows: the best of each method, the recommended one first."""

from __future__ import annotations

import math

from advisor.report.contents import Contents
from advisor.vocabulary import Advice, OptionAdvice

SHOWN = 6  # a table a manager reads at a glance
LIMITED = {
    "quality_target": "quality",
    "budget_one_off_usd": "one_off_cost_usd",
    "budget_monthly_usd": "monthly_cost_usd",
    "latency_p95_ms": "latency_p95_ms",
    "days_to_launch": "days_to_launch",
}
SMALLEST = 0.01  # a limit of nothing counts as this, so that what misses it least is the closest


def shortlist(contents: Contents) -> tuple[OptionAdvice, ...]:
    """The least regretted feasible option of each method, best first, at most SHOWN; every family keeps one."""
    if contents.advice is None:
        return ()
    first = contents.recommended
    best = _best_of_each_method([o for o in contents.advice.options if o.feasible and o is not first])
    ranked = ([first] if first else []) + [o for o in best if first is None or o.option.method != first.option.method]
    kept = {id(o) for o in _first_of_each_family(ranked)}
    others = [o for o in ranked if id(o) not in kept][: max(0, SHOWN - len(kept))]
    kept |= {id(o) for o in others}
    return tuple(o for o in ranked if id(o) in kept)


def blocked(advice: Advice) -> tuple[OptionAdvice, ...]:
    """For each method without a feasible option, the one that came closest; first the nearest of all, if named."""
    possible = {o.option.method for o in advice.options if o.feasible}
    nowhere = [o for o in advice.options if not o.feasible and o.option.method not in possible]
    nearest = advice.recommendation.nearest
    closest = sorted(nowhere, key=lambda o: (o.option.id != nearest, *_in_the_way(advice, o), o.regret))
    found: dict[str, OptionAdvice] = {}
    for option in closest:
        found.setdefault(option.option.method, option)
    return tuple(found.values())


def one_of_each_family(contents: Contents) -> tuple[OptionAdvice, ...]:
    """What stands for each family in every chart: its first in the table, else what came closest.

    What a fact rules out stands for nothing: it costs what it costs, and still cannot be had.
    """
    if contents.advice is None:
        return ()
    missed = [o for o in blocked(contents.advice) if all(b.simulated for b in o.blocked_by)]
    return tuple(_first_of_each_family([*shortlist(contents), *missed]))


def _in_the_way(advice: Advice, option: OptionAdvice) -> tuple[int, float, float]:
    """The facts against it, then how many times over its limits it is (log 10), then how often it misses them."""
    facts = [b for b in option.blocked_by if not b.simulated]
    missed = [b for b in option.blocked_by if b.simulated]
    far = sum(_times_over(advice, option, b.limit) for b in missed)
    return len(facts), round(far, 2), sum(b.share for b in missed)


def _times_over(advice: Advice, option: OptionAdvice, limit: str) -> float:
    bound, estimate = getattr(advice.profile, limit, None), option.estimates.get(LIMITED.get(limit, ""))
    if bound is None or estimate is None or estimate.value is None:
        return 0.0
    value, bound = max(estimate.value, SMALLEST), max(bound, SMALLEST)
    return max(0.0, math.log10(bound / value if limit == "quality_target" else value / bound))


def _best_of_each_method(options: list[OptionAdvice]) -> list[OptionAdvice]:
    found: dict[str, OptionAdvice] = {}
    for option in sorted(options, key=lambda o: o.regret):
        found.setdefault(option.option.method, option)
    return list(found.values())


def _first_of_each_family(ranked: list[OptionAdvice]) -> list[OptionAdvice]:
    found: dict[str, OptionAdvice] = {}
    for option in ranked:
        found.setdefault(option.option.family, option)
    return list(found.values())
