"""Too few rows for a verdict, and how many would do."""

from __future__ import annotations

from advisor.vocabulary import Finding
from experiments.dataset import limits
from experiments.dataset.draft import Draft
from experiments.dataset.power import MATTERS_POINTS, TEST_SHARE, rows_for_difference, shows, usual_test_rows

NAME = "too_few_rows"


def run(draft: Draft) -> list[Finding]:
    """An error below three rows, a warning below ten, else a note until five points can be shown."""
    rows = len(draft.examples)
    needed = rows_for_difference(MATTERS_POINTS)
    wish = f"About {round(needed / TEST_SHARE, -2):,.0f} rows would show a difference of {MATTERS_POINTS:g} points."
    said = "1 row" if rows == 1 else f"{rows:,} rows"
    if rows < limits.FEWEST_ROWS:
        text = f"Only {said} can be used: too few to train on one part and test on another."
        return [
            Finding(
                NAME,
                "error",
                text,
                mend=f"At least {limits.FEW_ROWS} rows are needed for a pilot, better some hundred. {wish}",
            )
        ]
    given = sum(example.split == "test" for example in draft.examples)
    test = given if 0 < given < rows else usual_test_rows(rows)
    if rows < limits.FEW_ROWS:
        text = f"Only {said}: a test of {test} says next to nothing."
        return [Finding(NAME, "warn", text, mend=f"Add rows; some hundred are a start. {wish}")]
    if test >= needed:
        return []
    about = f"{test:,}" if test == given else f"about {test:,}"
    text = f"{said}, {about} of them for the test: it {shows(test)}."
    return [Finding(NAME, "note", text, mend=wish)]
