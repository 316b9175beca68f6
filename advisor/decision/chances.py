"""Chances that are about quality only."""

from __future__ import annotations

import numpy as np

from advisor.decision.simulate import Outcome
from advisor.vocabulary import Draws


def chance_tuning_wins(outcome: Outcome) -> float:
    """The chance that the best tuned option scores higher than the best affordable prompt; quality only."""
    sides = [_best_quality(outcome, family) for family in ("tuning", "prompting")]
    if sides[0] is None or sides[1] is None:
        return 0.0 if sides[0] is None else 1.0
    return float(np.mean(sides[0] > sides[1]))


def _best_quality(outcome: Outcome, family: str) -> Draws | None:
    """Quality of the option of this family with the highest mean; of those not ruled out, failing that of all."""
    own = [(r, c) for r, c in enumerate(outcome.candidates) if c.family == family]
    known = [(r, c) for r, c in own if not np.isnan(c.draws["quality"]).all()]
    for rows in ([(r, c) for r, c in known if outcome.feasible[r]], [(r, c) for r, c in known if not c.blocked], known):
        if rows:
            return max((c.draws["quality"] for _, c in rows), key=lambda q: float(np.nanmean(q)))
    return None
