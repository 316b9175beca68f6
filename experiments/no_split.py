"""Why rows cannot be split, and what to do about it: the reason that is true of these rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from advisor.errors import DataError
from advisor.vocabulary import Dataset
from experiments.dataset import own_split
from experiments.dataset.power import usual_test_rows, usual_validation_rows
from experiments.strata import units_of

ANEW = "say --split-column none to have all rows split anew"


def error(dataset: Dataset, chosen: dict[str, list[int]]) -> DataError:
    """The error for parts of which one is empty."""
    own = own_split.given(dataset.examples)
    what, mend = (_of_own(dataset, chosen) if own else None) or _of_rows(dataset, chosen, own)
    return DataError(f"The rows cannot be split: {what}.", mend)


def _of_own(dataset: Dataset, chosen: dict[str, list[int]]) -> tuple[str, str] | None:
    """What the file's own parts lack, or lost to copies."""
    if not chosen["test"]:
        return (
            "every row of the given test also stands in training or validation, and was taken out of the test",
            f"Leave out --leaks test, so that the copies leave training instead, or {ANEW}.",
        )
    if chosen["train"] and len(chosen["train"]) + len(chosen["validation"]) > 1:
        return None
    if not any((example.split or "train") == "train" for example in dataset.examples):
        return "the file's own split has no training rows", f"Add them, or {ANEW}."
    return (
        "too few training rows are left once copies of test and validation rows are taken out",
        f"Add training rows, or {ANEW}.",
    )


def _of_rows(dataset: Dataset, chosen: dict[str, list[int]], own: bool) -> tuple[str, str]:
    """Labels with too few rows, one large group, or too many copies."""
    places = [*chosen["train"], *chosen["validation"], *([] if own else chosen["test"])]
    labels = {dataset.examples[place].output for place in places}
    if dataset.task_type == "classification" and len(places) - len(labels) < _held_out(len(places), own):
        return (
            f"{len(places):,} rows have {len(labels):,} different labels, and each label needs a row to train on",
            "If the answers are texts, say --task-type generation; else add rows of the same labels.",
        )
    without = replace(dataset, examples=tuple(replace(example, group=None) for example in dataset.examples))
    if _largest(dataset, places) > _largest(without, places):
        return (
            f"too many of them belong together by '{dataset.columns.group}'",
            "Say --group none if rows of one group may stand on both sides, or add rows of other groups.",
        )
    return "too many of them are copies or near copies of each other", "Add rows that ask something else."


def _held_out(rows: int, own: bool) -> int:
    tested = 0 if own else usual_test_rows(rows)
    return tested + usual_validation_rows(rows - tested)


def _largest(dataset: Dataset, places: Sequence[int]) -> int:
    return max(map(len, units_of(dataset, places).sets), default=1)
