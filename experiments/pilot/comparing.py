"""Which arms are compared, and what the comparison shows. Choice on validation, test once, paired."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments import statistics
from experiments.pilot.scores import ArmOutcome, Scoring
from experiments.statistics import ALPHA, Interval

MOST_FAILED = 0.02  # more failed rows than this block a verdict (issue of the pilot: fairness)


@dataclass(frozen=True, slots=True)
class Compared:
    """A − b on the rows both answered. `p_adjusted` is corrected over the secondary pairs, never the primary one."""

    a: ArmOutcome
    b: ArmOutcome
    primary: bool
    difference: Interval
    sd_per_row: float
    n: int
    p_value: float
    p_adjusted: float

    @property
    def verdict(self) -> str:
        """`a`, `b`, or `no difference`: both the test and the interval (which knows about seeds) must agree."""
        if self.p_adjusted >= ALPHA or self.difference.low <= 0 <= self.difference.high:
            return "no difference"
        return "a" if self.difference.value > 0 else "b"

    @property
    def winner(self) -> ArmOutcome | None:
        return {"a": self.a, "b": self.b}.get(self.verdict)


def compare_all(outcomes: Sequence[ArmOutcome], scoring: Scoring) -> tuple[Compared, ...]:
    """The primary pair first, then all others, Holm-corrected among themselves."""
    pair = primary_pair(outcomes)
    others = [p for p in itertools.combinations(outcomes, 2) if pair is None or {p[0].arm, p[1].arm} != _arms(pair)]
    found = [compare(a, b, scoring) for a, b in others]
    adjusted = statistics.holm([c.p_value for c in found])
    secondary = [
        Compared(c.a, c.b, False, c.difference, c.sd_per_row, c.n, c.p_value, p)
        for c, p in zip(found, adjusted, strict=True)
    ]
    if pair is None:
        return tuple(secondary)
    first = compare(*pair, scoring)
    return (
        Compared(first.a, first.b, True, first.difference, first.sd_per_row, first.n, first.p_value, first.p_value),
        *secondary,
    )


def primary_pair(outcomes: Sequence[ArmOutcome]) -> tuple[ArmOutcome, ArmOutcome] | None:
    """The best tuned arm and the best prompting arm, both chosen on validation rows; None when one is missing."""
    best = [_best([o for o in outcomes if o.family == family]) for family in ("tuning", "prompting")]
    return (best[0], best[1]) if best[0] is not None and best[1] is not None else None


def _best(outcomes: Sequence[ArmOutcome]) -> ArmOutcome | None:
    return max(outcomes, key=lambda o: -1.0 if o.validation is None else o.validation, default=None)


def _arms(pair: tuple[ArmOutcome, ArmOutcome]) -> set[str]:
    return {pair[0].arm, pair[1].arm}


def compare(a: ArmOutcome, b: ArmOutcome, scoring: Scoring) -> Compared:
    """A − b, paired by row; seeds widen the interval."""
    both = ~(np.isnan(a.scores) | np.isnan(b.scores))
    first, second = a.scores[both], b.scores[both]
    n = len(first)
    if n == 0:
        return Compared(a, b, False, Interval(0.0, -1.0, 1.0, float("nan")), float("nan"), 0, 1.0, 1.0)
    if a.resampled is not None and b.resampled is not None:
        difference, p_value = statistics.paired_resampled(a.resampled, b.resampled)
    elif statistics.binary(first) and statistics.binary(second):
        difference, p_value = statistics.paired_binary(first, second)
    else:
        difference, p_value = statistics.paired_mean(first, second, scoring.rng)
    sd_per_row = max(float(np.std(first - second, ddof=1)) if n > 1 else 1.0, 1 / math.sqrt(n))
    seeds = math.hypot(a.seed_sd, b.seed_sd)
    wider = difference.wider(seeds, (-1.0, 1.0)) if seeds else difference
    p_value = max(p_value, statistics.implied_p(wider)) if seeds else p_value
    return Compared(a, b, False, wider, sd_per_row, n, p_value, p_value)


def too_many_failed(outcome: ArmOutcome) -> bool:
    """Whether an arm failed on so many rows that its score says little."""
    return outcome.failed_rows > MOST_FAILED * len(outcome.rows)
