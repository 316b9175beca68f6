"""What training reaches with more examples than a pilot used: three curves, weighed against its points.

Main curve: the rectified law err(n) = c + (e0 - c) / (1 + (n / n0)^b) (arXiv 2402.02314), its posterior by importance
sampling over prior draws; beside it logit(score) ~ log n and a power law. The middle is the mean of the three, the
spread is the law's own on the logit scale. `python -m benchmarks.advice` prints how far off it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from advisor.errors import InputError
from advisor.estimators.chance import expit, logit
from advisor.vocabulary import Draws, Estimate

SOURCE = "pilot's learning curve, extrapolated with the rectified scaling law, a logit-log and a power-law fit"
PRIOR_DRAWS = 20_000  # more than enough for 4 free numbers; the 80 % ends move by under 0.005 with three times as many
KEPT_DRAWS = 4_000
MISFIT_SD = 0.03  # of a score near 0.5, less near 0 and 1: so much published points, their ends too, stray from the law
# degrees of freedom: a whole size may stray (runs that fail together; LoRA on Banking77 stood still at 512)
STRAY = 4.0
# sd of one run of a score near 0.5, times n^-0.26: 7 points with 8 rows, 3 with 160, 1.2 with 8,000, as the 304 sds of
# published curves (SetFit's raw runs, arXiv 2405.00200) are on average
SEED_SD, SEED_POWER = 0.125, 0.26
# assumption: of what a size strays from the law, one twice as large or half as large shares 1/e, about a third
SHARED_OVER = float(np.log(2.0))
SMALLEST_VARIANCE = 0.03  # of q (1 - q): a score at 0.97 or at 0.03 is no surer than this
NARROWER = 0.6  # three curves together err less than the law alone: its own 80 % bands covered 95 % of published ends
MOST_LEFT, LEFT_A, LEFT_B = 0.9, 1.2, 5.0  # error left after endless examples: 0.9 × beta(1.2, 5), extrapolation.md
HALF_WAY_N, HALF_WAY_CLASSES, CLASS_POWER = 150.0, 4.0, 0.6  # more labels, later rise; LoRA's break-evens: 0.85
INFORMED_SHARE = 0.4  # assumption: this share of the prior's draws takes the end that traits expect, the rest any
FALLING_SDS = 1.5  # assumption: a fall of so many sd is more than seeds and test rows explain
FARTHEST = 16.0  # beyond this many times the largest size seen nothing was checked


@dataclass(frozen=True, slots=True)
class Point:
    """One size of a pilot: examples trained on, mean score 0..1, its standard error (None: taken from runs and rows).

    `n_test`: rows it was scored on; None leaves their chance out.
    """

    n: float
    score: float
    sd: float | None = None
    runs: int = 1
    n_test: float | None = None


@dataclass(frozen=True, slots=True)
class Extrapolated:
    """The score at the target size, as an 80 % range and as draws; `warnings` say when not to lean on it."""

    estimate: Estimate
    draws: Draws
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    """The points as columns: sizes, scores, the sd of each score, and how wide scores there are (1 near one half)."""

    n: Draws
    score: Draws
    spread: Draws
    room: Draws


def extrapolate(
    points: Sequence[Point],
    target_n: float,
    floor: float,
    rng: np.random.Generator,
    end: tuple[float, float] | None = None,
) -> Extrapolated:
    """The score at `target_n` examples, from one point or more; `floor` is what guessing reaches.

    `end`: what traits and a prompted score say about endless examples, as mean and sd of the logit.
    """
    if not points:
        raise InputError("A learning curve needs at least one point.", "Measure one training size.")
    if any(p.n <= 0 or not 0 <= p.score <= 1 for p in points) or target_n <= 0:
        raise InputError("A learning curve needs sizes above 0 and scores from 0 to 1.", "Check the pilot's points.")
    seen = _columns(points)
    rectified = _rectified(seen, floor, (rng, end))
    others = [f for f, sizes in ((_logit_log, 2), (_power_law, 3)) if len(set(seen.n)) >= sizes]

    def middle_at(size: float) -> float:
        return (sum(f(seen, size) for f in others) + float(np.median(rectified(size)))) / (1 + len(others))

    on_curve = middle_at(target_n)
    off, off_sd = _off_the_curve(seen, np.array([middle_at(float(n)) for n in seen.n]), (target_n, on_curve))
    middle = float(np.clip(on_curve + off, 0.0, 1.0))
    beyond = max(1.0, target_n / (FARTHEST * float(seen.n.max()))) ** 0.25
    law = logit(rectified(target_n))
    z = logit(middle) + NARROWER * beyond * (law - np.median(law))
    end_sd = off_sd / max(middle * (1 - middle), 0.02)
    kept = np.maximum(expit(z + end_sd * rng.standard_normal(len(z))), min(floor, float(seen.score.min())))
    low, value, high = (float(x) for x in np.quantile(kept, (0.1, 0.5, 0.9)))
    estimate = Estimate(value, low, high, "score", "estimated", SOURCE)
    return Extrapolated(estimate, kept, _warnings(seen, target_n))


def _columns(points: Sequence[Point]) -> _Seen:
    score = np.array([p.score for p in points], dtype=float)
    spread = np.array([_spread(p) for p in points])
    return _Seen(np.array([p.n for p in points], dtype=float), score, spread, _room(score))


def _room(score: Draws) -> Draws:
    """How much a score can vary: 1 at one half, less near 0 and 1."""
    return np.asarray(2 * np.sqrt(np.clip(score * (1 - score), SMALLEST_VARIANCE, 0.25)))


def _spread(point: Point) -> float:
    if point.sd is not None:
        return float(np.hypot(point.sd, 0.01))
    seeds = SEED_SD * point.n**-SEED_POWER * float(_room(np.array(point.score))) / np.sqrt(max(point.runs, 1))
    rows = max(point.score * (1 - point.score), SMALLEST_VARIANCE) / point.n_test if point.n_test else 0.0
    return float(np.sqrt(seeds**2 + rows))


def _off_the_curve(seen: _Seen, middles: Draws, target: tuple[float, float]) -> tuple[float, float]:
    """How far the score at the target lies off the curve, and the sd of that: at a size that was seen it is seen.

    A Gaussian process whose correlation falls with the distance of the sizes' logarithms; `middles` and `target`
    (size, score) stand on the curve.
    """
    target_n, on_curve = target
    sds, own = MISFIT_SD * _room(middles), MISFIT_SD * float(_room(np.array(on_curve)))
    logs = np.log(seen.n)
    shared = np.outer(sds, sds) * np.exp(-np.abs(logs[:, None] - logs) / SHARED_OVER)
    to_target = own * sds * np.exp(-np.abs(logs - np.log(target_n)) / SHARED_OVER)
    weights = np.linalg.solve(shared + np.diag(seen.spread**2), to_target)
    return float(weights @ (seen.score - middles)), float(np.sqrt(max(own**2 - weights @ to_target, 1e-8)))


def _rectified(
    seen: _Seen, floor: float, how: tuple[np.random.Generator, tuple[float, float] | None]
) -> Callable[[float], Draws]:
    """Posterior draws at any size; prior: n0 ~ 150 (sd 1.8 in log), b ~ 1 (0.45), c small (extrapolation.md)."""
    rng, end = how
    classes = 1 / floor if floor > 0 else HALF_WAY_CLASSES
    half_way = HALF_WAY_N * (classes / HALF_WAY_CLASSES) ** CLASS_POWER
    n0 = half_way * np.exp(1.8 * rng.standard_normal(PRIOR_DRAWS))
    power = np.exp(0.45 * rng.standard_normal(PRIOR_DRAWS))
    left = MOST_LEFT * rng.beta(LEFT_A, LEFT_B, PRIOR_DRAWS)
    if end is not None:
        expected = 1 - expit(end[0] + end[1] * rng.standard_normal(PRIOR_DRAWS))
        left = np.where(rng.random(PRIOR_DRAWS) < INFORMED_SHARE, expected, left)
    start = np.clip(1 - floor + 0.05 * rng.standard_normal(PRIOR_DRAWS), 0.05, 1.0)
    start = np.maximum(start, left)

    def curve(size: float) -> Draws:
        return np.asarray(1 - left - (start - left) / (1 + (size / n0) ** power))

    log_weight = np.zeros(PRIOR_DRAWS)
    for size, score, sd, room in zip(seen.n, seen.score, seen.spread, seen.room, strict=True):
        off = (curve(float(size)) - score) / np.hypot(sd, MISFIT_SD * room)
        log_weight -= (STRAY + 1) / 2 * np.log1p(off**2 / STRAY)
    weight = np.exp(log_weight - log_weight.max())
    cumulative = np.cumsum(weight / weight.sum())
    picked = np.searchsorted(cumulative, (np.arange(KEPT_DRAWS) + rng.random()) / KEPT_DRAWS).clip(max=PRIOR_DRAWS - 1)
    picked = rng.permutation(picked)
    left, start, n0, power = (each[picked] for each in (left, start, n0, power))
    return curve


def _logit_log(seen: _Seen, target_n: float) -> float:
    weight = 1 / np.hypot(seen.spread, MISFIT_SD)
    slope, level = np.polyfit(np.log(seen.n), logit(seen.score), 1, w=weight)
    if slope < 0:  # a curve that falls is read as one that stands still
        return float(expit(np.average(logit(seen.score), weights=weight**2)))
    return float(expit(level + slope * np.log(target_n)))


def _power_law(seen: _Seen, target_n: float) -> float:
    """The law err = c + a n^-b: least squares in a and c ≥ 0 on a grid of b."""
    best, reached = np.inf, float(seen.score[-1])
    weight, error = 1 / np.hypot(seen.spread, MISFIT_SD), 1 - seen.score
    for power in np.linspace(0.05, 1.2, 24):
        basis = seen.n**-power
        columns = np.stack([np.ones_like(basis), basis], axis=1) * weight[:, None]
        (rest, factor), *_ = np.linalg.lstsq(columns, error * weight, rcond=None)
        if rest < 0:
            rest, factor = 0.0, float(np.sum(weight**2 * basis * error) / np.sum((weight * basis) ** 2))
        if factor < 0:  # a curve that falls is read as one that stands still
            rest, factor = float(np.average(error, weights=weight**2)), 0.0
        loss = float(np.sum((weight * (rest + factor * basis - error)) ** 2))
        if loss < best:
            best, reached = loss, 1 - (rest + factor * target_n**-power)
    return float(np.clip(reached, 0.0, 1.0))


def _warnings(seen: _Seen, target_n: float) -> tuple[str, ...]:
    n, found = seen.n, []
    if target_n > FARTHEST * n.max():
        found.append(f"{target_n:,.0f} examples are more than {FARTHEST:.0f} times the largest size tried: very wide.")
    best, last = int(seen.score.argmax()), int(n.argmax())
    if n[last] > n[best] and seen.score[best] - seen.score[last] > FALLING_SDS * np.hypot(
        seen.spread[best], seen.spread[last]
    ):
        found.append(
            f"The score fell from {seen.score[best]:.2f} with {n[best]:,.0f} examples to {seen.score[last]:.2f} with "
            f"{n[last]:,.0f}: a training may have gone wrong, and every curve here assumes that it rises."
        )
    if len(set(n.tolist())) < 3:
        found.append("Fewer than three sizes: the curve's shape comes mostly from published curves.")
    return tuple(found)
