"""For each answer the nearest change that would alter the verdict, found by search in the question's own unit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.decision.currency import Currency
from advisor.vocabulary import Flip, Unmoved
from advisor.vocabulary.languages import language_name

BISECTIONS = 4
NEARER = 2  # bisections in full below what was found quickly
FACTORS = (2.0, 8.0, 64.0)
IN_USD = Currency()
STEPS = (0.05, 0.1, 0.2, 0.4)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What must differ for a flip (`key`), and how the new verdict is said."""

    key: tuple[str, ...]
    words: str


Decide = Callable[[str, Any], Verdict]


@dataclass(frozen=True, slots=True)
class Trial:
    """One other answer: its value, how far it is from the present one (0 = the same, 1 = far), its words if any."""

    value: Any
    distance: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """One question to vary; for a `number` the search narrows between the value now and the first that changes it."""

    key: str
    label: str
    unit: str
    now: Any
    trials: tuple[Trial, ...]
    number: bool = False
    whole: bool = False
    currency: Currency = IN_USD
    tried: str = ""

    @property
    def share(self) -> bool:
        """A score from 0 to 1 moves in steps, any other number in factors."""
        return self.unit.startswith("score")


def two_digits(value: float, *, whole: bool = False) -> float:
    """Two significant digits: the search stands only on values that can be said without rounding."""
    rounded = float(f"{value:.2g}")
    return float(round(rounded)) if whole else rounded


def ladder(now: float, low: float, high: float, *, share: bool = False) -> tuple[Trial, ...]:
    """Values around `now`, nearest first: steps of a share, else factors 2 to 64 both ways."""
    if share:
        values = [round(now + step, 2) for d in STEPS for step in (d, -d)]
        return tuple(Trial(v, abs(v - now)) for v in values if low <= v <= high)
    start = now if now > 0 else max(low, 1.0)
    values = [two_digits(start * factor) for f in FACTORS for factor in (f, 1 / f)]
    kept = [v for v in values if max(low, 1e-9) <= v <= high and v != now]
    return tuple(Trial(v, abs(math.log10(v / start)) / 2) for v in kept)


def search(
    now: Verdict, axes: Sequence[Axis], verdict: Decide, answered: Decide | None = None
) -> tuple[tuple[Flip, ...], tuple[Unmoved, ...]]:
    """One flip per answer at most, the nearest first; and the answers that change nothing, whatever was tried.

    `verdict(key, value)` decides again with one answer changed, and quickly; `answered` as it would be answered. Only
    what it confirms is called a flip, in its words, and it looks for a nearer one; and of a number it decides at both
    ends of what was tried before it is said not to matter.
    """
    found: list[Flip] = []
    unmoved: list[Unmoved] = []
    for axis in axes:
        flip = _nearest(now, axis, verdict, answered or verdict)
        if flip is None:
            unmoved.append(Unmoved(axis.key, shown(axis, axis.now), _tried(axis)))
        else:
            found.append(flip)
    return tuple(sorted(found, key=lambda flip: (flip.distance, flip.trait))), tuple(unmoved)


def _nearest(now: Verdict, axis: Axis, verdict: Decide, answered: Decide) -> Flip | None:
    kept = [axis.now]
    for trial in axis.trials:
        if verdict(axis.key, trial.value).key == now.key:
            kept.append(trial.value)
            continue
        found = _confirmed(now, axis, _from_the_edge(now, axis, (kept, trial.value), verdict), answered)
        if found is None:
            kept.append(trial.value)
            continue
        return _flip(now, axis, (trial, *found), answered)
    for trial in _ends(axis):
        found = _confirmed(now, axis, (trial.value,), answered)
        if found is not None:
            return _flip(now, axis, (trial, *found), answered)
    return None


def _ends(axis: Axis) -> tuple[Trial, ...]:
    """The smallest and the largest number that was tried beside an answered one."""
    if not axis.number or axis.now is None or not axis.trials:
        return ()
    ends = (min(axis.trials, key=lambda trial: trial.value), max(axis.trials, key=lambda trial: trial.value))
    return tuple(dict.fromkeys(ends))


def _flip(now: Verdict, axis: Axis, found: tuple[Trial, Any, str], answered: Decide) -> Flip:
    """What was found on the way to a trial: its value and words, or those of a nearer value that turns as well."""
    trial, value, words = found
    if axis.number and axis.now is not None:
        seen: dict[Any, str] = {value: words}

        def decided(key: str, changed: Any) -> Verdict:
            verdict = answered(key, changed)
            seen[changed] = verdict.words
            return verdict

        value = _narrow(now, axis, (axis.now, value), decided, NEARER)
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


def _tried(axis: Axis) -> str:
    """What was tried, in words: a range of numbers, or the other answers."""
    if axis.tried or not axis.trials:
        return axis.tried or "no figure depends on it"
    if axis.number and len(axis.trials) > 1:
        values = [trial.value for trial in axis.trials]
        low, high = shown(axis, min(values)), shown(axis, max(values))
        unit = high.partition(" ")[2]
        return f"{low.removesuffix(f' {unit}') if unit else low} to {high}"
    return ", ".join(trial.words or shown(axis, trial.value) for trial in axis.trials)


def shown(axis: Axis, value: Any) -> str:
    """An answer in the question's unit."""
    if value is None:
        return "unanswered"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        if axis.share:
            return f"{value:.2f}" if round(value, 2) == value else f"{value:.15g}"
        return axis.currency.typed(value, axis.unit)
    if isinstance(value, tuple):
        items = map(language_name, value) if axis.key == "languages" else (_item(item) for item in value)
        return ", ".join(items) or "none"
    return _item(value).replace("_", " ")


def _item(value: Any) -> str:
    name, count = getattr(value, "name", None), getattr(value, "count", None)
    if name is not None and isinstance(count, int):
        return f"{count} × {name}"
    return "as weighted now" if hasattr(value, "maintenance") else str(value)
