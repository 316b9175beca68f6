"""The same answer everywhere: a constant would score full marks."""

from __future__ import annotations

from collections import Counter

from advisor.vocabulary import Finding
from experiments.dataset.draft import Draft

NAME = "constant_output"
SHARE = 0.9


def run(draft: Draft) -> list[Finding]:
    """For answers that are texts; labels have checks of their own."""
    if draft.labelled:
        return []
    (answer, count), *_ = Counter(example.output for example in draft.examples).most_common(1)
    share = count / len(draft.examples)
    if share < SHARE or count < 2:
        return []
    shown = " ".join(answer.split())[:60]
    text = f"{share:.0%} of the rows have the same answer ('{shown}'): always giving it scores {share:.0%}."
    return [
        Finding(NAME, "warn", text, mend="Look whether the right column is the answer (--output), or add other rows.")
    ]
