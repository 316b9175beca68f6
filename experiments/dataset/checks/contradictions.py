"""Equal inputs with different labels, and the ceiling they put on any score."""

from __future__ import annotations

from collections import Counter, defaultdict

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
    answers: dict[int, Counter[str]] = defaultdict(Counter)
    for key, example in zip(draft.keys(), draft.examples, strict=True):
        answers[key][example.output] += 1
    torn = {key for key, counts in answers.items() if len(counts) > 1}
    if not torn:
        return []
    lost = sum(sum(answers[key].values()) - max(answers[key].values()) for key in torn)
    rows = [example.row for key, example in zip(draft.keys(), draft.examples, strict=True) if key in torn]
    ceiling = 1 - lost / len(draft.examples)
    text = f"{many(len(torn), 'input has', 'inputs have')} different labels in different rows ({len(rows):,} rows)."
    if ceiling < 0.9995:
        text += f" No method can score above {ceiling:.1%}."
    mend = "Decide which label is right. Until then copies stay on one side of the split."
    severity: Severity = "warn" if len(torn) >= MANY_INPUTS or ceiling < LOW_CEILING else "note"
    return [Finding(NAME, severity, text, some(rows), mend)]
