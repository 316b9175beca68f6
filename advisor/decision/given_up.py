"""What the named way gives up: another is expected to score far higher, and what stands in the way of that one."""

from __future__ import annotations

import numpy as np

from advisor.decision.candidate import Candidate
from advisor.decision.currency import Currency
from advisor.decision.simulate import Outcome
from advisor.decision.words import missed, place_words, short_words
from advisor.vocabulary import TaskProfile

FAR_HIGHER = 0.10  # assumption: ten points of score are worth a sentence to whoever reads the answer
HARDLY_KEPT = 0.05  # a way that keeps the limits in no future still counts this much: its limits might be moved
AS_GOOD = 0.8  # of the ways that gain about as much, the one of least regret is named
WORTH_SAYING = 0.02  # a limit missed hardly more often than by the named way is no reason to prefer that one


def given_up(outcome: Outcome, row: int, profile: TaskProfile) -> str:
    """A sentence or two where a way that no fact rules out is expected to score far higher; empty where none is."""
    own = _middle(outcome.candidates[row])
    gains = {
        r: (_middle(c) - own) * (float(outcome.alive[r].mean()) + HARDLY_KEPT)
        for r, c in enumerate(outcome.candidates)
        if not c.blocked and _middle(c) - own >= FAR_HIGHER
    }
    if not gains:
        return ""
    near = [r for r, gain in gains.items() if gain >= AS_GOOD * max(gains.values())]
    other = min(near, key=lambda r: (outcome.regret[r], outcome.candidates[r].id))
    candidate = outcome.candidates[other]
    what = f"{short_words(candidate.plan)}, {place_words(candidate.plan.option.place, profile.serve_on)}"
    expected = f"A score of only about {own:.2f} is to be expected of this way, but {_middle(candidate):.2f} of {what}."
    own_risks = {b.limit: b.share for b in outcome.blocked[row]}
    against = [missed(b) for b in outcome.blocked[other] if b.share - own_risks.get(b.limit, 0.0) >= WORTH_SAYING]
    if against:
        return f"{expected} In the way of that one: {'; '.join(against)}."
    money = Currency.of(profile)
    costs = [money.say(outcome.monthly_total[r]) for r in (other, row)]
    return (
        f"{expected} That one costs about {costs[0]} a month, building included, against {costs[1]}, and as you weigh "
        "the concerns it comes out behind. Let quality weigh more if it matters more."
    )


def _middle(candidate: Candidate) -> float:
    """Its median score; nan where it cannot do the task, which is never higher than anything."""
    quality = candidate.draws["quality"]
    return float("nan") if np.isnan(quality).all() else float(np.nanmedian(quality))
