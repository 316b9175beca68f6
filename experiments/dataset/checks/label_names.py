"""Labels that are awkward as answers: one begins like another, or they are as long as a sentence."""

from __future__ import annotations

from itertools import pairwise

from advisor.vocabulary import Finding
from experiments.dataset.draft import Draft
from experiments.dataset.labels import key
from experiments.dataset.wording import many, shown

NAME = "label_names"
LONG_CHARACTERS = 100
SHOWN = 3


def run(draft: Draft) -> list[Finding]:
    """Notes: nothing is wrong, but a reader of answers has to be exact."""
    labels = sorted(draft.labels())
    found: list[Finding] = []
    nested = [(a, b) for a, b in pairwise(labels) if b.startswith(a) and a.strip() and key(a) != key(b)]
    if nested:
        pairs = ", ".join(f"'{shown(a)}' / '{shown(b)}'" for a, b in nested[:SHOWN])
        text = (
            f"{many(len(nested), 'label begins', 'labels begin')} "
            f"with the whole name of another ({pairs}). Answers are matched whole."
        )
        found.append(Finding(NAME, "note", text))
    long = [label for label in labels if len(label) > LONG_CHARACTERS]
    if long:
        most = max(map(len, long))
        text = f"{many(len(long), 'label is', 'labels are')} longer than {LONG_CHARACTERS} characters (up to {most:,})."
        mend = "Short names cost fewer tokens in every prompt and answer."
        found.append(Finding("long_labels", "note", text, mend=mend))
    return found
