"""Money: everything is computed in US dollars, and shown in the currency and at the rate the team typed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from advisor.report.numbers import NOT_KNOWN, ranged, significant
from advisor.vocabulary import Estimate, TaskProfile


def amount(value: float) -> str:
    """Two significant digits, rounded once: 12345 → 12,000, 454.6 → 450, 0.034 → 0.034."""
    return significant(value)


@dataclass(frozen=True, slots=True)
class Money:
    """The currency shown, and how many US dollars one unit of it is."""

    currency: str = "USD"
    usd_per_unit: float = 1.0

    @classmethod
    def of(cls, profile: TaskProfile | None) -> Money:
        """The profile's currency where both the name and a usable rate were given, else US dollars."""
        rate = profile.usd_per_currency_unit if profile else None
        if profile is None or not profile.currency or rate is None or not math.isfinite(rate) or rate <= 0:
            return cls()
        return cls(profile.currency.strip()[:12], rate)

    @property
    def converted(self) -> bool:
        return self.currency.upper() != "USD" or self.usd_per_unit != 1.0

    def of_usd(self, usd: float) -> float:
        """US dollars in this currency."""
        return usd / self.usd_per_unit

    def write(self, usd: float | None) -> str:
        """One amount with its currency."""
        return NOT_KNOWN if usd is None else f"{self.currency} {amount(self.of_usd(usd))}"

    def bare(self, estimate: Estimate | None) -> str:
        """A range without the currency, for a column that names it."""
        if estimate is None or estimate.value is None:
            return NOT_KNOWN
        shown = estimate.scaled(1 / self.usd_per_unit)
        return ranged(shown.value or 0.0, shown.low, shown.high, amount)

    def typed(self, usd: float, unit: str) -> str:
        """An answer in USD with all digits that were typed, and about what it is in this currency."""
        about = f" (about {amount(self.of_usd(usd))} {self.currency})" if self.converted else ""
        return f"{usd:,.15g} {unit}{about}"

    def rate(self) -> str:
        """The sentence that states the rate; empty when nothing was converted."""
        if not self.converted:
            return ""
        return (
            f"Costs are computed in US dollars and shown in {self.currency} at the rate you gave: "
            f"1 {self.currency} = {self.usd_per_unit:.4g} USD."
        )
