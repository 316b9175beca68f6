"""Rows that are nearly the same: the split keeps them together."""

from __future__ import annotations

from advisor.vocabulary import Finding, Severity
from experiments.dataset import near
from experiments.dataset.draft import Draft
from experiments.dataset.table import some

NAME = "near_copies"
WARN_SHARE = 0.1  # assumption: fewer hardly move a score
TEMPLATE_ROWS, TEMPLATE_SHARE = 20, 0.1


def run(draft: Draft) -> list[Finding]:
    """How many, and whether they follow a template."""
    places, found = draft.near()
    looked = "all" if len(places) == len(set(draft.keys())) else f"{len(places):,} of {len(set(draft.keys())):,}"
    most = max(TEMPLATE_ROWS, round(TEMPLATE_SHARE * len(places)))
    groups, templated = near.clusters(len(places), _across_groups(draft, places, found), most)
    rows = [draft.examples[places[member]].row for members in groups for member in members]
    said: list[Finding] = []
    if rows:
        severity: Severity = "warn" if len(rows) >= max(3, WARN_SHARE * len(places)) else "note"
        text = f"{len(rows):,} rows are near copies of others: four fifths of their words agree (in {looked} inputs)."
        said.append(Finding(NAME, severity, text, some(rows), "They stay together on one side of the split."))
    if templated:
        text = f"{templated:,} rows seem to follow a template; only their closest copies are kept together."
        said.append(
            Finding("template", "note", text, mend="If they come from one source, name its column with --group.")
        )
    if not found.complete:
        text = "There were too many similar rows to compare all of them; more near copies may be there."
        said.append(Finding("near_copies_incomplete", "note", text))
    return said


def _across_groups(draft: Draft, places: list[int], found: near.Near) -> near.Near:
    """Pairs within one group stay together anyway."""
    group = [draft.examples[place].group for place in places]
    pairs = tuple(pair for pair in found.pairs if group[pair[0]] is None or group[pair[0]] != group[pair[1]])
    return near.Near(pairs, found.complete)
