"""What decision and report must say alike: a simulated chance, a limit that is missed, the nearest name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from advisor.vocabulary.advice import Blocked


def percent(share: float) -> str:
    """A chance with two digits at most, never 0 or 100 per cent of something that is not certain."""
    if share >= 0.995:
        return "over 99 %"
    if share < 0.005:
        return "under 1 %"
    return f"{100 * share:.0f} %"


def roughly(chance: float) -> str:
    """A chance that is simulated coarsely, to the next twentieth; small ones as they are."""
    return percent(chance) if chance < 0.075 or chance >= 0.975 else f"about {percent(round(20 * chance) / 20)}"


def missed(found: Blocked) -> str:
    """What stands in the way: a fact alone, a limit with how often it is missed."""
    text = (found.text or found.limit.replace("_", " ")).rstrip(".")
    return f"{text}, missed in {percent(found.share)} of the futures" if found.simulated else text


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """'Did you mean …?' for a word that is close to a known one, else nothing."""
    by_plain = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(word.casefold(), by_plain, n=1, cutoff=cutoff)
    return f"Did you mean '{by_plain[found[0]]}'?" if found else ""


def parts(source: str) -> list[str]:
    """A source may join several with semicolons; those inside brackets belong to one."""
    found, depth = [""], 0
    for place, sign in enumerate(source):
        depth += (sign == "(") - (sign == ")")
        if sign == ";" and depth <= 0 and source[place + 1 : place + 2] in (" ", ""):
            found.append("")
        else:
            found[-1] += sign
    return [part.strip() for part in found if part.strip()]
