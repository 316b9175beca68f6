"""By hand where a hand can, by simulation with a fixed seed where it cannot."""

import math

import numpy as np
import pytest

from experiments import statistics
from experiments.statistics import Interval


def rng(seed: int = 7) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_wilson_by_hand() -> None:
    # 8 of 10, z = 1.96: (0.8 + 3.8416/20) / 1.38416 = 0.71672; 1.96 √(0.016 + 0.009604) / 1.38416 = 0.22657
    interval = statistics.wilson(8, 10)
    assert interval.value == 0.8
    assert interval.low == pytest.approx(0.4901, abs=2e-4)
    assert interval.high == pytest.approx(0.9433, abs=2e-4)
    assert statistics.wilson(0, 20).low == 0.0
    assert 0.1 < statistics.wilson(0, 20).high < 0.2  # 3.84/23.84 = 0.161: never a point


def test_mcnemar_by_hand() -> None:
    # a alone right 9 times, b alone once: 2 × (C(10,0) + C(10,1)) / 2^10 = 22/1024
    a = np.array([1.0] * 9 + [0.0] + [1.0] * 20)
    b = np.array([0.0] * 9 + [1.0] + [1.0] * 20)
    interval, p_value = statistics.paired_binary(a, b)
    assert p_value == pytest.approx(22 / 1024)
    assert interval.value == pytest.approx(8 / 30)
    # (9 − 1)/32 = 0.25; √((11/32 − 0.0625)/32) = 0.093750; 0.25 ± 1.96 × 0.09375
    assert (interval.low, interval.high) == pytest.approx((0.0663, 0.4337), abs=2e-4)


def test_equal_arms_are_not_certain_to_be_equal() -> None:
    same = np.ones(50)
    interval, p_value = statistics.paired_binary(same, same)
    assert (interval.value, p_value) == (0.0, 1.0)
    assert interval.low < -0.01 < 0.01 < interval.high


def test_the_range_never_claims_what_the_test_does_not() -> None:
    # 7 rows fixed, 1 broken of 70: p = 2 × (1 + 8)/256 = 0.070, while 8.33 ± 1.96 × 4.05 points leave out 0
    a = np.array([1.0] * 7 + [0.0] + [1.0] * 62)
    b = np.array([0.0] * 7 + [1.0] + [1.0] * 62)
    interval, p_value = statistics.paired_binary(a, b)
    assert p_value == pytest.approx(18 / 256)
    assert interval.low == 0.0 < interval.value


def test_holm_by_hand() -> None:
    # sorted .01 .02 .03 .2 → 4×.01, 3×.02, 2×.03, 1×.2, made monotone
    assert statistics.holm([0.03, 0.01, 0.2, 0.02]) == pytest.approx([0.06, 0.04, 0.2, 0.06])
    assert statistics.holm([0.9, 0.8]) == [1.0, 1.0]
    assert statistics.holm([]) == []


def test_rows_needed_and_the_smallest_difference_undo_each_other() -> None:
    # wide = (1.95996 + 0.84162) × 0.5 = 1.40079; ((1.40079 + √(1.96221 + 0.4)) / 0.2)² = 14.6887² = 215.8 → 216
    assert statistics.rows_needed(0.1, 0.5) == 216
    assert statistics.smallest_showable(216, 0.5) == pytest.approx(0.1, rel=0.01)
    assert statistics.rows_needed(0.0, 0.5) is None


def test_chance_is_that_of_the_normal() -> None:
    assert statistics.chance_better(Interval(0.1, 0, 0, 0.1)) == pytest.approx(0.8413, abs=1e-4)
    assert statistics.chance_better(Interval(0.0, 0, 0, 0.0)) == 0.5
    assert statistics.chance_better(Interval(-0.1, 0, 0, 0.0)) == 0.0


def test_few_seeds_widen_and_three_measure() -> None:
    # one run at 256 rows of 7 labels is "small" (448): 0.055; two runs: /√2
    assert statistics.seed_sd([0.9], 256, 7) == pytest.approx(0.055)
    assert statistics.seed_sd([0.9, 0.9], 256, 7) == pytest.approx(0.055 / math.sqrt(2))
    # 1,792 rows = 4 × 448 → half
    assert statistics.seed_sd([0.9], 1792, 7) == pytest.approx(0.0275)
    # sd of .90 .92 .94 is .02; /√3
    assert statistics.seed_sd([0.90, 0.92, 0.94], 256, 7) == pytest.approx(0.02 / math.sqrt(3))


