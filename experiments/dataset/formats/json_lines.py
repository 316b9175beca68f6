"""One JSON object per line; a broken line costs that line and no other."""

from __future__ import annotations

import json
from typing import Any

from advisor.errors import DataError
from experiments.dataset import encodings, limits
from experiments.dataset.formats import json_lists, json_values, tool_exports
from experiments.dataset.source import Source
from experiments.dataset.table import Rows, Table

NAME = "JSON Lines"
REPORT_EVERY_ROWS = 20_000


def read(source: Source, encoding: encodings.Encoding) -> Table:
    """Every line that holds an object; the others are rejected with their number."""
    text = source.text(encoding.codec, encoding.errors)
    rows = Rows(NAME, encoding.name, most=source.most_rows)
    odd = json_values.Oddities()
    decoder = odd.decoder()
    lists: list[tuple[int, Any]] = []
    try:
        number = 0
        while line := text.readline(limits.LINE_CHARACTERS + 1):
            number += 1
            if len(line) > limits.LINE_CHARACTERS:
                raise DataError(
                    f"A line is longer than {limits.LINE_CHARACTERS:,} characters.",
                    "Shorten that row or take it out.",
                    line=number,
                )
            if line.isspace() or line == "\ufeff":
                continue
            _add(rows, line, number, decoder, lists)
            odd.note_row(rows.seen - 1)
            if rows.full or (rows.most is not None and len(lists) > 2 * rows.most):
                break
            if rows.seen % REPORT_EVERY_ROWS == 0:
                source.progress("read", min(1.0, source.file.tell() / max(1, source.size)))
    finally:
        text.detach()
    found = json_lists.add(rows, lists, source.choices.header) if lists else []
    return rows.table([*encoding.findings, *odd.findings(), *found])


def _add(rows: Rows, line: str, number: int, decoder: json.JSONDecoder, lists: list[tuple[int, Any]]) -> None:
    try:
        value: Any = decoder.decode(line.strip(json_values.AROUND))
        if isinstance(value, str) and value.startswith("{"):  # encoded twice
            value = decoder.decode(value)
    except json.JSONDecodeError as error:
        rows.reject(number, json_values.why_broken(error))
        return
    except (RecursionError, ValueError):
        rows.reject(number, "nested too deeply, or with a number that is too long")
        return
    if isinstance(value, list) and not rows.seen:
        lists.append((number, value))
    elif not isinstance(value, dict):
        rows.reject(number, "not a JSON object (a row is written {…})")
    elif not value:
        rows.reject(number, "the object is empty")
    elif json_values.too_deep(value):
        rows.reject(number, f"nested more than {limits.JSON_DEPTH} levels deep")
    else:
        for found in tool_exports.expand(value):
            rows.add_record(json_values.record(found), number)
