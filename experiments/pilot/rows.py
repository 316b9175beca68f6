"""Which rows a pilot uses: the same test rows for everybody, training rows whose every prefix mirrors the whole."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence

from advisor.vocabulary import Dataset

MOST_TEST = 280  # a difference of 8 points is shown at usual disagreement; 280 rows take an arm about 7 s
MOST_TEST_WRITTEN = 80  # answers that are written, not chosen, take about 0.2 s each
MOST_VALIDATION = 60
MOST_VALIDATION_WRITTEN = 24
CHOSEN_TASKS = ("classification", "multi_label_classification")


def test_rows(dataset: Dataset, places: Sequence[int], seed: int, wanted: int | None) -> tuple[int, ...]:
    """A sample of the test part, each label in its share."""
    most = wanted or (MOST_TEST if dataset.task_type in CHOSEN_TASKS else MOST_TEST_WRITTEN)
    return _example_rows(dataset, spread(dataset, places, seed)[:most])


def validation_rows(dataset: Dataset, places: Sequence[int], seed: int) -> tuple[int, ...]:
    """Rows that choose between arms and settings, so that the test chooses nothing."""
    most = MOST_VALIDATION if dataset.task_type in CHOSEN_TASKS else MOST_VALIDATION_WRITTEN
    return _example_rows(dataset, spread(dataset, places, seed)[:most])


def train_rows(dataset: Dataset, places: Sequence[int], seed: int) -> tuple[int, ...]:
    """All training rows, in an order whose first n are a good sample of size n."""
    return _example_rows(dataset, spread(dataset, places, seed))


def spread(dataset: Dataset, places: Sequence[int], seed: int) -> list[int]:
    """A shuffled order in which each label comes evenly: its k-th of n rows near the share (k + ½) / n."""
    rng = random.Random(seed)
    by_label: dict[str, list[int]] = defaultdict(list)
    for place in places:
        labelled = dataset.task_type in CHOSEN_TASKS
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
