"""The published cases nearest to a task: what happened when somebody compared prompting and training on its like."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from advisor.vocabulary import PublishedResult, TaskProfile

MOST = 3
SAME_KIND = {
    "qa": "question_answering",
    "summarization": "summarisation",
    "multi_label_classification": "classification",
    "text_to_sql": "code",
}
# kinds whose cases say something about each other; all other pairs of kinds are as far as FAR_KIND
NEAR_KINDS = (
    {"generation", "summarisation"},
    {"question_answering", "reasoning", "chat"},
    {"extraction", "function_calling"},
)
# how far apart two cases are for each difference; assumption: kind first, then how well prompting does
FAR_KIND, NEAR_KIND = 3.0, 1.0
OTHER_DOMAIN, UNTOLD_DOMAIN = 0.6, 0.3
PER_PROMPTED, PER_TENFOLD_CLASSES, PER_TENFOLD_ROWS = 4.0, 1.0, 0.4
UNTOLD = 0.3  # of any difference that cannot be taken
SAME_SOURCE_AGAIN = 0.5  # so that one study does not fill the list


@dataclass(frozen=True, slots=True)
class Traits:
    """What two cases are compared by; None is not known."""

    task_type: str | None = None
    n_classes: float | None = None
    domain: str | None = None
    n_train: float | None = None
    prompted_score: float | None = None


def traits_of(profile: TaskProfile) -> Traits:
    """A team's answers as traits."""
    return Traits(
        profile.task_type, profile.n_classes, profile.domain, profile.labelled_examples, profile.prompted_score
    )


def nearest_cases(traits: Traits, pairs: Sequence[PublishedResult], most: int = MOST) -> tuple[PublishedResult, ...]:
    """The `most` nearest published cases, the nearest first; equal ones in the order of the table."""
    left = [(distance(traits, pair), number, pair) for number, pair in enumerate(pairs)]
    found: list[PublishedResult] = []
    while left and len(found) < most:
        sources = [pair.source for pair in found]
        best = min(left, key=lambda item: (item[0] + SAME_SOURCE_AGAIN * sources.count(item[2].source), item[1]))
        left.remove(best)
        found.append(best[2])
    return tuple(found)


def distance(traits: Traits, pair: PublishedResult) -> float:
    """How little a published case says about this one; 0 where every known trait is the same."""
    apart = 0.0 if traits.task_type is None else _kinds_apart(traits.task_type, pair.task_type)
    if traits.domain is None:
        apart += UNTOLD_DOMAIN
    elif traits.domain.lower() != pair.domain:
        apart += OTHER_DOMAIN
    if traits.prompted_score is not None:
        apart += PER_PROMPTED * abs(traits.prompted_score - pair.prompted_score)
    if _kind(traits.task_type) == _kind(pair.task_type) == "classification":
        apart += PER_TENFOLD_CLASSES * _tenfold(traits.n_classes, pair.n_classes)
    return apart + PER_TENFOLD_ROWS * _tenfold(traits.n_train, pair.n_train)


def _kind(task_type: str | None) -> str | None:
    return SAME_KIND.get(task_type or "", task_type)


def _kinds_apart(one: str, other: str) -> float:
    kinds = {_kind(one), _kind(other)}
    if len(kinds) == 1:
        return 0.0
    return NEAR_KIND if any(kinds <= near for near in NEAR_KINDS) else FAR_KIND


def _tenfold(one: float | None, other: float | None) -> float:
    if not one or not other:
        return UNTOLD
    return abs(math.log10(one / other))
