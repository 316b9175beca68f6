"""A classification with one label only: there is nothing to learn."""

from __future__ import annotations

from advisor.vocabulary import Finding
from experiments.dataset.draft import Draft

NAME = "one_label"


def run(draft: Draft) -> list[Finding]:
    """An error."""
    counts = draft.labels()
    if draft.task_type != "classification" or len(counts) != 1:
        return []
    label = next(iter(counts))
    text = f"Every row has the same label ('{label[:60]}'): there is nothing to learn and nothing to compare."
    return [Finding(NAME, "error", text, mend="Add rows with the other labels, or name another column with --output.")]
