"""Rows written as JSON lists: cells in order, perhaps under a header; or a conversation per list."""

from __future__ import annotations

from typing import Any

from advisor.vocabulary import Finding
from experiments.dataset import limits
from experiments.dataset.formats import header as headers
from experiments.dataset.formats import json_values
from experiments.dataset.table import Rows

LOOK_AT_ROWS = 400


def add(rows: Rows, lists: list[tuple[int, Any]], choice: str | None) -> list[Finding]:
    """The lists as rows, each with its line; what is open about their header."""
    talks = [value for _, value in lists[:LOOK_AT_ROWS] if is_talk(value)]
    if 2 * len(talks) > len(lists[:LOOK_AT_ROWS]):
        for line, value in lists:
            if rows.full:
                break
            rows.add_record({"messages": value}, line) if is_talk(value) else rows.reject(line, "no conversation")
        return []
    return _cells(rows, lists, choice)


def is_talk(value: Any) -> bool:
    """A list of turns: objects with a role and what was said."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(t, dict) and {"role", "from"} & set(t) for t in value)
    )


def _cells(rows: Rows, lists: list[tuple[int, Any]], choice: str | None) -> list[Finding]:
    """As a table: the first list may be its header."""
    fitting = [(line, value) for line, value in lists if isinstance(value, list) and value]
    if not fitting:
        for line, _ in lists:
            rows.reject(line, "not a JSON object (a row is written {…})")
        return []
    width = max(map(len, (value for _, value in fitting[:LOOK_AT_ROWS])))
    first = [[_text(cell) for cell in value] for _, value in fitting[:LOOK_AT_ROWS]]
    found = headers.find(first, [line for line, _ in fitting[:LOOK_AT_ROWS]], width, choice)
    names = [f"column {n + 1}" for n in range(width)] if found.index is None else first[found.index]
    unique, _, changed = headers.unique_names(names)
    skip = {id(value) for _, value in fitting[: found.data_begins]}
    for line, value in lists:
        if rows.full:
            break
        if id(value) in skip:
            continue
        if not isinstance(value, list) or len(value) != len(unique):
            count = len(value) if isinstance(value, list) else 0
            rows.reject(line, f"a list of {count} cells where the others have {len(unique)}")
        else:
            rows.add_record(json_values.record(dict(zip(unique, value, strict=True))), line)
    return [*found.findings, *changed]


def _text(cell: Any) -> str:
    plain = json_values.cell(cell)
    return (
        plain
        if isinstance(plain, str)
        else ""
        if plain is None
        else json_values.written(plain)[: limits.PREVIEW_CHARACTERS]
    )
