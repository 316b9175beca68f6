"""A JSON file that is one document: an array of rows, a wrapper around one, columns, or objects set end to end."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset import encodings, limits, names
from experiments.dataset.formats import json_values
from experiments.dataset.source import Source
from experiments.dataset.table import Rows, Table

NAME = "JSON"
# keys under which exports keep their rows
WRAPPERS = ("data", "examples", "rows", "records", "items", "dataset", "results", "samples")
BLANK = " \t\r\n\ufeff"


def read(source: Source, encoding: encodings.Encoding) -> Table:
    """The rows of the document, each with the line it begins at."""
    text = source.bytes().decode(encoding.codec, encoding.errors)
    document = _Document(text)
    start = document.skip(0)
    if start >= len(text):
        raise DataError("The file is empty: it holds only blanks and line ends.", "Upload a file with rows in it.")
    rows = Rows(NAME, encoding.name, most=source.most_rows)
    findings: list[Finding] = list(encoding.findings)
    if text[start] == "[":
        _array(document, start, rows)
    else:
        findings += _objects(document, start, rows)
    return rows.table([*findings, *document.odd.findings()])


class _Document:
    """The text, a decoder over it, and the line of any place in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.odd = json_values.Oddities()
        self._decoder = self.odd.decoder()
        self._line_starts: list[int] | None = None

    def skip(self, at: int) -> int:
        """The next place that is not blank."""
        while at < len(self.text) and self.text[at] in BLANK:
            at += 1
        return at

    def line(self, at: int) -> int:
        if self._line_starts is None:
            self._line_starts = [0]
            place = self.text.find("\n")
            while place >= 0:
                self._line_starts.append(place + 1)
                place = self.text.find("\n", place + 1)
        return bisect_right(self._line_starts, at)

    def value(self, at: int) -> tuple[Any, int]:
        """The value that begins here, and where it ends."""
        try:
            value, end = self._decoder.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            raise DataError(
                f"Not valid JSON: {error.msg}, line {self.line(error.pos)}.",
                "Mend that line, or upload the rows as JSON Lines, one object per line.",
                line=self.line(error.pos),
            ) from error
        except (RecursionError, ValueError) as error:
            raise self._deep(at) from error
        if json_values.too_deep(value):
            raise self._deep(at)
        return value, end

    def _deep(self, at: int) -> DataError:
        return DataError(
            f"The JSON is nested more than {limits.JSON_DEPTH} levels deep, or holds a number that is too long.",
            'Upload a list of objects such as {"text": …, "label": …}.',
            line=self.line(at),
        )


def _elements(document: _Document, start: int) -> Iterator[tuple[int, Any]]:
    """The elements of an array, one at a time."""
    text = document.text
    at = document.skip(start + 1)
    while at < len(text) and text[at] != "]":
        value, end = document.value(at)
        yield at, value
        at = document.skip(end)
        if at < len(text) and text[at] == ",":
            at = document.skip(at + 1)
        elif at >= len(text) or text[at] != "]":
            raise DataError(
                f"Not valid JSON: a comma or the closing bracket is missing, line {document.line(min(at, len(text)))}.",
                "Was the file cut off? Export it again, or upload JSON Lines.",
                line=document.line(min(at, len(text))),
            )
    if at >= len(text):
        raise DataError(
            "Not valid JSON: the list never closes.", "Was the file cut off? Export it again.", line=document.line(at)
        )


def _array(document: _Document, start: int, rows: Rows) -> None:
    """An array of objects, or of arrays whose first one is the header."""
    header: list[str] | None = None
    for at, value in _elements(document, start):
        line = document.line(at)
        if isinstance(value, list) and header is None and not rows.seen and all(isinstance(v, str) for v in value):
            header = [str(name) for name in value]
        elif isinstance(value, list) and header is not None and len(value) == len(header):
            rows.add_record(json_values.record(dict(zip(header, value, strict=True))), line)
        else:
            _row(rows, value, line, document)
        if rows.full:
            return


def _row(rows: Rows, value: Any, line: int, document: _Document) -> None:
    if not isinstance(value, dict) or not value:
        rows.reject(line, "not a JSON object (a row is written {…})")
        return
    document.odd.note_row(rows.seen)
    rows.add_record(json_values.record(value), line)


def _objects(document: _Document, start: int, rows: Rows) -> list[Finding]:
    """One object that wraps the rows, or many objects set end to end."""
    value, end = document.value(start)
    after = document.skip(end)
    if after >= len(document.text) and isinstance(value, dict):
        return _one_object(document, value, rows)
    at, first = start, True
    while at < len(document.text):
        if not first:
            value, end = document.value(at)
        first = False
        _row(rows, value, document.line(at), document)
        at = document.skip(end)
        if at < len(document.text) and document.text[at] == ",":
            at = document.skip(at + 1)
        if rows.full:
            break
    text = "The objects stand one after the other without a list around them; each was read as a row."
    return [Finding("json_form", "note", text)]


def _one_object(document: _Document, value: dict[str, Any], rows: Rows) -> list[Finding]:
    parts = {key: names.part(key) for key, item in value.items() if isinstance(item, list)}
    if parts and all(parts.values()):
        for key, part in parts.items():
            for item in value[key]:
                _row(rows, {**item, "split": part} if isinstance(item, dict) else item, 1, document)
        return [
            Finding("json_form", "note", f"The rows stand under {', '.join(parts)}; that became the column 'split'.")
        ]
    for key, item in value.items():
        if (
            isinstance(item, list)
            and key not in names.CONVERSATION
            and (key in WRAPPERS or len(value) == 1)
            and any(isinstance(i, dict) for i in item)
        ):
            for element in item:
                _row(rows, element, 1, document)
            return [Finding("json_form", "note", f"The rows stand under the key '{key[:40]}'.")]
    columns = _columns(value)
    if columns is None:
        _row(rows, value, 1, document)
        return [Finding("json_form", "note", "The file is one JSON object; it was read as one row.")]
    for cells in zip(*columns.values(), strict=True):
        _row(rows, dict(zip(columns, cells, strict=True)), 1, document)
    return [Finding("json_form", "note", "The file holds columns, not rows; they were turned around.")]


def _columns(value: dict[str, Any]) -> dict[str, list[Any]] | None:
    """`{"text": [...], "label": [...]}`, and what pandas writes: columns of numbered cells, or columns and data."""
    if set(value) >= {"columns", "data"} and isinstance(value["columns"], list) and isinstance(value["data"], list):
        width = len(value["columns"])
        if all(isinstance(row, list) and len(row) == width for row in value["data"]):
            return {str(name): [row[i] for row in value["data"]] for i, name in enumerate(value["columns"])}
    lists = {key: list(item.values()) if isinstance(item, dict) else item for key, item in value.items()}
    if len(lists) < 2 or not all(isinstance(item, list) for item in lists.values()):
        return None
    lengths = {len(item) for item in lists.values()}
    return lists if len(lengths) == 1 and lengths != {0} else None
