"""Exact copies of rows, and inputs with several right answers."""

from __future__ import annotations

from advisor.vocabulary import Finding, Severity
from experiments.dataset.draft import Draft
from experiments.dataset.table import some
from experiments.dataset.wording import many

NAME = "duplicates"
WARN_SHARE = 0.15  # assumption: fewer copies hardly move a score


def run(draft: Draft) -> list[Finding]:
    """Copies with the same answer; for answers that are texts, how many inputs have several."""
    first: dict[int, int] = {}
    copies: list[int] = []
    for place, (key, example) in enumerate(zip(draft.keys(), draft.examples, strict=True)):
        if key not in first:
            first[key] = place
        elif draft.examples[first[key]].output == example.output:
            copies.append(example.row)
    found: list[Finding] = []
    if copies:
        text = (
            f"{many(len(copies), 'row repeats', 'rows repeat')} "
            f"an earlier row with the same answer (but for case and spaces)."
        )
        severity: Severity = "warn" if len(copies) >= WARN_SHARE * len(draft.examples) else "note"
        mend = "They stay on the side of the split where their original is; take them out if they are mistakes."
        found.append(Finding(NAME, severity, text, some(copies), mend))
    several = [example.row for example in draft.examples if example.references]
    if several:
        text = f"{len(several):,} rows share their input with others that have other answers; each counts as right."
        found.append(Finding("several_answers", "note", text, some(several), "They stay on one side of the split."))
    return found
