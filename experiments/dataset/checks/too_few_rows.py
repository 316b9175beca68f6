"""Too few rows for a verdict, and how many would do."""

from __future__ import annotations

from advisor.vocabulary import Finding
from experiments.dataset import limits
from experiments.dataset.draft import Draft
from experiments.dataset.power import (
    MATTERS_POINTS,
    TEST_SHARE,
    rows_for_difference,
    shows,
    too_few,
    usual_test_rows,
    usual_validation_rows,
)
from experiments.dataset.wording import many

NAME = "too_few_rows"


def run(draft: Draft) -> list[Finding]:
    """An error below three rows, a warning while no pilot can be run, else a note until five points can be shown."""
    rows = len(draft.examples)
    needed = rows_for_difference(MATTERS_POINTS)
    wish = f"About {round(needed / TEST_SHARE, -2):,.0f} rows would show a difference of {MATTERS_POINTS:g} points."
    said = many(rows, "row")
    what, mend = too_few(rows)
    if rows < limits.FEWEST_ROWS:
        return [Finding(NAME, "error", what, mend=f"{mend} {wish}")]
    given = sum(example.split == "test" for example in draft.examples)
    test = given if 0 < given < rows else usual_test_rows(rows)
    if rows < limits.FEWEST_SPLIT_ROWS:
        return [Finding(NAME, "warn", what, mend=f"{mend} {wish}")]
    if (left := _left_to_train(draft, test)) < limits.FEWEST_TRAIN_ROWS:
        what = f"Only {many(left, 'row')} would be left to train on beside the test and validation"
        return [Finding(NAME, "warn", f"{what}, so no pilot can be run.", mend=f"{mend} {wish}")]
    if test >= needed:
        return []
    about = f"{test:,}" if test == given else f"about {test:,}"
    text = f"{said}, {about} of them for the test: it {shows(test)}."
    return [Finding(NAME, "note", text, mend=wish)]


def _left_to_train(draft: Draft, test: int) -> int:
    """The rows that are in neither of the other parts."""
    rest = len(draft.examples) - test
    given = sum(example.split == "validation" for example in draft.examples)
    return rest - (given or usual_validation_rows(rest))
