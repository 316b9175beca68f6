"""Numbers that know how sure they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

Basis = Literal["counted", "measured", "published", "estimated"]

GIB = 2**30
MIB = 2**20
GB = 10**9
MTOK = 10**6
HOURS_PER_MONTH = 730.0  # 365 days × 24 h / 12


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 80 % interval, unit, basis and source; unknown is `value=None` with `why_unknown`."""

    value: float | None
    low: float | None
    high: float | None
    unit: str
    basis: Basis
    source: str
    why_unknown: str | None = None

    @classmethod
    def exact(cls, value: float, unit: str, source: str, basis: Basis = "counted") -> Estimate:
        """A number without spread: counted, or read off a table."""
        return cls(value, value, value, unit, basis, source)

    @classmethod
    def unknown(cls, unit: str, why: str) -> Estimate:
        """A number nobody has; `why` says what is missing."""
        return cls(None, None, None, unit, "estimated", "", why)

    @property
    def known(self) -> bool:
        return self.value is not None

    def scaled(self, factor: float, unit: str | None = None) -> Estimate:
        """The same range times `factor`; unknown stays unknown."""
        if self.value is None or self.low is None or self.high is None:
            return self
        ends = sorted((self.low * factor, self.high * factor))
        return Estimate(self.value * factor, ends[0], ends[1], unit or self.unit, self.basis, self.source)

    def plus(self, other: Estimate) -> Estimate:
        """The sum of two independent ranges: half-widths add in quadrature, on each side."""
        if self.value is None or self.low is None or self.high is None:
            return self
        if other.value is None or other.low is None or other.high is None:
            return other
        value = self.value + other.value
        low = value - math.hypot(self.value - self.low, other.value - other.low)
        high = value + math.hypot(self.high - self.value, other.high - other.value)
        basis: Basis = self.basis if self.basis == other.basis else "estimated"
        return Estimate(value, low, high, self.unit, basis, f"{self.source}; {other.source}")

    def as_json(self) -> dict[str, Any]:
        """The contract's form: {"value", "low", "high", "unit", "basis", "source"} and, if unknown, the reason."""
        document: dict[str, Any] = {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "basis": self.basis,
            "source": self.source,
        }
        if self.why_unknown is not None:
            document["why_unknown"] = self.why_unknown
        return document

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Estimate:
        """The inverse of `as_json`."""
        return cls(**document)
