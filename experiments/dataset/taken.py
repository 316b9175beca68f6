"""What of the data is used and what is not: the findings about files, sheets and rows that a run announces."""

from __future__ import annotations

from advisor.vocabulary import Dataset

# findings that say which files, sheets, rows or parts a run takes; the others say what the rows are like
TAKEN = (
    "archive",
    "sheet",
    "hidden_sheets",
    "hidden_rows",
    "total_rows",
    "rejected_rows",
    "verdicts",
    "left_over_turns",
    "validation_is_test",
    "split_unused",
    "given_test",
)


def taken(dataset: Dataset) -> tuple[str, ...]:
    """A sentence for each choice that was made among the files and rows that were given, in the order of TAKEN."""
    told = [finding for finding in dataset.findings if finding.check in TAKEN]
    return tuple(finding.text for finding in sorted(told, key=lambda finding: TAKEN.index(finding.check)))
