"""CSV and its kin: commas, semicolons, tabs or bars; cells stay the text they are."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset import encodings, limits, text_kinds
from experiments.dataset.formats import csv_rows
from experiments.dataset.formats import dialect as dialects
from experiments.dataset.formats import header as headers
from experiments.dataset.source import Source
from experiments.dataset.table import Rows, Table

NAME = "delimited"
REPORT_EVERY_ROWS = 20_000
# assumption: where so many lines have another number of cells, the text was cut at the wrong sign or is no table
IRREGULAR_SHARE, IRREGULAR_LINES = 0.25, 3
AGAIN = "the header again"
OTHER_WIDTH = "where the header has {}"
# what R's numbers of rows are called here
ROW = "row"
UNNAMED = Finding(
    "header",
    "note",
    "The header has one name fewer than the rows have cells; the numbers before the rows, as R writes them, were named "
    f"'{ROW}'.",
)
QUOTE = "Export it with every text in quotes, or as JSON Lines; if it was cut at the wrong sign, say --delimiter."
# the first two lines, each one quoted cell with delimiters in it
WHOLE = re.compile(r'\ufeff?"[^"\n]*[,;\t|][^"\n]*"\r?\n"(?:[^"\n]|"")*[,;\t|](?:[^"\n]|"")*"\r?(?:\n|$)')


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
        raise DataError("The file is empty: it holds only blanks and line ends.", "Give a file with rows in it.")
    first = sample.lstrip("\ufeff").splitlines()[0].strip()
    skip = int(first.lower().startswith("sep=") and len(first) == 5 and first[4] in dialects.DELIMITERS)
    wanted = source.choices.delimiter
    dialect = dialects.sniff(
        sample.split("\n", 1)[-1] if skip else sample, None if wanted is None else dialects.chosen(wanted)
    )
    text_kinds.refuse(sample, one_column=dialect.width == 1)
    if dialect.width == 1 and WHOLE.match(sample):
        raise DataError(
            "Each line stands between quotes as a whole, so that it has only one cell.",
            "Take the outer quotes away, or export the table again.",
            line=1,
        )
    rows, findings = _rows(source, text, encoding, dialect, skip)
    findings += encoding.findings
    if dialect.space_after:
        findings.append(Finding("spaces", "note", "The space after each comma was taken as part of the delimiter."))
    table = rows.table(findings)
    table.names, table.same_name, changed = headers.unique_names(rows.names)
    table.findings += [*changed, *_irregular(rows)]
    return table


def _irregular(rows: Rows) -> list[Finding]:
    """Too many lines of another width: more than a few slips."""
    lines = [item.line for item in rows.rejected if item.why != AGAIN]
    if len(lines) < max(IRREGULAR_LINES, IRREGULAR_SHARE * rows.seen) or not rows.lines:
        return []
    text = (
        f"{len(lines):,} of {rows.seen:,} lines have another number of cells than the header ({len(rows.names)}), "
        f"the first is line {lines[0]:,}. This is no table, or texts hold the delimiter without quotes around them."
    )
    return [Finding("irregular_lines", "error", text, mend=QUOTE, flag="--delimiter")]


def _rows(
    source: Source, text: io.TextIOWrapper, encoding: encodings.Encoding, dialect: dialects.Dialect, skip: int
) -> tuple[Rows, list[Finding]]:
    """Read quickly; where quotes turn out to be wrong, once more and carefully."""
    try:
        text.seek(0)
        rows = Rows(dialect.name(), encoding.name, most=source.most_rows)
        return rows, _fill(source, rows, csv_rows.quick(text, dialect, skip), dialect)
    except csv_rows.Suspicious:
        text.seek(0)
        rows = Rows(dialect.name(), encoding.name, most=source.most_rows)
        lines = csv_rows.Lines(text)
        for _ in range(skip):
            next(lines)
        return rows, _fill(source, rows, iter(csv_rows.Careful(lines, dialect, rows)), dialect)


def _fill(
    source: Source, rows: Rows, stream: Iterator[tuple[int, list[str]]], dialect: dialects.Dialect
) -> list[Finding]:
    """Header first, from the first rows; then every row, checked for its width."""
    first: list[tuple[int, list[str]]] = []
    if dialect.framed:
        stream = _unframed(stream, dialect)
    for numbered in stream:
        first.append(numbered)
        if len(first) >= dialects.SAMPLE_ROWS:
            break
    found = headers.find(
        [cells for _, cells in first], [line for line, _ in first], dialect.width, source.choices.header
    )
    if found.index is None:
        rows.open([f"column {number + 1}" for number in range(dialect.width)])
    else:
        cells = list(found.names or first[found.index][1])
        if _names_of_rows(cells, [row for _, row in first[found.data_begins :]], dialect.width):
            cells.insert(0, ROW)
            found = replace(found, findings=(*found.findings, UNNAMED))
        _open(rows, cells, dialect.width)
    for line, cells in first[found.data_begins :]:
        _add(rows, line, cells)
    first.clear()
    for line, cells in stream:
        _add(rows, line, cells)
        if rows.full:
            break
        if rows.seen % REPORT_EVERY_ROWS == 0:
            source.progress("read", min(1.0, source.file.tell() / max(1, source.size)))
    return list(found.findings)


def _names_of_rows(header: list[str], below: list[list[str]], width: int) -> bool:
    """R writes the number of each row before it, and no name above the numbers."""
    if len(header) != width - 1 or not below or not all(cell.strip() for cell in header):
        return False
    first = [row[0] for row in below if len(row) == width]
    return (
        len(first) > IRREGULAR_SHARE * len(below)
        and len(set(first)) == len(first)
        and all(cell.isdigit() for cell in first)
    )


def _unframed(stream: Iterator[tuple[int, list[str]]], dialect: dialects.Dialect) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table in Markdown, without the rule under the header."""
    for line, row in stream:
        cells = dialect.cells(row)
        if not all(cell and set(cell) <= set(":-") for cell in cells):
            yield line, cells


def _open(rows: Rows, cells: list[str], width: int) -> None:
    """Names as they stand, empty ones only over cells; made unique later, so duplicates are opened here by place."""
    while len(cells) > width and not cells[-1].strip():
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
        if cells[-1] == rows.names[-1] and [*map(_bare, cells)] == [*map(_bare, rows.names)]:
            rows.reject(line, AGAIN)
            return
        if (not cells[0].isspace() and cells[0]) or any(cell.strip() for cell in cells):
            rows.add(cells, line)
        return
    if len(cells) == 1 and not cells[0].strip():
        return
    count = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
    rows.reject(line, f"{count} {OTHER_WIDTH.format(width)}")


def _bare(cell: str) -> str:
    return cell.lstrip("\ufeff")
