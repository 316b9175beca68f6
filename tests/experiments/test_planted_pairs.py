"""2,000 planted pairs each, seeds fixed in advance: what the statistics promise is what they do.

Limits come from the simulation itself: a share p over 2,000 trials lies within p ± 1.96 √(p (1 − p) / 2,000).
"""

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from experiments import statistics
from experiments.statistics import Scores

TRIALS = 2_000
GAP = 0.08  # points of accuracy a pilot is asked to show

Pair = tuple[Scores, Scores]


def within(share: float, side: int) -> float:
    """The end of the simulation's own 95 % interval around a promised share, `side` below (−1) or above (1)."""
    return share + side * 1.96 * math.sqrt(share * (1 - share) / TRIALS)


def right_or_wrong(rng: np.random.Generator, n: int, gap: float, apart: float) -> Iterator[Pair]:
    """Two arms that disagree on a share `apart` of the rows; a is right on (apart + gap) / 2 of all rows alone."""
    for _ in range(TRIALS):
        drawn = rng.random(n)
        a_only, b_only = drawn < (apart + gap) / 2, (drawn >= (apart + gap) / 2) & (drawn < apart)
        both = drawn > apart + (1 - apart) * 0.3
        yield (a_only | both).astype(float), (b_only | both).astype(float)


def graded(rng: np.random.Generator, n: int, gap: float) -> Iterator[Pair]:
    """Scores between 0 and 1, as chrF or F1 gives them, alike from row to row and skewed."""
    for _ in range(TRIALS):
        row = rng.beta(4, 2, n)
        yield np.clip(row + gap + 0.2 * (rng.beta(2, 4, n) - 1 / 3), -1, 2), row


def shares(pairs: Iterator[Pair], compare: Callable[[Scores, Scores], tuple[statistics.Interval, float]],
           truth: float) -> tuple[float, float]:  # fmt: skip
    """How often a difference is shown, and how often the range holds the truth."""
    shown = covered = 0
    for a, b in pairs:
        interval, p_value = compare(a, b)
        shown += p_value < statistics.ALPHA and not interval.low <= 0 <= interval.high
        covered += interval.low <= truth <= interval.high
    return shown / TRIALS, covered / TRIALS


@pytest.mark.parametrize("apart", [0.1, 0.2, 0.35])
def test_equal_arms_are_called_equal(apart: float) -> None:
    pairs = right_or_wrong(np.random.default_rng(20261125), 200, 0.0, apart)
    shown, covered = shares(pairs, statistics.paired_binary, 0.0)
    assert 1 - shown >= within(0.95, -1)
    assert covered >= within(0.95, -1)


@pytest.mark.parametrize("apart", [0.12, 0.2, 0.35])
def test_the_rows_said_to_be_needed_find_the_gap_with_the_promised_power(apart: float) -> None:
    sd = math.sqrt(apart - GAP**2)
    n = statistics.rows_needed(GAP, sd) or 0
    assert statistics.smallest_showable(n, sd) == pytest.approx(GAP, rel=0.02)
    shown, covered = shares(right_or_wrong(np.random.default_rng(8), n, GAP, apart), statistics.paired_binary, GAP)
    assert within(0.8, -1) <= shown <= 0.88
    assert within(0.95, -1) <= covered


def test_the_luck_of_one_seed_is_not_called_a_difference() -> None:
    """Arm a is trained once; its seed moves its true accuracy by the published spread around that of b."""
    rng = np.random.default_rng(5)
    sd, n, called, covered = statistics.seed_sd([0.7], 128, 7), 200, 0, 0
    for _ in range(TRIALS):
        lucky = float(np.clip(0.7 + sd * rng.standard_normal(), 0.05, 0.95))
        a, b = (rng.random(n) < lucky).astype(float), (rng.random(n) < 0.7).astype(float)
        interval, p_value = statistics.paired_binary(a, b)
        wider = interval.wider(sd, (-1.0, 1.0))
        called += p_value < statistics.ALPHA and not wider.low <= 0 <= wider.high
        covered += wider.low <= 0 <= wider.high
    assert 1 - called / TRIALS >= within(0.95, -1)
    assert covered / TRIALS >= within(0.95, -1)


@pytest.mark.slow
@pytest.mark.parametrize("gap", [0.0, 0.03])
def test_graded_scores_too(gap: float) -> None:
    chance, rng, n = np.random.default_rng(3), np.random.default_rng(4), 100
    sd = 0.2 * math.sqrt(2 * 4 / (36 * 7))  # of a Beta(2, 4): ab / ((a + b)² (a + b + 1))

    def compare(a: Scores, b: Scores) -> tuple[statistics.Interval, float]:
        return statistics.paired_mean(a, b, chance)

    shown, covered = shares(graded(rng, n, gap), compare, gap)
    # a bootstrap of 100 skewed rows may miss its level by a point (DiCiccio & Efron 1996: second-order accurate)
    assert covered >= within(0.94, -1)
    promised = 0.05 if gap == 0 else 0.8
    assert (shown <= within(promised, 1)) if gap == 0 else (gap > statistics.smallest_showable(n, sd) and shown >= 0.8)
