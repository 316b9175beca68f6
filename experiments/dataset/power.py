"""How many test rows show which difference, when two methods answer the same rows."""

from __future__ import annotations

import math

Z_TWO_SIDED_95 = 1.959964  # normal quantile for 95 % confidence, two-sided
Z_POWER_80 = 0.841621  # normal quantile for 80 % power
# assumption: two methods on the same rows share half of what chance would let them disagree on
SHARED = 0.5
MATTERS_POINTS = 5.0  # assumption: a smaller difference rarely decides between methods


def disagreement(base: float, difference: float) -> float:
    """The share of rows on which two methods of about this accuracy disagree, at least the difference itself."""
    independent = 2 * base * (1 - base)
    return max(difference, (1 - SHARED) * independent)


def rows_for_difference(points: float, base: float = 0.8) -> int:
    """Test rows that show a difference of so many points of accuracy, paired, 95 % confident, in 4 of 5 repetitions.

    Connor (1987), sample size for McNemar's test. `base` is the accuracy of the weaker method.
    """
    difference = min(1.0, max(1e-4, points / 100))
    apart = disagreement(base, difference)
    spread = math.sqrt(max(0.0, apart - difference**2))
    return math.ceil((Z_TWO_SIDED_95 * math.sqrt(apart) + Z_POWER_80 * spread) ** 2 / difference**2)


def sentence(test_rows: int) -> str:
    """What a test of so many rows shows, and how many the difference that matters would need."""
    shown, needed = difference_for_rows(test_rows), rows_for_difference(MATTERS_POINTS)
    able = f"shows differences of {shown:.0f} points and more" if shown < 100 else "shows no difference"
    enough = "enough for" if test_rows >= needed else f"{needed:,} would be needed for"
    return f"A test of {test_rows:,} rows {able}: {enough} a difference of {MATTERS_POINTS:g} points."


def difference_for_rows(rows: int, base: float = 0.8) -> float:
    """The smallest difference in points that so many test rows would show; 100 when none would."""
    low, high = 0.0, 100.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if rows_for_difference(middle, base) <= rows else (middle, high)
    return high
