"""What a pilot's rows can show: intervals, paired differences, corrections, rows needed. Chance comes in as `rng`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

LEVEL = 0.95
ALPHA = 0.05
POWER = 0.8
RESAMPLES = 4_000  # the ends of a 95 % interval then move by about 0.1 of its half-width between seeds

Scores = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and the range that holds the truth in 95 of 100 such experiments; `sd` is its standard error."""

    value: float
    low: float
    high: float
    sd: float

    def wider(self, sd: float, bounds: tuple[float, float]) -> Interval:
        """The same with one more independent source of chance; never beyond `bounds`."""
        half = z(LEVEL) * sd
        low = self.value - math.hypot(self.value - self.low, half)
        high = self.value + math.hypot(self.high - self.value, half)
        return Interval(self.value, max(bounds[0], low), min(bounds[1], high), math.hypot(self.sd, sd))


def z(level: float) -> float:
    """Half-width of a two-sided interval in standard errors."""
    return float(stats.norm.ppf(0.5 + level / 2))


def binary(scores: Sequence[float] | Scores) -> bool:
    """Whether every score is right or wrong."""
    return bool(np.isin(np.asarray(scores, dtype=float), (0.0, 1.0)).all())


def wilson(right: int, n: int) -> Interval:
    """The share of right answers (Wilson 1927): honest for few rows and near 0 and 1."""
    if n == 0:
        return Interval(float("nan"), 0.0, 1.0, float("nan"))
    share, squared = right / n, z(LEVEL) ** 2
    middle = (share + squared / (2 * n)) / (1 + squared / n)
    half = z(LEVEL) * math.sqrt(share * (1 - share) / n + squared / (4 * n * n)) / (1 + squared / n)
    sd = math.sqrt(max(share * (1 - share), 0.25 / n) / n)
    return Interval(share, min(share, middle - half), max(share, middle + half), sd)


def preferred(a: int, b: int) -> tuple[Interval, float]:
    """The share of pairs in which `a` was preferred: exact interval (Clopper and Pearson 1934), exact two-sided p."""
    n = a + b
    if n == 0:
        return Interval(float("nan"), 0.0, 1.0, float("nan")), 1.0
    tested = stats.binomtest(a, n, 0.5)
    ends = tested.proportion_ci(LEVEL, method="exact")
    sd = math.sqrt(max(a * b / n**2, 0.25 / n) / n)
    return Interval(a / n, float(ends.low), float(ends.high), sd), float(tested.pvalue)


def chance_preferred(a: int, b: int) -> float:
    """The chance that more than half of all pairs would go to `a`, before anything else is known (flat prior)."""
    return float(stats.beta.sf(0.5, a + 1, b + 1))


def bootstrap_mean(scores: Scores, rng: np.random.Generator) -> Interval:
    """The mean score per row, by resampling rows; bias-corrected and accelerated (Efron 1987)."""
    n = len(scores)
    drawn = scores[rng.integers(0, n, (RESAMPLES, n))].mean(axis=1)
    left_out = (scores.sum() - scores) / max(1, n - 1)
    return _bca(float(scores.mean()), drawn, left_out)


def _bca(value: float, drawn: Scores, left_out: Scores) -> Interval:
    sd = float(drawn.std(ddof=1))
    if sd < 1e-12:  # every resample says the same: these rows cannot tell how sure they are
        return Interval(value, value, value, 0.0)
    below = (np.sum(drawn < value) + 0.5 * np.sum(drawn == value)) / len(drawn)
    bias = stats.norm.ppf(np.clip(below, 1 / len(drawn), 1 - 1 / len(drawn)))
    lean = left_out.mean() - left_out
    spread = float(np.sum(lean**2)) ** 1.5
    acceleration = float(np.sum(lean**3)) / (6 * spread) if spread > 1e-300 else 0.0
    ends = []
    for side in (0.5 - LEVEL / 2, 0.5 + LEVEL / 2):
        reach = bias + stats.norm.ppf(side)
        ends.append(float(stats.norm.cdf(bias + reach / (1 - acceleration * reach))))
    low, high = np.quantile(drawn, ends)
    return Interval(value, float(min(low, value)), float(max(high, value)), sd)


def paired_binary(a: Scores, b: Scores) -> tuple[Interval, float]:
    """A − b on the same rows: the interval of Agresti and Min (2005), the p-value of the exact McNemar test."""
    n = len(a)
    a_only, b_only = int(np.sum(a > b)), int(np.sum(b > a))
    tests = stats.binomtest(min(a_only, b_only), a_only + b_only, 0.5).pvalue if a_only + b_only else 1.0
    shrunk = (a_only - b_only) / (n + 2)  # half a row added to each of the four cells
    sd = math.sqrt(((a_only + b_only + 1) / (n + 2) - shrunk**2) / (n + 2))
    value = (a_only - b_only) / n
    low, high = shrunk - z(LEVEL) * sd, shrunk + z(LEVEL) * sd
    return agreeing(Interval(value, max(-1.0, min(low, value)), min(1.0, max(high, value)), sd), float(tests))


