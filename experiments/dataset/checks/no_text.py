"""Inputs, and answers that are texts, which only say that there is nothing: `nan`, `N/A`, `null`."""

from __future__ import annotations

from advisor.vocabulary import Finding
from experiments.dataset import labels
from experiments.dataset.draft import Draft
from experiments.dataset.table import some
from experiments.dataset.wording import many

NAME = "no_text"


def run(draft: Draft) -> list[Finding]:
    """A warning with the rows; labels have a question of their own."""
    texts = ("input",) if draft.labelled else ("input", "output")
    rows = [
        example.row
        for example in draft.examples
        if any(len(text := getattr(example, name)) <= 12 and labels.is_missing(text) for name in texts)
    ]
    if not rows:
        return []
    text = f"{many(len(rows), 'row has', 'rows have')} a text that only says there is none ('nan', 'N/A', 'null' …)."
    return [Finding(NAME, "warn", text, some(rows), "They were kept; take them out of the file if nothing is meant.")]
