"""A column called label in which nearly every row has a label of its own."""

from __future__ import annotations

from advisor.vocabulary import Finding
from experiments.dataset import names
from experiments.dataset.draft import Draft

NAME = "own_labels"


def run(draft: Draft) -> list[Finding]:
    """A warning: such labels cannot be learnt, and were read as free text."""
    if draft.labelled or names.plain(draft.columns.output) not in names.LABEL_OUTPUT or draft.task_type != "generation":
        return []
    different = len({example.output for example in draft.examples})
    text = (
        f"The column '{draft.columns.output}' holds {different:,} different values in {len(draft.examples):,} rows. "
        "Labels that hardly repeat cannot be learnt, so they were read as free text."
    )
    mend = "If they are labels, say --task-type classification; if another column is the answer, name it with --output."
    return [Finding(NAME, "warn", text, mend=mend)]
