"""Numbered columns that belong together: several right answers to one input, or the labels of several annotators."""

from __future__ import annotations

import re
from collections.abc import Sequence

from advisor.vocabulary import Finding
from experiments.dataset import names
from experiments.dataset.choices import Choices
from experiments.dataset.table import Cell, Table, some
from experiments.dataset.wording import many, said

# a number, or one letter between underscores: ref1, reference_2, annotator_a, rater1_label
NUMBER = re.compile(r"_?\d{1,2}(?=_|$)|_[a-h](?=_|$)")
SHARED_ENDS = ("_label", "_annotation", "_vote")
TOGETHER = "references"
REFERENCES, PEOPLE, LABELS = map(frozenset, (names.REFERENCE_WORDS, names.ANNOTATOR_WORDS, names.OPINION_WORDS))
LOOK_AT_ROWS = 1_000
# assumption: annotators use mostly the same labels; levels of one label do not
SAME_LABELS_SHARE = 0.5


def gather(table: Table, choices: Choices) -> None:
    """References become one list per row; annotators who differ become a question, unless a label stands beside."""
    if table.known.output is not None:
        return
    for stem, members in _families(table).items():
        words = set(re.split(r"[_#*]+", stem))
        if not words & (REFERENCES | PEOPLE | LABELS):
            continue
        texts = [
            [str(cell) for cell in table.column(name)[:LOOK_AT_ROWS] if cell not in (None, "")] for name in members
        ]
        repeated = len({text for column in texts for text in column}) <= max(2, sum(map(len, texts)) // 5)
        if words & REFERENCES and not repeated:
            _join(table, members, choices)
            return
        flags = {text for column in texts for text in column} <= {"0", "1", "0.0", "1.0"}
        if words & (PEOPLE | LABELS) and repeated and _same_labels(texts) and (not flags or words & PEOPLE):
            opinions(table, members, choices)
            return


def _families(table: Table) -> dict[str, tuple[str, ...]]:
    """Names that differ only in a number or letter, or in whose label they are."""
    found: dict[str, list[str]] = {}
    doubled = {name for twins in table.same_name.values() for name in twins}
    for name in table.names:
        plain = names.plain(name)
        stem = NUMBER.sub("#", plain, count=1)
        ended = next((end for end in SHARED_ENDS if plain.endswith(end)), "") if stem == plain else ""
        one_voice = ended and plain.split("_")[0] in names.NO_ANNOTATOR
        if name not in doubled and name not in table.known.aside and not one_voice:
            found.setdefault(f"*{ended}" if ended else stem, []).append(name)
    bases = {names.plain(name): name for name in table.names}
    for stem, members in found.items():  # `reference` beside `reference_2`
        if "#" in stem and (base := bases.get(stem.replace("#", ""))) and set(stem.split("#")) & REFERENCES:
            members.insert(0, base)
    return {stem: tuple(members) for stem, members in found.items() if len(members) > 1 and {"#", "*"} & set(stem)}


def _same_labels(texts: Sequence[Sequence[str]]) -> bool:
    sets = [set(column) for column in texts if column]
    return len(sets) > 1 and len(set.intersection(*sets)) >= SAME_LABELS_SHARE * len(set.union(*sets))


def _join(table: Table, members: tuple[str, ...], choices: Choices) -> None:
    """Every filled reference of a row counts as right, unless the person wants another answer."""
    table.known.aside |= set(members)
    name = TOGETHER if TOGETHER not in table.names else "all references"
    if choices.output not in (None, name):
        return
    columns = [table.column(member) for member in members]
    rows: list[Cell] = [[cell for cell in row if cell not in (None, "")] for row in zip(*columns, strict=True)]
    table.put(name, rows)
    table.known.output, table.known.why = name, f"{len(members)} columns hold right answers to the same input"
    listed = ", ".join(f"'{member}'" for member in members)
    text = f"The columns {listed} hold right answers to the same input; each of them counts as right."
    mend = f"To use one of them alone, say for example {said('--output', members[0])}."
    table.findings.append(Finding("reference_columns", "note", text, mend=mend, flag="--output", options=members))


def opinions(table: Table, members: tuple[str, ...], choices: Choices) -> None:
    """Columns of several annotators: one answer is taken for now; no majority is made in silence."""
    table.known.aside |= set(members)
    listed = ", ".join(f"'{member}'" for member in members)
    if choices.output is not None:
        return
    plain = {names.plain(name) for name in table.names if name not in members}
    if plain & set(names.OUTPUT):
        text = f"The columns {listed} hold the labels of several annotators; the answer stands in a column of its own."
        table.findings.append(Finding("annotators", "note", text, flag="--output", options=members))
        return
    rows = zip(*(table.column(name) for name in members), strict=True)
    torn = [place for place, row in enumerate(rows) if len({str(cell) for cell in row if cell not in (None, "")}) > 1]
    table.known.output, table.known.why = members[0], "the first of several annotators"
    if not torn:
        text = f"The columns {listed} hold the labels of several annotators, who agree; '{members[0]}' was taken."
        table.findings.append(Finding("annotators", "note", text, flag="--output", options=members))
        return
    text = (
        f"The columns {listed} hold the labels of several annotators, who differ in "
        f"{many(len(torn), 'row')} of {len(table):,}. '{members[0]}' was taken for now."
    )
    mend = f"Say whose labels count, for example {said('--output', members[0])}, or add a column with the agreed label."
    where = some([table.positions[place] for place in torn])
    table.findings.append(Finding("annotators", "ask", text, where, mend, "--output", members))
