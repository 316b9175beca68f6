"""Chances that are about quality only."""

from __future__ import annotations

import numpy as np

from advisor.decision.candidate import Candidate
from advisor.decision.simulate import Outcome
from advisor.decision.words import WAYS, percent, short_words

NOT_OFFERED = "hosted_tuning"  # nobody sells it, so it is compared with nothing


def chance_tuning_wins(outcome: Outcome) -> float:
    """The chance that the best tuned option scores higher than the best affordable prompt; quality only."""
    tuned, prompted = leaders_on_quality(outcome)
    if tuned is None or prompted is None:
        return 0.0 if tuned is None else 1.0
    return float(np.mean(tuned.draws["quality"] > prompted.draws["quality"]))


def quality_alone(outcome: Outcome) -> str:
    """The same in words: which two are compared, and whether they stay within the limits."""
    tuned, prompted = leaders_on_quality(outcome)
    if tuned is None or prompted is None:
        return ""
    fits = {c.id for row, c in enumerate(outcome.candidates) if outcome.feasible[row]}
    out = [WAYS[c.family] for c in (tuned, prompted) if c.id not in fits]
    which = "the best training and the best prompt within the limits"
    if out:
        which = f"no way of {' and none of '.join(out)} stays within the limits, so the best beyond them is compared"
    return (
        f"On quality alone {short_words(tuned.plan)} scores higher than {short_words(prompted.plan)} in "
        f"{percent(chance_tuning_wins(outcome))} of the cases ({which})."
    )


def leaders_on_quality(outcome: Outcome) -> tuple[Candidate | None, Candidate | None]:
    """The tuned and the prompted option that are compared."""
    return _best_quality(outcome, "tuning"), _best_quality(outcome, "prompting")


def _best_quality(outcome: Outcome, family: str) -> Candidate | None:
    """The option of this family with the highest mean quality; of those not ruled out, failing that of all."""
    own = [(r, c) for r, c in enumerate(outcome.candidates) if c.family == family]
    known = [(r, c) for r, c in own if not np.isnan(c.draws["quality"]).all()]
    offered = [(r, c) for r, c in known if not any(b.limit == NOT_OFFERED for b in c.blocked)]
    for rows in (
        [(r, c) for r, c in known if outcome.feasible[r]],
        [(r, c) for r, c in known if not c.blocked],
        offered,
    ):
        if rows:
            return max((c for _, c in rows), key=lambda c: float(np.nanmean(c.draws["quality"])))
    return None
