"""80 % ranges around closed-form values, as wide as those formulas were wrong on published measurements."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.vocabulary import Basis, Estimate


@dataclass(frozen=True, slots=True)
class Spread:
    """Measured over estimated: its 10th and 90th percentile on the rows the source names."""

    low: float
    high: float
    source: str

    def wider(self, times: float) -> Spread:
        """The same spread stretched `times` on both sides, for settings further from what was measured."""
        return Spread(1 - (1 - self.low) * times, 1 + (self.high - 1) * times, self.source)


def ranged(value: float, spread: Spread, unit: str, basis: Basis = "estimated") -> Estimate:
    """`value` with its range; the low end never falls below a tenth of the value."""
    return Estimate(value, value * max(spread.low, 0.1), value * spread.high, unit, basis, spread.source)
