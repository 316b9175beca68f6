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
    copies: list[int] = []
    for places in draft.copies().equal:
        seen: set[str] = set()
        for place in places:
            example = draft.examples[place]
            if example.output in seen:
                copies.append(example.row)
            seen.add(example.output)
    found: list[Finding] = []
    if copies:
        text = (
            f"{many(len(copies), 'row repeats', 'rows repeat')} an earlier row with the same answer "
            "(but for case and spaces)."
        )
        severity: Severity = "warn" if len(copies) >= WARN_SHARE * len(draft.examples) else "note"
        mend = "They stay on the side of the split where their original is; take them out if they are mistakes."
        found.append(Finding(NAME, severity, text, some(sorted(copies)), mend))
    several = [example.row for example in draft.examples if example.references]
    if several:
        text = f"{len(several):,} rows have several right answers; each of them counts as right."
        found.append(Finding("several_answers", "note", text, some(several), "They stay on one side of the split."))
    return found
