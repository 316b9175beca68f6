"""How fast hosted models answered the team: its typed times by the catalog's ids, and what is wrong with them."""

from __future__ import annotations

from advisor.catalog import find_model
from advisor.errors import InputError, TuneOrPromptError, UnknownName
from advisor.vocabulary import Facts, TaskProfile


def timed_models(profile: TaskProfile, facts: Facts) -> dict[str, float]:
    """Model id → ms within which 95 of 100 answers were complete; `UnknownName` for a name nobody knows."""
    return {find_model(timed.model, facts).id: timed.p95_ms for timed in profile.hosted_times or ()}


def wrong_times(profile: TaskProfile, facts: Facts) -> list[TuneOrPromptError]:
    """Every typed time that cannot be used: a name nobody knows, a model that is not hosted, one that stands twice."""
    wrong: list[TuneOrPromptError] = []
    seen: dict[str, str] = {}
    for timed in profile.hosted_times or ():
        try:
            card = find_model(timed.model, facts)
        except UnknownName as error:
            wrong.append(UnknownName(f"'hosted_times': {error.what[:1].lower()}{error.what[1:]}", error.mend))
            continue
        if not card.hosted:
            what = f"'hosted_times': {timed.model} is an open model, and how fast it is depends on where it runs."
            wrong.append(InputError(what, "Leave it out: a pilot measures it, and estimates are made for every place."))
        elif card.id in seen:
            what = f"'hosted_times': {seen[card.id]} and {timed.model} are one model ({card.id}), timed twice."
            wrong.append(InputError(what, "Keep one of the two."))
        seen.setdefault(card.id, timed.model)
    return wrong
