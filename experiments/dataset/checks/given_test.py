"""A given test part that cannot measure what it should: too small, or with labels that training never shows."""

from __future__ import annotations

from advisor.vocabulary import Finding, Severity
from experiments.dataset import several_labels
from experiments.dataset.draft import Draft
from experiments.dataset.power import difference_for_rows
from experiments.dataset.table import some

NAME = "given_test"
# assumption: below ten rows a test says next to nothing, below thirty only differences of about half of all rows show
FEWEST_TEST_ROWS, SMALL_TEST_ROWS = 10, 30
SHOWN = 6


def run(draft: Draft) -> list[Finding]:
    """Nothing without a given test part."""
    test = [example for example in draft.examples if example.split == "test"]
    if not test:
        return []
    if len(test) == len(draft.examples):
        text = "Every row is marked as test, so there is nothing to train on; the split was made anew from all rows."
        return [Finding(NAME, "warn", text, mend="Give the training file too, or say --split-column none.")]
    found: list[Finding] = []
    if len(test) < SMALL_TEST_ROWS <= len(draft.examples):
        shown = difference_for_rows(len(test))
        text = f"The given test has {len(test):,} rows: it shows no difference below {shown:.0f} points."
        mend = "With --split-column none a larger test is drawn from all rows."
        severity: Severity = "warn" if len(test) < FEWEST_TEST_ROWS else "note"
        found.append(Finding(NAME, severity, text, some([e.row for e in test]), mend, "--split-column", ("none",)))
    if draft.labelled:
        found += _unseen(draft)
    return found


def _unseen(draft: Draft) -> list[Finding]:
    """Labels of the test that no training row has."""
    several = draft.task_type == "multi_label_classification"
    parts: dict[bool, set[str]] = {True: set(), False: set()}
    for example in draft.examples:
        parts[example.split == "test"].update(several_labels.labels_of(example.output) if several else [example.output])
    unseen = parts[True] - parts[False]
    if not unseen:
        return []
    rows = [e.row for e in draft.examples if e.split == "test" and any(label in e.output for label in unseen)]
    listed = ", ".join(f"'{label[:40]}'" for label in sorted(unseen)[:SHOWN])
    text = (
        f"The given test has {len(unseen)} labels that training never shows: {listed}. No tuned method can learn them."
    )
    mend = "Move some of these rows to training, or say --split-column none."
    return [Finding("unseen_labels", "warn", text, some(rows), mend, "--split-column", ("none",))]
