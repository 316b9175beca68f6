"""Which rows ask the same, and which nearly the same: found once, used by checks and by the split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.vocabulary import Example
from experiments.dataset import limits, near, normal

# a set of near copies larger than this is rows made from one template
TEMPLATE_ROWS, TEMPLATE_SHARE = 20, 0.1


@dataclass(frozen=True, slots=True)
class Copies:
    """Places of rows, from 0. `pairs` are (place, place, share of words) among the different inputs looked at."""

    equal: tuple[tuple[int, ...], ...]
    pairs: tuple[tuple[int, int, float], ...]
    near: tuple[tuple[int, ...], ...]
    templated: int
    looked_at: int
    different: int
    complete: bool

    def together(self, count: int) -> tuple[tuple[int, ...], ...]:
        """Sets of two and more rows that must not be parted."""
        sets = near.Sets(count)
        touched: set[int] = set()
        for members in (*self.equal, *self.near):
            touched.update(members)
            for member in members[1:]:
                sets.join(members[0], member)
        return tuple(tuple(group) for group in sets.groups(sorted(touched)))


def find(examples: Sequence[Example], *, every: bool = False) -> Copies:
    """Equal inputs among all rows; near copies among all different inputs, or a sample of very many."""
    equal, different = _equal(examples)
    places = different
    most = _most(examples, different)
    if len(different) > most and not every:
        places = [different[number * len(different) // most] for number in range(most)]
    found = near.find([normal.question(examples[place]) for place in places])
    largest = max(TEMPLATE_ROWS, round(TEMPLATE_SHARE * len(places)))
    groups, templated = near.clusters(len(places), found, largest)
    return Copies(
        equal=equal,
        pairs=tuple((places[a], places[b], share) for a, b, share in found.pairs),
        near=tuple(tuple(places[member] for member in members) for members in groups if len(members) > 1),
        templated=templated,
        looked_at=len(places),
        different=len(different),
        complete=found.complete,
    )


def _most(examples: Sequence[Example], different: Sequence[int]) -> int:
    """How many inputs are compared: fewer of a very large file, and fewer of long ones."""
    most = limits.SAMPLE_ROWS if len(different) <= limits.LARGE_ROWS else limits.LARGE_SAMPLE_ROWS
    characters = sum(min(len(examples[place].input), near.LOOK_AT_CHARACTERS) for place in different)
    return min(most, max(1, len(different) * limits.SAMPLE_CHARACTERS // max(1, characters)))


def _equal(examples: Sequence[Example]) -> tuple[tuple[tuple[int, ...], ...], list[int]]:
    """Sets of places with equal inputs, and the first place of each different input."""
    first: dict[int, int] = {}
    sets: dict[int, list[int]] = {}
    different: list[int] = []
    for place, example in enumerate(examples):
        key = hash(normal.question(example))
        seen = first.setdefault(key, place)
        if seen == place:
            different.append(place)
        else:
            sets.setdefault(seen, [seen]).append(place)
    return tuple(tuple(members) for members in sets.values()), different