def test_a_wider_interval_stays_in_its_bounds() -> None:
    wide = Interval(0.95, 0.9, 0.98, 0.02).wider(0.05, (0.0, 1.0))
    # 0.05² + (1.96 × 0.05)² = 0.0025 + 0.009604 → 0.11002 below; above it would pass 1
    assert wide.low == pytest.approx(0.95 - 0.11002, abs=1e-4)
    assert wide.high == 1.0
    assert wide.sd == pytest.approx(math.hypot(0.02, 0.05))


def test_the_bootstrap_of_a_mean_agrees_with_the_textbook() -> None:
    scores = rng(1).normal(0.6, 0.1, 200)
    interval = statistics.bootstrap_mean(scores, rng())
    half = 1.96 * scores.std(ddof=1) / math.sqrt(200)
    assert interval.low == pytest.approx(scores.mean() - half, abs=0.003)
    assert interval.high == pytest.approx(scores.mean() + half, abs=0.003)
    resamples = rng().integers(0, 200, (4000, 200))
    general = statistics.of_resampled(statistics.resampled(200, lambda rows: float(scores[rows].mean()), resamples))
    assert (general.low, general.high) == pytest.approx((interval.low, interval.high), abs=0.003)


def test_the_same_rng_gives_the_same_interval() -> None:
    scores = rng(2).random(50)
    assert statistics.bootstrap_mean(scores, rng()) == statistics.bootstrap_mean(scores, rng())


def test_constant_scores_give_a_point_and_no_warning() -> None:
    assert statistics.bootstrap_mean(np.full(20, 0.4), rng()).sd == 0.0


def test_a_planted_gap_is_found_and_no_gap_is_not() -> None:
    """300 rows, both right 60 %; found = p < 0.05. Exact McNemar stays at or below 5 %."""
    draws, trials = rng(11), 400
    false = power = covered = 0
    for _ in range(trials):
        base = draws.random(300)
        noise = draws.random(300) < 0.3
        a = (np.where(noise, draws.random(300), base) < 0.6).astype(float)
        b = (base < 0.6).astype(float)
        false += statistics.paired_binary(a, b)[1] < 0.05
        better = (np.where(noise, draws.random(300), base) < 0.72).astype(float)
        interval, p_value = statistics.paired_binary(better, b)
        power += p_value < 0.05
        covered += interval.low <= 0.12 <= interval.high
    assert false / trials <= 0.05
    assert power / trials > 0.85
    assert covered / trials > 0.92


def test_paired_scores_that_are_no_yes_or_no() -> None:
    draws, trials = rng(5), 60
    false = 0
    for _ in range(trials):
        a, b = draws.beta(2, 2, 80), draws.beta(2, 2, 80)
        false += statistics.paired_mean(a, b, draws)[1] < 0.05
    assert false <= 8  # 5 % of 60 is 3; 8 or more has a chance of 1 %
    interval, p_value = statistics.paired_mean(np.full(40, 0.8) + draws.normal(0, 0.1, 40), np.full(40, 0.6), draws)
    assert p_value < 0.01
    assert interval.low > 0.1


def test_a_number_that_is_no_mean() -> None:
    truth = np.array([0, 1] * 40)
    a, b = truth.copy(), truth.copy()
    b[:20] = 1 - b[:20]

    resamples = rng().integers(0, 80, (1000, 80))
    first = statistics.resampled(80, lambda rows: float((a[rows] == truth[rows]).mean()), resamples)
    second = statistics.resampled(80, lambda rows: float((b[rows] == truth[rows]).mean()), resamples)
    interval, p_value = statistics.paired_resampled(first, second)
    assert interval.value == 0.25
    assert p_value < 0.01
    assert 0.1 < interval.low < 0.25 < interval.high < 0.4
    nothing, certain = statistics.paired_resampled(first, first)
    assert (nothing.value, certain) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("low", "high", "least", "most"), [(-0.06, 0.17, 0.05, 1.0), (0.01, 0.1, 0.0, 0.05), (0.0, 0.1, 0.05, 0.0501)]
)
def test_the_p_value_of_a_range_and_the_range_say_the_same(low: float, high: float, least: float, most: float) -> None:
    for sign in (1, -1):
        ends = sorted((sign * low, sign * high))
        found = statistics.implied_p(Interval(sign * 0.055, ends[0], ends[1], 0.03))
        assert least - 1e-9 <= found <= most
