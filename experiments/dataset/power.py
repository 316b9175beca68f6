"""How many test rows show which difference, when two methods answer the same rows."""

from __future__ import annotations

import itertools
import math

from experiments.dataset import limits

# assumption: a fifth for the test and 15 % of the rest for validation, as is usual; more than a thousand test rows
# show differences (under 3.5 points) that rarely decide between methods
TEST_SHARE = 0.2
VALIDATION_SHARE = 0.15  # of the rows beside the test
MOST_TEST_ROWS, MOST_VALIDATION_ROWS = 1_000, 1_000

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


def usual_test_rows(rows: int) -> int:
    """How many of so many rows the split takes for the test, where none is given."""
    return min(MOST_TEST_ROWS, max(1, round(TEST_SHARE * rows)))


def usual_validation_rows(rest: int, share: float = VALIDATION_SHARE) -> int:
    """How many of the rows beside the test the split takes for validation."""
    return min(MOST_VALIDATION_ROWS, max(1, round(share * rest)))


def fewest_rows() -> int:
    """The smallest file from which a pilot can take a test, a validation and enough rows to train on."""
    return next(rows for rows in itertools.count(limits.FEWEST_SPLIT_ROWS) if _trains(rows))


def _trains(rows: int) -> bool:
    rest = rows - usual_test_rows(rows)
    return rest - usual_validation_rows(rest) >= limits.FEWEST_TRAIN_ROWS


def too_few(rows: int) -> tuple[str, str]:
    """What is wrong with so few rows and what to do: said alike by the checks and by the split."""
    what = "1 row" if rows == 1 else f"{rows:,} rows"
    return (
        f"{what} cannot be split into training, validation and test, so no pilot can be run.",
        f"At least {fewest_rows()} are needed, better some hundred.",
    )


def shows(test_rows: int) -> str:
    """What a test of so many rows shows, in the one wording every place uses."""
    points = difference_for_rows(test_rows)
    return f"shows differences of {points:.0f} points and more" if points < 100 else "shows no difference"


def sentence(test_rows: int) -> str:
    """What a test of so many rows shows, and how many the difference that matters would need."""
    needed = rows_for_difference(MATTERS_POINTS)
    enough = "enough for" if test_rows >= needed else f"{needed:,} would be needed for"
    return f"A test of {test_rows:,} rows {shows(test_rows)}: {enough} a difference of {MATTERS_POINTS:g} points."


def difference_for_rows(rows: int, base: float = 0.8) -> float:
    """The smallest difference in points that so many test rows would show; 100 when none would."""
    low, high = 0.0, 100.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if rows_for_difference(middle, base) <= rows else (middle, high)
    return high
