"""What one rule did to a verdict: the same decision with the rule and without it, side by side."""

from __future__ import annotations

import numpy as np

from advisor.decision.simulate import Outcome
from advisor.decision.words import FAMILY, amount, percent, ways
from advisor.vocabulary import Draws, Reason, RuleEffect

UNIT_WORDS = {"upkeep_hours_per_month": "upkeep", "days_to_launch": "time until launch"}
NOTICEABLE = 0.005


def effect_of(reason: Reason, given: Outcome, without: Outcome, verdict_without: str | None) -> RuleEffect:
    """`given` and `without` hold the same options under the same random numbers."""
    family = _moved_family(given, without)
    chance, bare = (o.chance_by("family").get(family, 0.0) for o in (given, without))
    points = _points(reason, given, without)
    text = _text(reason, (family, chance, bare), points, verdict_without) + _against_itself(reason, given, without)
    return RuleEffect(family, chance, bare, text, points, verdict_without)


def _moved_family(given: Outcome, without: Outcome) -> str:
    """The family whose chance the rule moved most; the likeliest where it moved none."""
    now, bare = given.chance_by("family"), without.chance_by("family")
    families = sorted({*now, *bare}, key=lambda f: (-abs(now.get(f, 0.0) - bare.get(f, 0.0)), -now.get(f, 0.0), f))
    return families[0] if families else "prompting"


def _points(reason: Reason, given: Outcome, without: Outcome) -> float | None:
    """Change of the typical quality of the best option the rule speaks about; None for a rule on anything else."""
    if reason.shift is None or reason.shift.estimate != "quality":
        return None
    before = {c.id: c.draws["quality"] for c in without.candidates}
    moved: list[tuple[float, float]] = []
    for candidate in given.candidates:
        option = candidate.plan.option
        named = {option.method, option.family} & set(reason.shift.methods)
        if named and candidate.id in before and not candidate.blocked:
            after, old = _typical(candidate.draws["quality"]), _typical(before[candidate.id])
            if after is not None and old is not None:
                moved.append((old, after - old))
    return max(moved)[1] if moved else None


def _against_itself(reason: Reason, given: Outcome, without: Outcome) -> str:
    """Where the chance of what a rule speaks for falls (or of what it speaks against rises): that, and why."""
    if reason.direction not in ("favours", "against"):
        return ""
    attribute = "family" if reason.method in FAMILY else "method"
    now, bare = (outcome.chance_by(attribute).get(reason.method, 0.0) for outcome in (given, without))
    moved = (now - bare) if reason.direction == "against" else (bare - now)
    if moved < NOTICEABLE:
        return ""
    what = ways((reason.method,))
    said = f"{what} is best in {percent(now)} of the cases instead of {percent(bare)}"
    speaks = "speaks against" if reason.direction == "against" else "speaks for"
    return f" This runs contrary to what it {speaks}: {said}. {_why_contrary(reason, (now, bare), given, without)}"


def _why_contrary(reason: Reason, shares: tuple[float, float], given: Outcome, without: Outcome) -> str:
    """Shares are of the cases in which something fits: with fewer of those a share may rise while its count falls."""
    fits, before = 1 - given.chance_nothing_fits, 1 - without.chance_nothing_fits
    now, bare = shares[0] * fits, shares[1] * before
    turned = (now - bare) if reason.direction == "against" else (bare - now)
    if turned < NOTICEABLE:
        return (
            f"The reason: something fits in {percent(fits)} of the cases instead of {percent(before)}, and the shares "
            f"are of those. Of all cases it is {percent(now)} instead of {percent(bare)}."
        )
    return (
        "The reason is an interaction: the rule moves single options, and what they win or lose goes to others of the "
        "same kind or is lost by its rivals as well."
    )


def _typical(draws: Draws) -> float | None:
    return None if np.isnan(draws).all() else float(np.nanmedian(draws))


def _text(reason: Reason, chances: tuple[str, float, float], points: float | None, verdict_without: str | None) -> str:
    """Direction and size in one sentence."""
    family, chance, bare = chances
    parts = []
    if points is not None:
        way = "raised" if points > 0 else "lowered"
        whom = ways(reason.shift.methods) if reason.shift else "options"
        size = f"about {amount(100 * abs(points))} points" if abs(points) >= NOTICEABLE else "under half a point"
        parts.append(f"{way} the expected quality of {whom} by {size}")
    elif reason.shift is not None:
        factor = float(np.exp(reason.shift.size))
        way = "raised" if factor > 1 else "lowered"
        what = UNIT_WORDS.get(reason.shift.estimate, reason.shift.estimate.replace("_", " "))
        parts.append(f"{way} the {what} of {ways(reason.shift.methods)} to {amount(factor)} times as much")
    elif reason.direction == "rules_out":
        parts.append(f"took {ways(reason.removes or (reason.method,))} out")
    if abs(chance - bare) >= NOTICEABLE:
        parts.append(f"{ways((family,))} is best in {percent(chance)} of the cases instead of {percent(bare)}")
    else:
        parts.append("the chances stay as they are")
    if verdict_without:
        parts.append(f"without it the answer would be: {verdict_without}")
    said = "; ".join(parts)
    return f"{said[0].upper()}{said[1:]}."
