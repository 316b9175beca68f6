"""The options no other beats on quality, cost and speed at once."""

from __future__ import annotations

import numpy as np

from advisor.decision.simulate import Outcome
from advisor.vocabulary import Draws


def pareto(outcome: Outcome) -> tuple[bool, ...]:
    """Per option: it fits, and no option that fits is as good on all three and better on one.

    Typical quality (more is better), monthly cost with building spread over the horizon, and the time within which
    95 % are answered; a hosted model's unknown time counts as in the decision.
    """
    rows = [row for row, feasible in enumerate(outcome.feasible) if feasible]
    if not rows:
        return tuple(False for _ in outcome.candidates)
    points = np.array([_point(outcome, row) for row in rows])
    front = {row for row, point in zip(rows, points, strict=True) if not _beaten(point, points)}
    return tuple(row in front for row in range(len(outcome.candidates)))


def _point(outcome: Outcome, row: int) -> tuple[float, float, float]:
    """Smaller is better in all three."""
    draws = outcome.candidates[row].draws
    slow = draws["waiting_p95_ms"]
    wait = np.inf if np.isnan(slow).all() else float(np.nanmedian(slow))
    quality = draws["quality"]
    score = 0.0 if np.isnan(quality).all() else float(np.nanmedian(quality))
    return -score, outcome.monthly_total[row], wait


def _beaten(point: Draws, points: Draws) -> bool:
    as_good = (points <= point).all(axis=1)
    better = (points < point).any(axis=1)
    return bool((as_good & better).any())
