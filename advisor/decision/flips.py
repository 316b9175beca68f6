"""For each answer the nearest change that would alter the verdict, found by search in the question's own unit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.decision.axis import Axis, Trial, shown, tried, two_digits
from advisor.vocabulary import Flip, Unmoved

BISECTIONS = 4
NEARER = 2  # bisections in full beside what was found quickly


@dataclass(frozen=True, slots=True)
class Verdict:
    """What must differ for a flip (`key`), and how the new verdict is said."""

    key: tuple[str, ...]
    words: str


Decide = Callable[[str, Any], Verdict]


def search(
    now: Verdict, axes: Sequence[Axis], quickly: Decide, answered: Decide | None = None
) -> tuple[tuple[Flip, ...], tuple[Unmoved, ...]]:
    """One flip per answer at most, the nearest first; and the answers that change nothing, whatever was tried.

    `quickly(key, value)` decides again with one answer changed, and quickly; `answered` as it would be answered. Only
    what that confirms is called a flip, in its words, and it is asked for a nearer one, too.
    """
    found: list[Flip] = []
    unmoved: list[Unmoved] = []
    for axis in axes:
        flip = _nearest(now, axis, quickly, answered or quickly)
        if flip is None:
            unmoved.append(Unmoved(axis.key, shown(axis, axis.now), tried(axis)))
        else:
            found.append(flip)
    return tuple(sorted(found, key=lambda flip: (flip.distance, flip.trait))), tuple(unmoved)


def _nearest(now: Verdict, axis: Axis, quickly: Decide, answered: Decide) -> Flip | None:
    if axis.number and axis.now is None:
        return _threshold(now, axis, quickly, answered)
    kept = [axis.now]
    for trial in axis.trials:
        if quickly(axis.key, trial.value).key == now.key:
            kept.append(trial.value)
            continue
        found = _confirmed(now, axis, _from_the_edge(now, axis, (kept, trial.value), quickly), answered)
        if found is None:
            kept.append(trial.value)
            continue
        return _flip(now, axis, (trial, *found), kept, answered)
    return None


def _threshold(now: Verdict, axis: Axis, quickly: Decide, answered: Decide) -> Flip | None:
    """For a number nobody gave: between two that are tried next to each other, the first from which it is otherwise."""
    turned = {trial.value: quickly(axis.key, trial.value).key != now.key for trial in axis.trials}
    ordered = sorted(turned)
    for trial in (trial for trial in axis.trials if turned[trial.value]):
        place = ordered.index(trial.value)
        beside = [value for value in ordered[max(place - 1, 0) : place + 2] if not turned[value]]
        if not beside and not all(turned.values()):
            continue
        edges = [_narrow(now, axis, (value, trial.value), quickly) for value in beside]
        found = _confirmed(now, axis, tuple(dict.fromkeys((*edges, trial.value))), answered)
        if found is not None:
            after = f"{shown(axis, found[0])}{_and_beyond(turned, found[0])}"
            return Flip(axis.key, shown(axis, None), after, found[1], trial.distance)
    return None


def _and_beyond(turned: dict[Any, bool], value: Any) -> str:
    """Whether everything tried on one side of it turns as well, and nothing on the other."""
    below = [turns for tried, turns in turned.items() if tried < value]
    above = [turns for tried, turns in turned.items() if tried > value]
    if below and all(below) and above and not any(above):
        return " or less"
    return " or more" if above and all(above) and below and not any(below) else ""


def _flip(now: Verdict, axis: Axis, found: tuple[Trial, Any, str], kept: list[Any], answered: Decide) -> Flip:
    """What was found on the way to a trial, or what turns as well between there and where it was last seen to hold."""
    trial, value, words = found
    if axis.number and axis.now is not None:
        seen: dict[Any, str] = {value: words}

        def decided(key: str, changed: Any) -> Verdict:
            verdict = answered(key, changed)
            seen[changed] = verdict.words
            return verdict

        value = _narrow(now, axis, (_closest(kept, value, axis.now), value), decided, NEARER)
        words = seen[value]
    after = trial.words or shown(axis, value)
    return Flip(axis.key, shown(axis, axis.now), after, words, _distance(axis, value, trial))


def _from_the_edge(now: Verdict, axis: Axis, between: tuple[list[Any], Any], verdict: Decide) -> tuple[Any, ...]:
    """The values to look at closely, nearest first: of a number the edge, half way from it to the trial, the trial."""
    kept, tried = between
    if not axis.number or axis.now is None:
        return (tried,)
    edge = _narrow(now, axis, (_closest(kept, tried, axis.now), tried), verdict)
    return tuple(dict.fromkeys((edge, _middle(axis, edge, tried), tried)))


def _confirmed(now: Verdict, axis: Axis, values: tuple[Any, ...], answered: Decide) -> tuple[Any, str] | None:
    """The first value that is answered otherwise, and how; None where none is."""
    for value in values:
        found = answered(axis.key, int(value) if axis.whole and axis.number else value)
        if found.key != now.key:
            return value, found.words
    return None


def _closest(kept: list[Any], value: float, now: float) -> float:
    """The value nearest to the one that flips, on its side, at which the verdict still held."""
    side = [float(k) for k in kept if (value > now and now <= k < value) or (value < now and value < k <= now)]
    return min(side, key=lambda k: abs(k - value))


def _narrow(now: Verdict, axis: Axis, between: tuple[float, float], verdict: Decide, times: int = BISECTIONS) -> float:
    """Bisect between a value that keeps the verdict and one that changes it; returns the nearest that changes it."""
    same, other = between
    for _ in range(times):
        middle = _middle(axis, same, other)
        if middle in (same, other) or not min(same, other) < middle < max(same, other):
            break
        if verdict(axis.key, int(middle) if axis.whole else middle).key == now.key:
            same = middle
        else:
            other = middle
    return other


def _middle(axis: Axis, one: float, other: float) -> float:
    middle = math.sqrt(one * other) if one > 0 and other > 0 and not axis.share else (one + other) / 2
    return round(middle, 2) if axis.share else two_digits(middle, whole=axis.whole)


def _distance(axis: Axis, value: Any, trial: Trial) -> float:
    if not axis.number or not isinstance(axis.now, int | float) or axis.now <= 0 or value <= 0:
        return trial.distance
    if axis.share:
        return abs(float(value) - float(axis.now))
    return abs(math.log10(float(value) / float(axis.now))) / 2
