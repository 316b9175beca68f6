"""Inputs that are a spreadsheet's error, such as #REF!: the text itself was lost."""

from __future__ import annotations

from advisor.vocabulary import Finding
from experiments.dataset import labels
from experiments.dataset.draft import Draft
from experiments.dataset.table import some
from experiments.dataset.wording import many

NAME = "error_cells"


def run(draft: Draft) -> list[Finding]:
    """A warning with the rows; labels that are errors are asked about with the other labels that may say nothing."""
    inputs = [e.row for e in draft.examples if e.input[:1] == "#" and labels.is_error(e.input)]
    texts = [] if draft.labelled else [e.row for e in draft.examples if labels.is_error(e.output)]
    rows = sorted({*inputs, *texts})
    if not rows:
        return []
    said = many(len(rows), "row holds", "rows hold")
    text = f"{said} only what a spreadsheet writes where a formula failed (such as #REF!)."
    return [Finding(NAME, "warn", text, some(rows), "Mend the formulas in the spreadsheet, or take these rows out.")]
