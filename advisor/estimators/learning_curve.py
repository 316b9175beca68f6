"""What training reaches with more examples than a pilot used: three curves, weighed against its points.

Main curve: the rectified law err(n) = c + (e0 - c) / (1 + (n / n0)^b) (arXiv 2402.02314), its posterior by importance
sampling over prior draws; beside it logit(score) ~ log n and a power law. On published curves of trained models the
mean of the three errs by 0.06 / 0.04 / 0.03 of the score from ≤ 64 / 256 / 1,024 examples at 7 to 9 times the size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from advisor.errors import InputError
from advisor.estimators.chance import expit, logit
from advisor.vocabulary import Draws, Estimate

SOURCE = "pilot's learning curve, extrapolated with the rectified scaling law, a logit-log and a power-law fit"
PRIOR_DRAWS = 20_000  # more than enough for 4 free numbers; the 80 % ends move by under 0.005 with three times as many
MISFIT_SD = 0.04  # extrapolation.md: published curves stray 0.03 to 0.05 from the law
SINGLE_SEED_SD = 0.055  # seeds differ by 4 to 7 points at small sizes (SetFit's raw runs)
# raw 80 % bands covered 97 % of the published ends (77 curves of 10 tasks): narrowed, less than those would allow
WIDEN = ((64.0, 0.85), (256.0, 0.75), (1024.0, 0.75))
FARTHEST = 16.0  # beyond this many times the largest size seen nothing was checked


@dataclass(frozen=True, slots=True)
class Point:
    """One size of a pilot: examples trained on, mean score 0..1, its standard error (None: taken from `runs`)."""

    n: float
    score: float
    sd: float | None = None
    runs: int = 1


@dataclass(frozen=True, slots=True)
class Extrapolated:
    """The score at the target size, as an 80 % range and as draws; `warnings` say when not to lean on it."""

    estimate: Estimate
    draws: Draws
    warnings: tuple[str, ...] = ()


def extrapolate(points: Sequence[Point], target_n: float, floor: float, rng: np.random.Generator) -> Extrapolated:
    """The score at `target_n` examples, from one point or more; `floor` is what guessing reaches."""
    if not points:
        raise InputError("A learning curve needs at least one point.", "Measure one training size.")
    if any(p.n <= 0 or not 0 <= p.score <= 1 for p in points) or target_n <= 0:
        raise InputError("A learning curve needs sizes above 0 and scores from 0 to 1.", "Check the pilot's points.")
    n = np.array([p.n for p in points], dtype=float)
    score = np.array([p.score for p in points])
    spread = np.array([_spread(p) for p in points])
    draws = _rectified(n, score, spread, (target_n, floor), rng)
    others = [f(n, score, spread, target_n) for f in (_logit_log, _power_law) if len(set(n.tolist())) >= 3]
    middle = float(np.median(draws))
    shift = (sum(others) + middle) / (1 + len(others)) - middle
    widened = shift + middle + (draws - middle) * _widening(float(n.max()), target_n)
    kept = np.clip(widened, min(floor, float(score.min())), 1.0)
    low, value, high = (float(x) for x in np.quantile(kept, (0.1, 0.5, 0.9)))
    estimate = Estimate(value, low, high, "score", "estimated", SOURCE)
    return Extrapolated(estimate, kept, _warnings(n, target_n))


def _spread(point: Point) -> float:
    if point.sd is not None:
        return float(np.hypot(point.sd, 0.01))
    return float(SINGLE_SEED_SD / np.sqrt(max(point.runs, 1)))


def _rectified(n: Draws, score: Draws, spread: Draws, target: tuple[float, float], rng: np.random.Generator) -> Draws:
    """Posterior draws at the target; prior: n0 ~ 150 (sd 1.8 in log), b ~ 1 (0.45), c small (curves take off late)."""
    target_n, floor = target
    n0 = 150 * np.exp(1.8 * rng.standard_normal(PRIOR_DRAWS))
    power = np.exp(0.45 * rng.standard_normal(PRIOR_DRAWS))
    left = 0.9 * rng.beta(1.0, 7, PRIOR_DRAWS)
    start = np.clip(1 - floor + 0.05 * rng.standard_normal(PRIOR_DRAWS), 0.05, 1.0)
    start = np.maximum(start, left)

    def curve(size: float) -> Draws:
        return np.asarray(1 - left - (start - left) / (1 + (size / n0) ** power))

    log_weight = np.zeros(PRIOR_DRAWS)
    for size, seen, sd in zip(n, score, spread, strict=True):
        log_weight -= 0.5 * ((curve(float(size)) - seen) / np.hypot(sd, MISFIT_SD)) ** 2
    weight = np.exp(log_weight - log_weight.max())
    cumulative = np.cumsum(weight / weight.sum())
    picked = np.searchsorted(cumulative, (np.arange(4000) + rng.random()) / 4000).clip(max=PRIOR_DRAWS - 1)
    reached = curve(target_n)[picked] + MISFIT_SD * rng.standard_normal(4000)
    return np.asarray(rng.permutation(reached))


def _logit_log(n: Draws, score: Draws, spread: Draws, target_n: float) -> float:
    slope, level = np.polyfit(np.log(n), logit(score), 1, w=1 / np.hypot(spread, MISFIT_SD))
    return float(expit(level + max(slope, 0.0) * np.log(target_n)))


def _power_law(n: Draws, score: Draws, spread: Draws, target_n: float) -> float:
    """The law err = c + a n^-b: least squares in a and c ≥ 0 on a grid of b."""
    best, reached = np.inf, float(score[-1])
    weight = 1 / np.hypot(spread, MISFIT_SD)
    for power in np.linspace(0.05, 1.2, 24):
        basis = n**-power
        columns = np.stack([np.ones_like(n), basis], axis=1) * weight[:, None]
        (rest, factor), *_ = np.linalg.lstsq(columns, (1 - score) * weight, rcond=None)
        if rest < 0:
            rest, factor = 0.0, float(np.sum(weight**2 * basis * (1 - score)) / np.sum((weight * basis) ** 2))
        loss = float(np.sum((weight * (rest + factor * basis - (1 - score))) ** 2))
        if loss < best:
            best, reached = loss, 1 - (rest + max(factor, 0.0) * target_n**-power)
    return float(np.clip(reached, 0.0, 1.0))


def _widening(largest: float, target_n: float) -> float:
    """How much too narrow raw bands were at this largest size; nothing to widen where nothing is extrapolated."""
    if target_n <= largest:
        return 1.0
    sizes, factors = zip(*WIDEN, strict=True)
    factor: float = float(np.interp(np.log(largest), np.log(sizes), factors))
    beyond = float(max(1.0, target_n / (FARTHEST * largest)) ** 0.25)
    return 1.0 + (factor * beyond - 1.0) * min(1.0, float(np.log(target_n / largest) / np.log(4)))


def _warnings(n: Draws, target_n: float) -> tuple[str, ...]:
    found = []
    if target_n > FARTHEST * n.max():
        found.append(f"{target_n:,.0f} examples are more than {FARTHEST:.0f} times the largest size tried: very wide.")
    if len(set(n.tolist())) < 3:
        found.append("Fewer than three sizes: the curve's shape comes mostly from published curves.")
    return tuple(found)