def paired_mean(a: Scores, b: Scores, rng: np.random.Generator) -> tuple[Interval, float]:
    """A − b of mean scores on the same rows: BCa bootstrap, and the p-value of flipping signs of the differences."""
    difference = a - b
    interval = bootstrap_mean(difference, rng)
    signs = rng.choice((-1.0, 1.0), (RESAMPLES, len(difference)))
    flipped = np.abs((signs * difference).mean(axis=1))
    p_value = (1 + np.sum(flipped >= abs(difference.mean()) - 1e-12)) / (1 + RESAMPLES)
    return agreeing(interval, float(p_value))


def agreeing(difference: Interval, p_value: float) -> tuple[Interval, float]:
    """The range holds 0 wherever the test, which is exact or nearly so, does not rule it out: no two answers."""
    if p_value < ALPHA:
        return difference, p_value
    return replace(difference, low=min(difference.low, 0.0), high=max(difference.high, 0.0)), p_value


def implied_p(difference: Interval) -> float:
    """The p-value of a 95 % range: below 0.05 exactly where the range leaves 0 out."""
    near = difference.low if difference.value > 0 else difference.high
    if difference.value == near:
        return 0.0 if difference.value else 1.0
    return float(2 * stats.norm.sf(z(LEVEL) * difference.value / (difference.value - near)))


@dataclass(frozen=True, slots=True)
class Resampled:
    """One number computed on all rows, on resamples of them, and leaving one row out each time."""

    value: float
    drawn: Scores
    left_out: Scores


def resampled(n: int, statistic: Callable[[Index], float], resamples: Index) -> Resampled:
    """A number that is no mean of rows (F1, MCC); the same `resamples` for two arms make them a pair."""
    everything = np.arange(n)
    return Resampled(
        statistic(everything),
        np.array([statistic(rows) for rows in resamples]),
        np.array([statistic(np.delete(everything, i)) for i in range(n)]),
    )


def of_resampled(one: Resampled) -> Interval:
    """Bias-corrected and accelerated interval of such a number."""
    return _bca(one.value, one.drawn, one.left_out)


def paired_resampled(a: Resampled, b: Resampled) -> tuple[Interval, float]:
    """A − b on the same resamples; p-value: that of the difference over its resampled spread (normal)."""
    interval = _bca(a.value - b.value, a.drawn - b.drawn, a.left_out - b.left_out)
    if interval.sd == 0:
        return interval, 1.0 if interval.value == 0 else 0.0
    return agreeing(interval, float(2 * stats.norm.sf(abs(interval.value) / interval.sd)))


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values corrected for how many there are (Holm 1979), in the order given."""
    m, running = len(p_values), 0.0
    adjusted = [0.0] * m
    for rank, i in enumerate(sorted(range(m), key=lambda i: p_values[i])):
        running = max(running, min(1.0, (m - rank) * p_values[i]))
        adjusted[i] = running
    return adjusted


def rows_needed(difference: float, sd_per_row: float) -> int | None:
    """Paired rows that show a difference of this size four times in five; None when there is nothing to show.

    `sd_per_row` is the spread of the per-row differences. Solves difference = (z_0.975 + z_0.8) sd / √n + 1/n for n:
    the normal approximation with the continuity correction that the exact test needs (one row less of difference).
    """
    if difference == 0:
        return None
    wide, gap = _reach() * sd_per_row, abs(difference)
    return max(1, math.ceil(((wide + math.sqrt(wide**2 + 4 * gap)) / (2 * gap)) ** 2))


def smallest_showable(n: int, sd_per_row: float) -> float:
    """The true difference that n paired rows show four times in five: (z_0.975 + z_0.8) sd / √n + 1/n."""
    return _reach() * sd_per_row / math.sqrt(n) + 1 / n


def _reach() -> float:
    """Standard errors between no difference and one that is found with `POWER` at `LEVEL`."""
    return z(LEVEL) + float(stats.norm.ppf(POWER))


def chance_better(difference: Interval) -> float:
    """The chance that the true difference is above 0, before anything else is known (flat prior, normal)."""
    if difference.sd == 0:
        return 0.5 if difference.value == 0 else float(difference.value > 0)
    return float(stats.norm.cdf(difference.value / difference.sd))


SEED_SD = 0.055  # seeds differ by 4.4 to 7.3 points at 2 to 64 examples a label (SetFit's raw runs, RoBERTa-large)
SMALL_PER_LABEL = 64
SMALL_OTHERWISE = 512  # assumption: without labels, "small" ends where 8 labels × 64 would
SEEDS_ENOUGH = 3


def seed_sd(scores: Sequence[float], n_train: int, n_labels: int) -> float:
    """The standard error that the choice of seeds leaves in the mean of these runs.

    With three seeds or more it is measured. With fewer the published spread stands in, falling with the root of the
    size beyond the sizes it was measured at (assumption:).
    """
    if len(scores) >= SEEDS_ENOUGH:
        return float(np.std(scores, ddof=1) / math.sqrt(len(scores)))
    small = SMALL_PER_LABEL * n_labels if n_labels else SMALL_OTHERWISE
    return SEED_SD * math.sqrt(min(1.0, small / max(1, n_train))) / math.sqrt(max(1, len(scores)))
