"""A given split that is not one: test rows, their groups or their answers also stand in training."""

from __future__ import annotations

from advisor.vocabulary import Finding, Severity
from experiments.dataset import normal, own_split
from experiments.dataset.draft import Draft
from experiments.dataset.table import some

NAME = "leakage"
OPTIONS = ("train", "test", "keep")
ANSWER_SHARE = 0.05
LONG_ANSWER_CHARACTERS = 40


def run(draft: Draft) -> list[Finding]:
    """Nothing without a given test part."""
    test = [place for place, example in enumerate(draft.examples) if example.split == "test"]
    if not test or len(test) == len(draft.examples):
        return []
    train = [place for place, example in enumerate(draft.examples) if example.split != "test"]
    found = [*_copies(draft, test), *_near(draft, set(test)), *_groups(draft, train, test)]
    return found + _validation(draft) + _answers(draft, train, test)


def _validation(draft: Draft) -> list[Finding]:
    """Copies of validation rows leave training whatever is chosen for the test."""
    held_out = [e for e in draft.examples if e.split == "validation"]
    trained = {normal.question(e) for e in draft.examples if (e.split or "train") == "train"} if held_out else set()
    rows = [e.row for e in held_out if normal.question(e) in trained]
    if not rows:
        return []
    text = (
        f"{len(rows):,} of {len(held_out):,} validation rows also stand in training; their copies are taken out of it."
    )
    mend = "To have all rows split anew, say --split-column none."
    return [Finding("validation_leakage", "note", text, some(rows), mend, "--split-column", ("none",))]


def _copies(draft: Draft, test: list[int]) -> list[Finding]:
    tested = set(test)
    sides = [
        (members, {draft.examples[place].split or "train" for place in members}) for members in draft.copies().equal
    ]
    crossing = [(members, parts) for members, parts in sides if "test" in parts and len(parts) > 1]
    rows = sorted(draft.examples[place].row for members, _ in crossing for place in members if place in tested)
    if not rows:
        return []
    where = own_split.other_parts({part for _, parts in crossing for part in parts})
    done = {
        "test": "They are taken out of the test, as you said.",
        "keep": "They are kept, as you said: the score is not clean.",
    }.get(draft.choices.leaks or "", f"Their copies are taken out of {where}, so that the score is clean.")
    text = f"{len(rows):,} of {len(test):,} test rows ({len(rows) / len(test):.0%}) also stand in {where}. {done}"
    mend = "To take them out of the test instead, say --leaks test; to keep them, --leaks keep."
    return [Finding(NAME, "warn", text, some(rows), mend, "--leaks", OPTIONS)]


def _near(draft: Draft, test: set[int]) -> list[Finding]:
    """Near copies across the given split are only said: the split is the team's."""
    crossing = {one for a, b, _ in draft.copies().pairs if (a in test) != (b in test) for one in (a, b) if one in test}
    if not crossing:
        return []
    rows = [draft.examples[place].row for place in sorted(crossing)]
    found = draft.copies()
    compared = max(len(crossing), round(len(test) * found.looked_at / max(1, found.different)))
    share = len(crossing) / compared  # of the test rows that were compared, as the sample is even
    severity: Severity = "warn" if share >= 0.02 else "note"
    of = "" if found.looked_at == found.different else " of those compared"
    more = draft.more_likely(len(rows))
    text = f"{len(rows):,} test rows ({share:.0%}{of}) have a near copy in training ({draft.compared()})."
    text += f" {more}." if more else ""
    mend = (
        "The given split is kept, and a pilot takes these copies out of training. "
        "With --split-column none a split is made that keeps near copies together."
    )
    return [Finding("near_leakage", severity, text, some(rows), mend, "--split-column", ("none",))]


def _groups(draft: Draft, train: list[int], test: list[int]) -> list[Finding]:
    trained = {draft.examples[place].group for place in train} - {None}
    rows = [draft.examples[place].row for place in test if draft.examples[place].group in trained]
    if not rows:
        return []
    text = f"{len(rows):,} test rows belong to a '{draft.columns.group}' that also stands in training."
    mend = "With --split-column none the split keeps each group on one side."
    return [Finding("group_leakage", "warn", text, some(rows), mend, "--split-column", ("none",))]


def _answers(draft: Draft, train: list[int], test: list[int]) -> list[Finding]:
    """Long answers (queries, programs) that training already holds word for word."""
    if draft.labelled:
        return []
    trained = {normal.same(draft.examples[place].output) for place in train}
    long = [place for place in test if len(draft.examples[place].output) >= LONG_ANSWER_CHARACTERS]
    rows = [draft.examples[place].row for place in long if normal.same(draft.examples[place].output) in trained]
    if len(rows) < ANSWER_SHARE * len(test):
        return []
    text = f"The answers of {len(rows):,} test rows ({len(rows) / len(test):.0%}) also stand in training word for word."
    mend = "A method that only remembers answers looks good here. Is there a harder split? Name it with --split-column."
    return [Finding("answer_leakage", "warn", text, some(rows), mend, "--split-column")]
