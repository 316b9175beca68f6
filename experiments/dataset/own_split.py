"""The split a file brings: when it is one, and what stands in for a part it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from advisor.vocabulary import Example, Finding
from experiments.dataset.draft import Draft
from experiments.dataset.wording import many, said

STANDS_IN = "validation_is_test"
DATES = "dates"


def given(examples: Sequence[Example]) -> bool:
    """Whether the file's own parts are used: some rows are its test, and not all of them."""
    tested = sum(example.split == "test" for example in examples)
    return 0 < tested < len(examples)


def settle(draft: Draft) -> None:
    """Where the file names training and validation only, its validation part is what a score is held out on."""
    held_out = sum(example.split == "validation" for example in draft.examples)
    if not 0 < held_out < len(draft.examples) or any(example.split == "test" for example in draft.examples):
        return
    draft.examples = [replace(e, split="test") if e.split == "validation" else e for e in draft.examples]
    rows = many(held_out, "validation row is", "validation rows are")
    text = (
        f"The file names training and validation, and no test: its {rows} the test, and a new validation part is "
        "taken from its training rows."
    )
    mend = "To have all rows split anew, say --split-column none."
    draft.findings.append(Finding(STANDS_IN, "note", text, mend=mend, flag="--split-column", options=("none",)))


def settle_dates(draft: Draft) -> None:
    """Under the file's own split no row is dealt by its date: the offer, or the wish, is answered with that."""
    if not given(draft.examples):
        return
    offered = next((finding for finding in draft.findings if finding.check == DATES), None)
    time = draft.columns.time or (offered.options[0] if offered else None)
    if time is None:
        return
    text = f"The column '{time}' holds dates. The file's own split is used, so no row is dealt by its date."
    mend = f"To test on the newest rows instead, say {said('--time', time)} --split-column none."
    answer = Finding(DATES, "warn" if draft.columns.time else "note", text, (), mend, "--split-column", ("none",))
    draft.findings = [*(finding for finding in draft.findings if finding is not offered), answer]


def other_parts(parts: set[str]) -> str:
    """How a sentence names the parts beside the test."""
    return " and ".join(word for part, word in (("train", "training"), ("validation", "validation")) if part in parts)
