"""Weights as trade-offs people can judge: what two points of quality are worth in money, time and upkeep.

Forth: weights → amounts, said back in words. Back: amounts a team would give → weights (`priorities_from`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from advisor.decision.currency import Currency
from advisor.decision.simulate import Outcome
from advisor.decision.utility import Reference, Yardstick, monthly_total, references, weights_of
from advisor.vocabulary import Priorities, TaskProfile, TradeOff

POINTS = 2.0  # two hundredths of the score: about what a team notices on 100 rows
UNITS = {
    "cost": "USD a month",
    "latency": "ms for an answer",
    "time_to_launch": "days until it is live",
    "maintenance": "hours of upkeep a month",
}
CONCERNS = {"cost": "Money", "latency": "Speed", "time_to_launch": "Time to launch", "maintenance": "Upkeep"}


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a team stands: present amount and reference per concern, and what guessing scores.

    `steepness` of a concern's worth about its reference; 1 where it is not named.
    """

    now: dict[str, float]
    reference: dict[str, float]
    floor: float
    steepness: dict[str, float] = field(default_factory=dict)

    def at(self, concern: str) -> Reference:
        """How the worth of a concern falls."""
        return Reference(self.reference[concern], self.steepness.get(concern, 1.0))


def scale_of(outcome: Outcome, profile: TaskProfile, yardstick: Yardstick) -> Scale:
    """At the recommended option, else at nothing spent."""
    horizon = yardstick.horizon_months
    found = references(profile, horizon)
    reference = {key: float(np.median(np.asarray(value.half))) for key, value in found.items()}
    steepness = {key: value.steepness for key, value in found.items() if value.steepness != 1.0}
    now = dict.fromkeys(UNITS, 0.0)
    if outcome.best is not None:
        draws = outcome.candidates[outcome.best].draws
        amounts = {
            "cost": monthly_total(draws, horizon),
            "latency": draws["latency_p95_ms"],  # a time that nobody published is no place to count from
            "time_to_launch": draws["days_to_launch"],
            "maintenance": draws["upkeep_hours_per_month"],
        }
        for key, values in amounts.items():
            now[key] = 0.0 if np.isnan(values).all() else float(np.nanmedian(values))
    return Scale(now, reference, float(np.median(yardstick.guessed)), steepness)


def trade_offs(priorities: Priorities | None, scale: Scale, currency: Currency) -> tuple[TradeOff, ...]:
    """One per concern: the amount that weighs as much as POINTS of quality."""
    weights = weights_of(priorities)
    gain = weights["quality"] * POINTS / 100 / (1 - scale.floor)
    found = (_trade(concern, weights, amount_worth(gain, concern, weights, scale), currency) for concern in UNITS)
    return tuple(
        replace(
            t,
            now=scale.now[t.concern],
            reference=scale.reference[t.concern],
            floor=scale.floor,
            steepness=scale.at(t.concern).steepness,
        )
        for t in found
    )


def scale_from(said: Iterable[TradeOff]) -> Scale:
    """The scale the trade-offs were computed on."""
    known = tuple(said)
    floor = known[0].floor if known else 0.0
    steepness = {t.concern: t.steepness for t in known if t.steepness != 1.0}
    return Scale({t.concern: t.now for t in known}, {t.concern: t.reference for t in known}, floor, steepness)


def amount_worth(gain: float, concern: str, weights: dict[str, float], scale: Scale) -> float | None:
    """How much more of a concern costs as much utility as `gain`; None where no amount does, or its weight is 0."""
    weight, now, at = weights[concern], scale.now[concern], scale.at(concern)
    if weight <= 0 or gain <= 0:
        return None
    left = float(at.worth(now)) - gain / weight
    return float(at.half) * (1.0 / left - 1.0) ** (1 / at.steepness) - now if left > 0.02 else None


def priorities_from(amounts: dict[str, float], scale: Scale) -> Priorities:
    """The weights of a team to which POINTS of quality are worth these amounts; a concern left out counts nothing."""
    gain = POINTS / 100 / (1 - scale.floor)
    weights = {"quality": 1.0, **dict.fromkeys(UNITS, 0.0)}
    for concern, amount in amounts.items():
        now, at = scale.now[concern], scale.at(concern)
        lost = float(at.worth(now) - at.worth(now + amount))
        weights[concern] = gain / lost if lost > 0 else 0.0
    most = max(weights.values())
    return Priorities(**{key: float(f"{10 * weight / most:.3g}") for key, weight in weights.items()})


def _readable(value: float, unit: str) -> tuple[float, str]:
    """Long times in minutes or hours."""
    for longest, per, name in ((7_200_000.0, 3_600_000.0, "hours"), (120_000.0, 60_000.0, "minutes")):
        if unit.startswith("ms") and value >= longest:
            return value / per, unit.replace("ms", name)
    return value, unit


def _trade(concern: str, weights: dict[str, float], amount: float | None, currency: Currency) -> TradeOff:
    unit = UNITS[concern]
    name = CONCERNS[concern]
    if weights["quality"] <= 0:
        return TradeOff(concern, POINTS, None, unit, "Quality has no weight: no score is worth anything here.")
    if weights[concern] <= 0:
        return TradeOff(concern, POINTS, None, unit, f"{name} has no weight: it never tips the balance.")
    points = f"{POINTS:.0f} points of quality (0.02 of the score)"
    if amount is None:
        return TradeOff(concern, POINTS, None, unit, f"No saving of {name.lower()} makes up for {points}.")
    said = currency.with_unit(*_readable(amount, unit))
    return TradeOff(
        concern,
        POINTS,
        amount,
        unit,
        f"{points} weigh as much as {said}.",
        f"{points}, or {said} less: which would you take? Your weights call it even.",
    )
