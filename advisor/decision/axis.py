"""One answer that is varied: which other values are tried, how far away they are, and how they are said."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from advisor.decision.currency import Currency
from advisor.vocabulary.languages import language_name

FACTORS = (2.0, 8.0, 64.0)
STEPS = (0.05, 0.1, 0.2, 0.4)
IN_USD = Currency()


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


def tried(axis: Axis) -> str:
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
