"""A JSON file that is one document: an array of rows, a wrapper around one, columns, or objects set end to end."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset import encodings, limits
from experiments.dataset.formats import json_lists, json_values, json_wrapped, tool_exports
from experiments.dataset.source import Source
from experiments.dataset.table import Rows, Table

NAME = "JSON"
BLANK = " \t\r\n\ufeff\x1e"


def read(source: Source, encoding: encodings.Encoding) -> Table:
    """The rows of the document, each with the line it begins at."""
    text = source.bytes().decode(encoding.codec, encoding.errors)
    document = _Document(text)
    start = document.skip(0)
    if start >= len(text):
        raise DataError("The file is empty: it holds only blanks and line ends.", "Give a file with rows in it.")
    rows = Rows(NAME, encoding.name, most=source.most_rows)
    findings: list[Finding] = list(encoding.findings)
    if text[start] == "[":
        findings += _array(document, start, rows, source.choices.header)
    else:
        findings += _objects(document, start, rows)
    return rows.table([*findings, *document.odd.findings()])


class _Document:
    """The text, a decoder over it, and the line of any place in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.odd = json_values.Oddities()
        self._decoder = self.odd.decoder()
        self._line_starts: list[int] = []

    def skip(self, at: int) -> int:
        """The next place that is not blank."""
        while at < len(self.text) and self.text[at] in BLANK:
            at += 1
        return at

    def line(self, at: int) -> int:
        if not self._line_starts:
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
                f"Not valid JSON: {json_values.complaint(error).rstrip(',')}, {self._place(error.pos)}.",
                "Was the file cut off? Export it again, or mend that place.",
                line=self.line(error.pos),
            ) from error
        except (RecursionError, ValueError) as error:
            raise self._deep(at) from error
        if json_values.too_deep(value):
            raise self._deep(at)
        return value, end

    def _place(self, at: int) -> str:
        return f"line {self.line(at):,}, character {at - self._line_starts[self.line(at) - 1] + 1:,}"

    def _deep(self, at: int) -> DataError:
        return DataError(
            f"The JSON is nested more than {limits.JSON_DEPTH} levels deep, or holds a number that is too long.",
            'Give a list of objects such as {"text": …, "label": …}.',
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


def _array(document: _Document, start: int, rows: Rows, choice: str | None) -> list[Finding]:
    """An array of objects, or of lists that are rows."""
    lists: list[tuple[int, Any]] | None = None
    for at, value in _elements(document, start):
        line = document.line(at)
        if isinstance(value, list) and not rows.seen and lists is None:
            lists = []
        if lists is None:
            _row(rows, value, line, document)
        else:
            lists.append((line, value))
        if rows.full or (rows.most is not None and lists is not None and len(lists) > 2 * rows.most):
            break
    return [] if lists is None else json_lists.add(rows, lists, choice)


def _row(rows: Rows, value: Any, line: int, document: _Document) -> None:
    for found in tool_exports.expand(value):
        if not isinstance(found, dict) or not found:
            rows.reject(line, "not a JSON object (a row is written {…})")
            continue
        document.odd.note_row(rows.seen)
        rows.add_record(json_values.record(found), line)


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
    found = json_wrapped.unwrap(value)
    for row in found.rows:
        _row(rows, row, 1, document)
        if rows.full:
            break
    return [Finding("json_form", "note", found.said)]
