"""Rows that are nearly the same: the split keeps them together."""

from __future__ import annotations

from advisor.vocabulary import Finding, Severity
from experiments.dataset import own_split
from experiments.dataset.draft import Draft
from experiments.dataset.table import some

NAME = "near_copies"
WARN_SHARE = 0.1  # assumption: fewer hardly move a score


def run(draft: Draft) -> list[Finding]:
    """How many, and whether they follow a template."""
    found, looked = draft.copies(), draft.compared()
    rows = sorted({draft.examples[place].row for members in found.near for place in _mixed(draft, members)})
    said: list[Finding] = []
    if rows:
        severity: Severity = "warn" if len(rows) >= max(3, WARN_SHARE * found.looked_at) else "note"
        text = f"{len(rows):,} rows are near copies of others: four fifths of the words are shared ({looked})."
        said.append(Finding(NAME, severity, text, some(rows), _mend(draft, len(rows))))
    if found.templated:
        text = (
            f"{found.templated:,} rows seem to follow a template; only the closest of them count as copies ({looked})."
        )
        said.append(
            Finding("template", "note", text, mend="If they come from one source, name its column with --group.")
        )
    if not found.complete:
        text = "There were too many similar rows to compare all of them; more near copies may be there."
        said.append(Finding("near_copies_incomplete", "note", text))
    return said


def _mend(draft: Draft, rows: int) -> str:
    """What was not compared cannot be kept together, and that is said."""
    more = draft.more_likely(rows)
    # `experiments.pilot.rows.copies_of` looks again
    pilot = "a pilot takes near copies of its test rows out of training all the same"
    if own_split.given(draft.examples):
        return f"The file's own split is kept, whatever it parts; {pilot}."
    if not more:
        return "They stay together on one side of the split."
    return (
        f"These stay together on one side of the split. {more}, and the split may part them: say --all-rows; {pilot}."
    )


def _mixed(draft: Draft, members: tuple[int, ...]) -> tuple[int, ...]:
    """Near copies within one group stay together anyway and are not news."""
    groups = {draft.examples[place].group for place in members}
    return () if len(groups) == 1 and None not in groups else members
