"""Which of many options a report shows: the best of each method, the recommended one first."""

from __future__ import annotations

from advisor.report.contents import Contents
from advisor.vocabulary import Advice, OptionAdvice

SHOWN = 6  # a table a manager reads at a glance
BLOCKED_SHOWN = 8


def shortlist(contents: Contents) -> tuple[OptionAdvice, ...]:
    """The least regretted feasible option of each method, best first, at most SHOWN; every family keeps one."""
    if contents.advice is None:
        return ()
    first = contents.recommended
    best = _best_of_each_method([o for o in contents.advice.options if o.feasible and o is not first])
    ranked = ([first] if first else []) + [o for o in best if first is None or o.option.method != first.option.method]
    shown = ranked[:SHOWN]
    for missing in _families_missing(ranked, shown):
        shown[-1 if len(shown) >= SHOWN else len(shown) :] = [missing]
    return tuple(shown)


def blocked(advice: Advice) -> tuple[OptionAdvice, ...]:
    """For each method without a feasible option, the one that came closest."""
    possible = {o.option.method for o in advice.options if o.feasible}
    nowhere = [o for o in advice.options if not o.feasible and o.option.method not in possible]
    closest = sorted(nowhere, key=lambda o: (_worst(o), o.regret))
    found: dict[str, OptionAdvice] = {}
    for option in closest:
        found.setdefault(option.option.method, option)
    return tuple(found.values())[:BLOCKED_SHOWN]


def _worst(option: OptionAdvice) -> float:
    return max((b.share for b in option.blocked_by), default=0.0)


def _best_of_each_method(options: list[OptionAdvice]) -> list[OptionAdvice]:
    found: dict[str, OptionAdvice] = {}
    for option in sorted(options, key=lambda o: o.regret):
        found.setdefault(option.option.method, option)
    return list(found.values())


def _families_missing(ranked: list[OptionAdvice], shown: list[OptionAdvice]) -> list[OptionAdvice]:
    there = {o.option.family for o in shown}
    missing: dict[str, OptionAdvice] = {}
    for option in ranked:
        if option.option.family not in there:
            missing.setdefault(option.option.family, option)
    return list(missing.values())[:1]


def best_of_family(advice: Advice, family: str) -> OptionAdvice | None:
    """The feasible option of a family with the least regret."""
    of_family = [o for o in advice.options if o.feasible and o.option.family == family]
    return min(of_family, key=lambda o: o.regret, default=None)
