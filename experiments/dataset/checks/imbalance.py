"""One label in nearly every row."""

from __future__ import annotations

from advisor.vocabulary import Finding
from experiments.dataset.draft import Draft

NAME = "imbalance"
MAJORITY_SHARE = 0.9  # assumption: above this, accuracy hides whether the other labels are ever found


def run(draft: Draft) -> list[Finding]:
    """A warning with what always answering that label would score."""
    counts = draft.labels()
    if draft.task_type != "classification" or len(counts) < 2:
        return []
    label, most = next(iter(counts.items()))
    share = most / len(draft.examples)
    if share < MAJORITY_SHARE:
        return []
    least = min(counts.values())
    text = f"Always answering '{label[:60]}' would be right in {share:.1%} of the rows: accuracy misleads here."
    mend = f"Judge by macro-F1 (the pilot does), and add rows of the other labels; the rarest has {least}."
    return [Finding(NAME, "warn", text, mend=mend)]
