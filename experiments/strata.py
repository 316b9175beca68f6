"""Rows in sets that stay together, dealt to the parts so that each label has the same share everywhere."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from advisor.vocabulary import Dataset
from experiments.dataset import copies, near, several_labels

PARTS = ("test", "validation", "train")


@dataclass(frozen=True, slots=True)
class Units:
    """Rows that stay together, and rows that stand alone."""

    sets: list[list[int]]
    alone: list[int]


def units_of(dataset: Dataset, places: Sequence[int]) -> Units:
    """Rows of one group, equal inputs and near copies joined; every other row stands alone."""
    examples = dataset.examples
    found = dataset.copies if dataset.copies is not None else copies.find(examples).together(len(examples))
    sets = near.Sets(len(examples))
    touched: set[int] = set()
    for members in found:
        touched.update(members)
        for member in members[1:]:
            sets.join(members[0], member)
    first: dict[str, int] = {}
    for place, example in enumerate(examples):
        if example.group is not None:
            touched.add(place)
            sets.join(first.setdefault(example.group, place), place)
    groups = sets.groups(place for place in places if place in touched)
    alone = [place for place in places if place not in touched]
    return Units([group for group in groups if len(group) > 1], alone + [g[0] for g in groups if len(g) == 1])


class _Needs:
    """How many rows of each label each part still wants."""

    def __init__(self, dataset: Dataset, units: Units, sizes: dict[str, int]) -> None:
        self._outputs = [example.output for example in dataset.examples]
        self._task = dataset.task_type
        self._known: dict[str, tuple[str, ...]] = {}
        places = [*units.alone, *(place for members in units.sets for place in members)]
        self.counts = Counter(label for place in places for label in self.labels(place))
        self.left = {part: float(sizes.get(part, 0)) for part in PARTS}
        self.left["train"] = len(places) - self.left["test"] - self.left["validation"]
        self.missing = {
            part: {label: self.left[part] / len(places) * count for label, count in self.counts.items()}
            for part in PARTS
        }
        self.chosen: dict[str, list[int]] = {part: [] for part in PARTS}

    def labels(self, place: int) -> tuple[str, ...]:
        """What must be spread evenly: the labels of a row; one and the same where answers are texts."""
        output = self._outputs[place]
        found = self._known.get(output)
        if found is None:
            found = self._known[output] = self._read(output)
        return found

    def _read(self, output: str) -> tuple[str, ...]:
        if self._task == "multi_label_classification":
            return tuple(several_labels.labels_of(output)) or ("",)
        return (output,) if self._task == "classification" else ("",)

    def rarest(self, places: Sequence[int]) -> str:
        """The label of these rows that fewest rows have."""
        return min({label for place in places for label in self.labels(place)}, key=lambda x: (self.counts[x], x))

    def place(self, members: Sequence[int], label: str) -> None:
        """A set goes where its rarest label is missing most, if it fits there."""
        size = len(members)
        fitting = [part for part in PARTS if size <= self.left[part] + 1] or ["train"]
        part = max(fitting, key=lambda name: (self.missing[name][label], self.left[name]))
        self.give(part, members)

    def give(self, part: str, members: Sequence[int]) -> None:
        """These rows are in this part."""
        self.chosen[part] += members
        self.left[part] -= len(members)
        missing = self.missing[part]
        for place in members:
            for label in self.labels(place):
                missing[label] -= 1


def stratified(dataset: Dataset, units: Units, sizes: dict[str, int], rng: random.Random) -> dict[str, list[int]]:
    """Rarest label first, sets before single rows (after Sechidis, Tsoumakas and Vlahavas, 2011)."""
    needs = _Needs(dataset, units, sizes)
    several = dataset.task_type == "multi_label_classification"
    sets = units.sets + ([[place] for place in units.alone] if several else [])
    rng.shuffle(sets)
    named = sorted(((needs.rarest(members), members) for members in sets), key=lambda item: _order(needs, item))
    for label, members in named:
        needs.place(members, label)
    if not several:
        _deal(needs, units.alone, rng)
    return needs.chosen


def _order(needs: _Needs, item: tuple[str, list[int]]) -> tuple[int, str, int]:
    label, members = item
    return needs.counts[label], label, -len(members)


def _deal(needs: _Needs, places: Sequence[int], rng: random.Random) -> None:
    """Single rows, label by label: each part gets its share, what rounding leaves over goes to the next label."""
    by_label: dict[str, list[int]] = defaultdict(list)
    for place in places:
        by_label[needs.labels(place)[0]].append(place)
    carried = {"test": 0.0, "validation": 0.0}
    for label in sorted(by_label, key=lambda name: (needs.counts[name], name)):
        rows = by_label[label]
        rng.shuffle(rows)
        start = 0
        for part in ("test", "validation"):
            carried[part] += max(0.0, needs.missing[part][label])
            count = max(0, min(round(carried[part]), len(rows) - start - 1, round(needs.left[part])))
            carried[part] -= count
            needs.chosen[part] += rows[start : start + count]
            needs.left[part] -= count
            start += count
        needs.chosen["train"] += rows[start:]
