"""A given test part that cannot measure what it should: too small, or with labels that training never shows."""

from __future__ import annotations

from advisor.vocabulary import Example, Finding, Severity
from experiments.dataset import several_labels
from experiments.dataset.draft import Draft
from experiments.dataset.power import shows, usual_test_rows
from experiments.dataset.table import some
from experiments.dataset.wording import many

NAME = "given_test"
# assumption: below ten rows a test says next to nothing, below thirty only differences of about half of all rows show
FEWEST_TEST_ROWS, SMALL_TEST_ROWS = 10, 30
SHOWN = 6


def run(draft: Draft) -> list[Finding]:
    """Nothing where no row is marked; a file of one part only is no split."""
    parts = {example.split for example in draft.examples}
    if len(parts) == 1 and (part := parts.pop()) is not None:
        return [_one_part(part)]
    test = [example for example in draft.examples if example.split == "test"]
    if not test:
        return []
    found: list[Finding] = []
    if len(test) < SMALL_TEST_ROWS <= len(draft.examples):
        found.append(_small(draft, test))
    if draft.labelled:
        found += _unseen(draft)
    return found


def _small(draft: Draft, test: list[Example]) -> Finding:
    """What the given test shows; a new split is offered only where its test would be larger."""
    text = f"The given test has {many(len(test), 'row')}: it {shows(len(test))}."
    severity: Severity = "warn" if len(test) < FEWEST_TEST_ROWS else "note"
    drawn, rows = usual_test_rows(len(draft.examples)), some([e.row for e in test])
    if drawn <= len(test):
        mend = "A test drawn from all rows would be no larger: add rows with their answers."
        return Finding(NAME, severity, text, rows, mend)
    mend = f"With --split-column none about {drawn:,} test rows are drawn from all {len(draft.examples):,} rows."
    return Finding(NAME, severity, text, rows, mend, "--split-column", ("none",))


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


def _one_part(part: str) -> Finding:
    said = {"train": "training", "test": "test, so there is nothing to train on"}.get(part, part)
    text = f"Every row is marked as {said}; the split was made anew from all rows."
    other = "test" if part == "train" else "training"
    return Finding(NAME, "note" if part == "train" else "warn", text, mend=f"If there is a {other} file, give it too.")
