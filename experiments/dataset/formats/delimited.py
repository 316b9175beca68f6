"""CSV and its kin: commas, semicolons, tabs or bars; cells stay the text they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset import encodings, limits
from experiments.dataset.formats import dialect as dialects
from experiments.dataset.formats import header as headers
from experiments.dataset.source import Source
from experiments.dataset.table import Rows, Table

NAME = "delimited"
REPORT_EVERY_ROWS = 20_000
REPAIRS = 50


def read(source: Source, encoding: encodings.Encoding) -> Table:
    """Every row of a delimited text; rows of another width are rejected with their line."""
    csv.field_size_limit(limits.CELL_CHARACTERS)
    text = source.text(encoding.codec, encoding.errors)
    try:
        return _read(source, text, encoding)
    except csv.Error as error:
        raise DataError(
            f"The text cannot be cut into cells ({error}).", "Look for a quote that opens and never closes."
        ) from error
    finally:
        text.detach()


def _read(source: Source, text: io.TextIOWrapper, encoding: encodings.Encoding) -> Table:
    sample = text.read(dialects.SAMPLE_CHARACTERS)
    if not sample.replace("\x00", "").strip("\ufeff \t\r\n,;|"):
        raise DataError("The file is empty: it holds only blanks and line ends.", "Upload a file with rows in it.")
    text.seek(0)
    lines = _Lines(text)
    first = sample.lstrip("\ufeff").splitlines()[0].strip() if sample.strip() else ""
    if first.lower().startswith("sep=") and len(first) == 5 and first[4] in dialects.DELIMITERS:
        next(lines)
        sample = sample.split("\n", 1)[-1]
    dialect = dialects.sniff(sample)
    rows = Rows(dialect.name(), encoding.name, most=source.most_rows)
    reader = _Reader(lines, dialect, rows)
    findings = _fill(source, rows, reader, dialect)
    findings += encoding.findings
    if dialect.space_after:
        findings.append(Finding("spaces", "note", "The space after each comma was taken as part of the delimiter."))
    table = rows.table(findings)
    table.names, table.same_name, changed = headers.unique_names(rows.names)
    table.findings += changed
    return table


class _Lines:
    """The lines of the text, counted, the ones of the row being read kept for repair."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._again: list[str] = []
        self.number = 0
        self.kept: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._text.readline(limits.LINE_CHARACTERS + 1)
        if not line:
            raise StopIteration
        if len(line) > limits.LINE_CHARACTERS:
            raise DataError(
                f"A line is longer than {limits.LINE_CHARACTERS:,} characters.",
                "Look whether line ends are missing.",
                line=self.number + 1,
            )
        self.number += 1
        self.kept.append(line)
        return line

    def give_back(self) -> None:
        """All kept lines but the first are read once more."""
        self.number -= len(self.kept) - 1
        self._again.extend(reversed(self.kept[1:]))
        self.kept.clear()


class _Reader:
    """Rows of cells with the line each begins at; a quote that never closes costs one line, not the rest."""

    def __init__(self, lines: _Lines, dialect: dialects.Dialect, rows: Rows) -> None:
        self._lines = lines
        self._dialect = dialect
        self._rows = rows
        self._repairs = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        lines = self._lines
        reader = self._csv()
        while True:
            lines.kept.clear()
            begins = lines.number + 1
            cells = next(reader, None)
            if cells is None:
                return
            if len(lines.kept) > 1 and self._never_closes():
                lines.give_back()
                reader = self._csv()
                self._rows.reject(begins, "a quote opens here and never closes")
                continue
            if cells:
                yield begins, cells

    def _csv(self) -> Iterator[list[str]]:
        return csv.reader(self._lines, **self._dialect.options())

    def _never_closes(self) -> bool:
        """Only the last row of a file can hold a quote that is still open."""
        if not self._lines.kept[-1].endswith(("\n", "\r")) or self._at_end():
            try:
                for _ in csv.reader(self._lines.kept, strict=True, **self._dialect.options()):
                    pass
            except csv.Error as error:
                self._repairs += 1
                return "unexpected end" in str(error) and self._repairs <= REPAIRS
        return False

    def _at_end(self) -> bool:
        try:
            line = next(self._lines)
        except StopIteration:
            return True
        self._lines.number -= 1
        self._lines.kept.pop()
        self._lines._again.append(line)
        return False


def _fill(source: Source, rows: Rows, reader: _Reader, dialect: dialects.Dialect) -> list[Finding]:
    """Header first, from the first rows; then every row, checked for its width."""
    stream = iter(reader)
    first: list[tuple[int, list[str]]] = []
    for numbered in stream:
        first.append(numbered)
        if len(first) >= dialects.SAMPLE_ROWS:
            break
    found = headers.find(
        [cells for _, cells in first], [line for line, _ in first], dialect.width, source.choices.header
    )
    if found.index is None:
        rows.open([f"column {number + 1}" for number in range(dialect.width)])
        start = 0
    else:
        _open(rows, first[found.index][1])
        start = found.index + 1
    for line, cells in first[start:]:
        _add(rows, line, cells)
    first.clear()
    for line, cells in stream:
        _add(rows, line, cells)
        if rows.full:
            break
        if rows.seen % REPORT_EVERY_ROWS == 0:
            source.progress("read", min(1.0, source.file.tell() / max(1, source.size)))
    return list(found.findings)


def _open(rows: Rows, cells: list[str]) -> None:
    """Names as they stand; they are made unique later, so duplicates are opened here by place."""
    while len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    if len(cells) > limits.COLUMNS:
        raise DataError(
            f"The header has more than {limits.COLUMNS:,} columns.", "Keep the columns you need and try again."
        )
    rows.names = list(cells)
    rows.columns = [[] for _ in cells]


def _add(rows: Rows, line: int, cells: list[str]) -> None:
    width = len(rows.names)
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) == width:
        if rows.full:
            return
        if any(cells) and any(cell.strip() for cell in cells):
            rows.add(cells, line)
        return
    if len(cells) == 1 and not cells[0].strip():
        return
    count = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
    rows.reject(line, f"{count} where the header has {width}")
