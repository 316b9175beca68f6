"""Numbers written for people: two significant digits, ranges, units they think in. Only the report rounds."""

from __future__ import annotations

import math
from collections.abc import Callable

from advisor.vocabulary import GIB, MIB, Estimate
from advisor.vocabulary.saying import percent as say_chance

MINUS, NOT_KNOWN = "−", "not known"
NARROW = "\u00a0"  # the space before a unit, where no line may end
MILLION = 1e6
TOO_MANY_HOURS = 48.0

Writer = Callable[[float], str]


def significant(value: float, digits: int = 2) -> str:
    """`digits` significant digits with thousands separators: 12345 → 12,000; 0.0999 → 0.10; 2.4e6 → 2.4 million."""
    if not math.isfinite(value):
        return NOT_KNOWN
    if value == 0:
        return "0"
    sign, size = (MINUS if value < 0 else ""), abs(value)
    places = digits - 1 - math.floor(math.log10(size))
    size = round(size, places)
    places = digits - 1 - math.floor(math.log10(size))
    if size >= MILLION:
        return f"{sign}{significant(size / MILLION, digits)} million"
    return f"{sign}{size:,.{max(0, places)}f}"


def whole(value: float) -> str:
    """A count, in full: 12345 → 12,345."""
    return f"{value:,.0f}".replace("-", MINUS) if math.isfinite(value) else NOT_KNOWN


def hundredths(value: float) -> str:
    """A score on 0..1 with two decimals."""
    return f"{value:.2f}".replace("-", MINUS) if math.isfinite(value) else NOT_KNOWN


def signed(value: float) -> str:
    """A difference of scores, its sign always shown."""
    text = f"{value:+.2f}".replace("-", MINUS)
    return "0.00" if text in ("+0.00", f"{MINUS}0.00") else text


def percent(share: float) -> str:
    """A counted share or a weight: only what is exactly none or all says so. A simulated chance is for `chance`."""
    if share in (0.0, 1.0):
        return f"{share * 100:.0f}{NARROW}%"
    return chance(share)


def chance(share: float) -> str:
    """A simulated chance, as every sentence of the decision says it: never 0 or 100 %."""
    return say_chance(share).replace(" %", f"{NARROW}%") if math.isfinite(share) else NOT_KNOWN


def span(low: float, high: float, write: Writer) -> str:
    """low–high; with a negative end 'low to high', because two dashes in a row cannot be read."""
    ends = write(low), write(high)
    return (" to " if MINUS in "".join(ends) else "–").join(ends)


def ranged(value: float, low: float | None, high: float | None, write: Writer) -> str:
    """'value (low–high)', or the value alone where the range adds nothing."""
    if low is None or high is None or write(low) == write(value) == write(high):
        return write(value)
    return f"{write(value)} ({span(low, high, write)})"


def duration_scale(seconds: float) -> tuple[float, str]:
    """The unit a person would use for this time: (seconds per unit, unit)."""
    if seconds < 1:
        return 1e-3, "ms"
    if seconds < 120:
        return 1.0, "s"
    if seconds < 2 * 3600:
        return 60.0, "min"
    if seconds < TOO_MANY_HOURS * 3600:
        return 3600.0, "h"
    return 86400.0, "days"


def memory_scale(size_bytes: float) -> tuple[float, str]:
    """(bytes per unit, unit): MiB below one GiB."""
    return (MIB, "MiB") if size_bytes < GIB else (GIB, "GiB")


def scaled(estimate: Estimate | None, per_unit: float, scale: Callable[[float], tuple[float, str]]) -> str:
    """An estimate in the unit that suits its value; `per_unit` turns the estimate's unit into the scale's base."""
    if estimate is None or estimate.value is None:
        return NOT_KNOWN
    factor, unit = scale(estimate.value * per_unit)
    moved = estimate.scaled(per_unit / factor)
    return f"{ranged(moved.value or 0.0, moved.low, moved.high, significant)} {unit}"


def latency(estimate: Estimate | None) -> str:
    """Milliseconds in, milliseconds or seconds out."""
    return scaled(estimate, 1e-3, duration_scale)


def hours(estimate: Estimate | None) -> str:
    """Hours in, minutes to days out."""
    return scaled(estimate, 3600.0, duration_scale)


def gib(estimate: Estimate | None) -> str:
    """GiB in, MiB or GiB out."""
    return scaled(estimate, float(GIB), memory_scale)


def with_writer(estimate: Estimate | None, write: Writer) -> str:
    """An estimate whose unit stands elsewhere (a column's head)."""
    if estimate is None or estimate.value is None:
        return NOT_KNOWN
    return ranged(estimate.value, estimate.low, estimate.high, write)


def quality(estimate: Estimate | None) -> str:
    """A score on 0..1."""
    return with_writer(estimate, hundredths)


def day_count(value: float) -> str:
    """Whole days from one day on: nobody plans by the tenth of a day."""
    return whole(value) if value >= 1 else significant(value)


def days(estimate: Estimate | None) -> str:
    """Days, the unit standing elsewhere."""
    return with_writer(estimate, day_count)
