"""Every row asks the same, or nearly: nothing is left to test on that training has not shown."""

from __future__ import annotations

from advisor.vocabulary import Finding
from experiments.dataset import limits, normal
from experiments.dataset.draft import Draft
from experiments.dataset.wording import many

NAME = "one_question"


def run(draft: Draft) -> list[Finding]:
    """An error if there are too few different inputs for training, validation and test."""
    rows = len(draft.examples)
    different = len({normal.question(example) for example in draft.examples})
    if different >= limits.FEWEST_ROWS or rows < limits.FEWEST_ROWS:
        return []
    text = (
        f"The {rows:,} rows hold only {many(different, 'different input', 'different inputs')}: no test can be taken."
    )
    return [Finding(NAME, "error", text, mend="Name the column with the texts with --input, or add other rows.")]
