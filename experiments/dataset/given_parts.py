"""A given split without a test: what was held out for choosing is what the result is measured on."""

from __future__ import annotations

from dataclasses import replace

from advisor.vocabulary import Finding
from experiments.dataset.draft import Draft
from experiments.dataset.wording import many


def settle(draft: Draft) -> None:
    """The validation part becomes the test; a new validation part is taken from training when the set is split."""
    parts = {example.split for example in draft.examples}
    if "test" in parts or "validation" not in parts or parts == {"validation"}:
        return
    held_out = sum(example.split == "validation" for example in draft.examples)
    draft.examples[:] = [replace(e, split="test") if e.split == "validation" else e for e in draft.examples]
    text = (
        f"The given split has no test: its {many(held_out, 'validation row')} became the test, and a new validation "
        "part is taken from training."
    )
    mend, flag = "To have all rows split anew, say --split-column none.", "--split-column"
    draft.findings.append(Finding("given_parts", "note", text, mend=mend, flag=flag, options=("none",)))
