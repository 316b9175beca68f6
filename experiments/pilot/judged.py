"""The verdict where a person's preference decides, or stands beside the metric."""

from __future__ import annotations

import math
from typing import Any

from experiments import statistics
from experiments.dataset.wording import many
from experiments.pilot.comparing import Compared
from experiments.pilot.preference import FEWEST, Preference
from experiments.pilot.scores import ArmOutcome
from experiments.pilot.verdict import cheaper, cheaper_by

WORTH_SHOWING = 0.2  # assumption: 60 of 100 pairs against 40 is the least that would decide


def judged(verdict: dict[str, Any], primary: Compared, found: Preference, *, decides: bool) -> dict[str, Any]:
    """The verdict with what a person prefers; `decides`: it is the primary metric."""
    if not decides:
        return {**verdict, "text": f"{verdict['text']} {_said(found, primary)}"} if found.enough else verdict
    undecided = {"winner": None, "chance": None, "rows_needed": None, "smallest_difference_shown": None}
    if not found.enough:
        return {**verdict, **undecided, "text": _not_yet(found), "simpler": None}
    chosen = found.winner or _cheaper(primary).arm
    chance = statistics.chance_preferred(found.for_a, found.for_b)
    text = _said(found, primary)
    if found.winner is None:
        cheap = _cheaper(primary)
        by = cheaper_by(cheap, primary.b if cheap is primary.a else primary.a)
        text += f" That is no difference we can show, so take the cheaper one: {cheap.name}{by}."
    return {
        **verdict,
        **undecided,
        "text": text,
        "winner": chosen,
        "chance": round(chance if chosen == found.a else 1 - chance, 4),
        "rows_needed": pairs_needed(found),
        "simpler": None,
    }


def pairs_needed(found: Preference) -> int | None:
    """Decided pairs for a firm answer: that show this preference, or one of 60 to 40 where it is smaller."""
    ahead = abs(2 * found.share.value - 1) if found.for_a + found.for_b else 0.0
    size = max(ahead, WORTH_SHOWING)
    return statistics.rows_needed(size, math.sqrt(max(1 - size**2, 0.01)))


def _cheaper(primary: Compared) -> ArmOutcome:
    return cheaper(primary.a, primary.b)


def _said(found: Preference, primary: Compared) -> str:
    ahead, behind = (primary.a, primary.b) if found.for_a >= found.for_b else (primary.b, primary.a)
    most, least = max(found.for_a, found.for_b), min(found.for_a, found.for_b)
    share = statistics.preferred(most, least)[0]
    neither = f", {found.neither} without a preference" if found.neither else ""
    return (
        f"A person who did not know which was which preferred {ahead.name} to {behind.name} in {most} of "
        f"{many(most + least, 'pair')}{neither} ({share.value:.0%}, 95 % range {share.low:.0%} to {share.high:.0%})."
        if most
        else f"A person who did not know which was which saw no difference in {many(found.neither, 'pair')}."
    )


def _not_yet(found: Preference) -> str:
    if found.offered < FEWEST:
        return (
            f"No verdict: preference was to decide, and only "
            f"{many(found.offered, 'answer differs', 'answers differ')} between the two; {FEWEST} pairs are needed."
        )
    if found.done:
        judged_ones = many(found.judged, "pair was", "pairs were")
        return f"No verdict: only {judged_ones} judged before it was shown which is which."
    return (
        f"No verdict yet: preference decides. Judge at least {FEWEST} of {many(found.offered, 'pair')} on the "
        f"Results page ({many(found.judged, 'is', 'are')} judged)."
    )
