"""Which of many options a report shows: the best of each method, the recommended one first."""

from __future__ import annotations

from advisor.report.contents import Contents
from advisor.vocabulary import Advice, OptionAdvice

SHOWN = 6  # a table a manager reads at a glance


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
    closest = sorted(nowhere, key=lambda o: (o.option.id != nearest, _worst(o), o.regret))
    found: dict[str, OptionAdvice] = {}
    for option in closest:
        found.setdefault(option.option.method, option)
    return tuple(found.values())


def one_of_each_family(contents: Contents) -> tuple[OptionAdvice, ...]:
    """What stands for each family in every chart: its first in the table, else what came closest."""
    if contents.advice is None:
        return ()
    return tuple(_first_of_each_family([*shortlist(contents), *blocked(contents.advice)]))


def _worst(option: OptionAdvice) -> float:
    return max((b.share for b in option.blocked_by), default=0.0)


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
