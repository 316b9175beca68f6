"""For each answer the nearest change that would alter the verdict, found by search in the question's own unit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.decision.words import amount
from advisor.vocabulary import Flip

BISECTIONS = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What must differ for a flip (`key`), and how the new verdict is said."""

    key: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Trial:
    """One other answer: its value and how far it is from the present one (0 = the same, 1 = a far change)."""

    value: Any
    distance: float


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


def ladder(now: float, low: float, high: float, *, share: bool = False) -> tuple[Trial, ...]:
    """Values around `now`, nearest first: steps of 0.1 for a share, else factors 2 to 100 both ways."""
    if share:
        values = [round(now + step, 3) for d in (0.05, 0.1, 0.2, 0.3, 0.5) for step in (d, -d)]
        return tuple(Trial(v, abs(v - now)) for v in values if low <= v <= high)
    start = now if now > 0 else max(low, 1.0)
    values = [start * factor for f in (2.0, 6.0, 30.0, 200.0) for factor in (f, 1 / f)]
    kept = [v for v in values if max(low, 1e-9) <= v <= high]
    return tuple(Trial(v, abs(math.log10(v / start)) / 2) for v in kept)


def search(now: Verdict, axes: Sequence[Axis], verdict: Callable[[str, Any], Verdict]) -> tuple[Flip, ...]:
    """One flip per answer at most, the nearest first. `verdict(key, value)` decides again with one answer changed."""
    found = [flip for axis in axes if (flip := _nearest(now, axis, verdict)) is not None]
    return tuple(sorted(found, key=lambda flip: (flip.distance, flip.trait)))


def _nearest(now: Verdict, axis: Axis, verdict: Callable[[str, Any], Verdict]) -> Flip | None:
    kept = [axis.now]
    for trial in axis.trials:
        other = verdict(axis.key, trial.value)
        if other.key == now.key:
            kept.append(trial.value)
            continue
        value, words = trial.value, other.words
        if axis.number and axis.now is not None:
            same = _closest(kept, trial.value, axis.now)
            value, words = _narrow(now, axis, (same, trial.value, words), verdict)
        return Flip(axis.key, shown(axis, axis.now), shown(axis, value), words, _distance(axis, value, trial))
    return None


def _closest(kept: list[Any], value: float, now: float) -> float:
    """The value nearest to the one that flips, on its side, at which the verdict still held."""
    side = [float(k) for k in kept if (value > now and now <= k < value) or (value < now and value < k <= now)]
    return min(side, key=lambda k: abs(k - value))


def _narrow(
    now: Verdict, axis: Axis, between: tuple[float, float, str], verdict: Callable[[str, Any], Verdict]
) -> tuple[float, str]:
    """Bisect between a value that keeps the verdict and one that changes it; returns the nearest that changes it."""
    same, other, words = between
    for _ in range(BISECTIONS):
        middle = math.sqrt(same * other) if same > 0 and other > 0 and axis.unit[:5] != "score" else (same + other) / 2
        middle = float(round(middle)) if axis.whole else float(f"{middle:.3g}")
        if middle in (same, other):
            break
        found = verdict(axis.key, int(middle) if axis.whole else middle)
        if found.key == now.key:
            same = middle
        else:
            other, words = middle, found.words
    return other, words


def _distance(axis: Axis, value: Any, trial: Trial) -> float:
    if not axis.number or not isinstance(axis.now, int | float) or axis.now <= 0 or value <= 0:
        return trial.distance
    if axis.unit.startswith("score"):
        return abs(float(value) - float(axis.now))
    return abs(math.log10(float(value) / float(axis.now))) / 2


def shown(axis: Axis, value: Any) -> str:
    """An answer in the question's unit."""
    if value is None:
        return "unanswered"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{amount(value)} {axis.unit}".strip()
    return str(value).replace("_", " ")
