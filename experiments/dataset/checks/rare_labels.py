"""Labels with so few rows that their score cannot be measured."""

from __future__ import annotations

from advisor.vocabulary import Finding, Severity
from experiments.dataset.draft import Draft
from experiments.dataset.table import some
from experiments.dataset.wording import shown

NAME = "rare_labels"
# assumption: below five rows at most one is in the test
RARE_ROWS = 5
# in a small set every label is rare, which `too_few_rows` says
SMALL_SET_ROWS = 100
SHOWN = 6


def run(draft: Draft) -> list[Finding]:
    """One finding with the rarest labels and their rows."""
    rare = {label: count for label, count in draft.labels().items() if count < RARE_ROWS}
    if not rare or len(draft.labels()) < 2:
        return []
    listed = ", ".join(f"'{shown(label)}' ({count})" for label, count in list(rare.items())[-SHOWN:])
    rows = [example.row for example in draft.examples if example.output in rare]
    if draft.task_type == "multi_label_classification":
        rows = [e.row for e in draft.examples if any(f'"{label}"' in e.output for label in rare)]
    text = f"{len(rare)} of {len(draft.labels())} labels have under {RARE_ROWS} rows, too few to measure: {listed}."
    severity: Severity = "warn" if len(draft.examples) >= SMALL_SET_ROWS else "note"
    return [Finding(NAME, severity, text, some(rows), "Add rows of these labels, or merge them into others.")]
