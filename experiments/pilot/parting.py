"""The split of a pilot: the usual one, or one with the larger test that is wished for."""

from __future__ import annotations

from advisor.errors import PlanError
from advisor.vocabulary import Dataset, Split
from experiments.dataset import own_split
from experiments.dataset.checks.given_test import FEWEST_TEST_ROWS
from experiments.dataset.power import usual_test_rows
from experiments.dataset.wording import many
from experiments.split import split


def parted(dataset: Dataset, seed: int, test_rows: int | None = None) -> Split:
    """A test that should be larger than usual is taken from the other rows, unless the file names its own.

    Raises:
        PlanError: the test that is wished for is too small to say anything, or larger than the file's own.
    """
    if test_rows is not None and test_rows < FEWEST_TEST_ROWS:
        raise PlanError(
            f"A test of {many(test_rows, 'row')} says next to nothing.",
            f"Give --test-rows {FEWEST_TEST_ROWS} or more.",
        )
    larger = test_rows is not None and test_rows > usual_test_rows(len(dataset.examples))
    by_time = dataset.columns.time is not None
    parts = split(dataset, seed, by_time=by_time, test_rows=test_rows if larger else None)
    if test_rows is not None and test_rows > len(parts.test) and own_split.given(dataset.examples):
        raise PlanError(
            f"The file's own test part has {many(len(parts.test), 'row')}, fewer than --test-rows {test_rows}.",
            f"Give --test-rows {len(parts.test)} or fewer, or have all rows split anew with --split-column none.",
        )
    return parts
