"""The answer stands in the input: the label itself, or the whole text."""

from __future__ import annotations

from advisor.vocabulary import Finding
from experiments.dataset import normal
from experiments.dataset.draft import Draft
from experiments.dataset.table import some

NAME = "answer_in_input"
WARN_SHARE = 0.5  # assumption: words of labels often come up by themselves, but not in every second row
SHORTEST_LABEL = 3
LOOKED_AT = 2_000  # rows looked through for other labels as well


def run(draft: Draft) -> list[Finding]:
    """A warning if most inputs hold their own label as a word, and no other."""
    if draft.task_type != "classification":
        return []
    words = {label: f" {_spaced(label)} " for label in draft.labels() if len(label.strip()) >= SHORTEST_LABEL}
    parts = {label: word.split() for label, word in words.items() if word.strip()}
    rows = [
        e.row
        for e in draft.examples
        if (pieces := parts.get(e.output)) is not None
        and pieces[-1] in (text := e.input.casefold())
        and pieces[0] in text
        and words[e.output] in f" {_spaced(e.input)} "
    ]
    few = len(rows) < WARN_SHARE * len(draft.examples) or len(rows) < 3
    if few or _only_own(draft, set(rows), words) * len(rows) < WARN_SHARE * len(draft.examples):
        return []
    text = (
        f"{len(rows):,} of {len(draft.examples):,} inputs hold their own label as a word: if it was written there "
        "by whoever labelled them, the answer leaks."
    )
    mend = "Then take it out of the input, or leave out the column that brings it (--input)."
    return [Finding(NAME, "warn", text, some(rows), mend)]


def _only_own(draft: Draft, rows: set[int], words: dict[str, str]) -> float:
    """The share of these rows that hold no other label: a text that names every label gives none away."""
    looked_at = [e for e in draft.examples if e.row in rows][:LOOKED_AT]
    alone = 0
    for e in looked_at:
        text = f" {_spaced(e.input)} "
        own = words[e.output]
        alone += not any(word in text for word in words.values() if word.strip() and word not in own)
    return alone / max(1, len(looked_at))


def _spaced(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in normal.same(text)).split())
