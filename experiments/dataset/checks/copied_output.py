"""The answer is the input: copying would score full marks."""

from __future__ import annotations

from advisor.vocabulary import Example, Finding
from experiments.dataset import normal
from experiments.dataset.draft import Draft
from experiments.dataset.table import some

NAME = "copied_output"
SHARE = 0.1


def run(draft: Draft) -> list[Finding]:
    """A warning with the score of copying."""
    if draft.labelled:
        return []
    rows = [e.row for e in draft.examples if _near_in_length(e) and normal.same(e.input) == normal.same(e.output)]
    share = len(rows) / len(draft.examples)
    if share < SHARE or len(rows) < 2:
        return []
    text = f"In {len(rows):,} rows ({share:.0%}) the answer is the input: copying the input scores {share:.0%}."
    return [Finding(NAME, "warn", text, some(rows), "Look whether the right columns are input and answer.")]


def _near_in_length(example: Example) -> bool:
    """Texts of very different length are not the same but for spaces."""
    longer, shorter = len(example.input), len(example.output)
    return max(longer, shorter) <= 2 * min(longer, shorter)
