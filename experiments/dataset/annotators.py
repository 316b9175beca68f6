"""Answers kept with who gave them, `[{"value": …, "user_id": …}]`: one value, or a question where people differ."""

from __future__ import annotations

from typing import Any

from advisor.vocabulary import Finding
from experiments.dataset import families
from experiments.dataset.choices import Choices
from experiments.dataset.formats import json_values
from experiments.dataset.table import Cell, Table

VALUE, WHO = "value", "user_id"
# answers a tool keeps although they do not count
NOT_GIVEN = ("draft", "discarded")


def gather(table: Table, choices: Choices) -> None:
    """The values alone, in the column itself where one person answered or all agree, else a column per person."""
    for name in list(table.names):
        cells = table.column(name)
        if not any(map(_with_people, cells)):
            continue
        rows = [_answers(cell) for cell in cells]
        most = max(map(len, rows))
        torn = any(any(value != row[0][1] for _, value in row) for row in rows if row)
        if not torn:
            table.put(name, [row[0][1] if row else None for row in rows])
            shared = " by several annotators, who agree" if most > 1 else ""
            text = f"'{name}' holds answers{shared} with who gave them; only the values were taken."
            table.findings.append(Finding("annotators", "note", text))
            continue
        _apart(table, name, rows, choices)


def _with_people(cell: Cell) -> bool:
    return isinstance(cell, list) and bool(cell) and all(isinstance(i, dict) and VALUE in i and WHO in i for i in cell)


def _answers(cell: Cell) -> list[tuple[str, Cell]]:
    """Who said what in one row; a bare answer is nobody's."""
    if not _with_people(cell):
        return [] if cell in (None, "", []) else [("", cell)]
    given: list[dict[str, Any]] = [item for item in cell if item.get("status") not in NOT_GIVEN]
    return [(str(item[WHO]), json_values.cell(item[VALUE])) for item in given]


def _apart(table: Table, name: str, rows: list[list[tuple[str, Cell]]], choices: Choices) -> None:
    """One column per person where the same people judged every row, else one per place in the list."""
    people = list(dict.fromkeys(who for row in rows for who, _ in row))
    most = max(map(len, rows))
    if len(people) == most:
        columns = [[dict(row).get(who) for row in rows] for who in people]
    else:
        columns = [[row[place][1] if place < len(row) else None for row in rows] for place in range(most)]
    place = table.names.index(name)
    members = tuple(f"annotator{number + 1}_{name}" for number in range(most))
    table.names[place : place + 1] = members
    table.columns[place : place + 1] = columns
    families.opinions(table, members, choices)
