"""Amounts of money in the team's currency: everything is computed in USD and said at the rate the team typed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from advisor.decision.words import amount
from advisor.vocabulary import TaskProfile

USD = "USD"


@dataclass(frozen=True, slots=True)
class Currency:
    """The currency sentences speak, and how many USD one unit of it is."""

    name: str = USD
    usd_per_unit: float = 1.0

    @classmethod
    def of(cls, profile: TaskProfile) -> Currency:
        """The profile's own where both its name and a usable rate are given, else USD."""
        rate = profile.usd_per_currency_unit
        if not profile.currency or rate is None or not math.isfinite(rate) or rate <= 0:
            return cls()
        return cls(profile.currency.strip()[:12], rate)

    def say(self, usd: float) -> str:
        """'EUR' and a rate of 1.1: 330 USD → '300 EUR'."""
        return f"{amount(usd / self.usd_per_unit)} {self.name}"

    def with_unit(self, value: float, unit: str) -> str:
        """A value with its unit; where the unit is of money, both are converted."""
        if not unit.startswith(USD):
            return counted(amount(value), unit)
        return f"{self.say(value)}{unit.removeprefix(USD)}"

    def typed(self, value: float, unit: str) -> str:
        """An answer as it was typed, all digits of it; money, typed in USD, with about what it is in the currency."""
        said = as_typed(value, unit)
        if not unit.startswith(USD) or self == Currency():
            return said
        return f"{said} (about {self.say(value)})"


def as_typed(value: float, unit: str) -> str:
    """An answer with all its digits and the unit it was asked in."""
    return counted(f"{value:,.15g}", unit)


def counted(number: str, unit: str) -> str:
    """'1', 'days' → '1 day'; ms and USD have no plural."""
    first, _, rest = unit.partition(" ")
    if number == "1" and len(first) > 2:
        unit = f"{first.removesuffix('s')} {rest}"
    return f"{number} {unit}".strip()
