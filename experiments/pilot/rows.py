"""Which rows a pilot uses: the same test rows for everybody, training rows whose every prefix mirrors the whole."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

from advisor.vocabulary import CLASSIFYING, Dataset
from experiments.guards import twins

# test and validation rows, most first. 280 show a difference of 8 points at usual disagreement and take an arm 7 s on
# two good cores; a slow machine tests on fewer. Answers that are written, not chosen, take about 0.2 s each.
CHOSEN_SIZES = ((280, 60), (200, 48), (140, 40), (100, 32), (70, 28))
WRITTEN_SIZES = ((80, 24), (60, 20), (40, 16))


def sizes(dataset: Dataset) -> tuple[tuple[int, int], ...]:
    """How many test and validation rows to try, most first."""
    return CHOSEN_SIZES if dataset.task_type in CLASSIFYING else WRITTEN_SIZES


def ordered(dataset: Dataset, places: Sequence[int], seed: int) -> tuple[int, ...]:
    """Example rows in an order whose first n are a good sample of size n, each label in its share."""
    return _example_rows(dataset, spread(dataset, places, seed))


def as_they_stand(dataset: Dataset, places: Sequence[int], seed: int) -> tuple[int, ...]:
    """Example rows in the order of the file, whatever the seed: that of the pilot they were exported from."""
    return _example_rows(dataset, sorted(places))


def copies_of(dataset: Dataset, test: Sequence[int], places: Sequence[int]) -> set[int]:
    """Places whose input nearly repeats one of these test rows: an arm that saw them would know the answer."""
    tested = {example.row: example.input for example in dataset.examples if example.row in set(test)}
    return set(twins({place: dataset.examples[place].input for place in places}, tested))


def spread(dataset: Dataset, places: Sequence[int], seed: int) -> list[int]:
    """A shuffled order in which each label comes evenly: its k-th of n rows near the share (k + ½) / n."""
    rng = random.Random(seed)
    by_label: dict[str, list[int]] = defaultdict(list)
    for place in places:
        labelled = dataset.task_type in CLASSIFYING
        by_label[dataset.examples[place].output if labelled else ""].append(place)
    keyed: list[tuple[float, float, int]] = []
    for label in sorted(by_label):
        mine = sorted(by_label[label])
        rng.shuffle(mine)
        shift = rng.random()
        keyed += [((k + shift) / len(mine), rng.random(), place) for k, place in enumerate(mine)]
    return [place for _, _, place in sorted(keyed)]


def _example_rows(dataset: Dataset, places: Sequence[int]) -> tuple[int, ...]:
    return tuple(dataset.examples[place].row for place in places)
