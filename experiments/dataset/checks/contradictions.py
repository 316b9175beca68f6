"""Equal inputs with different labels, and the ceiling they put on any score."""

from __future__ import annotations

from collections import Counter

from advisor.vocabulary import Finding, Severity
from experiments.dataset.draft import Draft
from experiments.dataset.table import some
from experiments.dataset.wording import many

NAME = "contradictions"
# assumption: a few in a large set hardly matter, and are said as a note
MANY_INPUTS, LOW_CEILING = 10, 0.8


def run(draft: Draft) -> list[Finding]:
    """Nobody can be right on both copies."""
    if not draft.labelled:
        return []
    lost = torn = 0
    rows: list[int] = []
    for places in draft.copies().equal:
        answers = Counter(draft.examples[place].output for place in places)
        if len(answers) > 1:
            torn += 1
            lost += len(places) - max(answers.values())
            rows += [draft.examples[place].row for place in places]
    if not torn:
        return []
    ceiling = 1 - lost / len(draft.examples)
    text = f"{many(torn, 'input has', 'inputs have')} different labels in different rows ({len(rows):,} rows)."
    if ceiling < 0.9995:
        text += f" No method can score above {ceiling:.1%}."
    mend = "Decide which label is right. Until then copies stay on one side of the split."
    severity: Severity = "warn" if torn >= MANY_INPUTS or ceiling < LOW_CEILING else "note"
    return [Finding(NAME, severity, text, some(sorted(rows)), mend)]
