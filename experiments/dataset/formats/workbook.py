"""A spreadsheet (.xlsx): which sheet, where its header is, merged cells, hidden rows, formulas without values."""

from __future__ import annotations

import zipfile
from collections import Counter
from dataclasses import replace
from xml.etree.ElementTree import ParseError

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset import archives, limits
from experiments.dataset.formats import header as headers
from experiments.dataset.formats import workbook_sheets as sheets
from experiments.dataset.formats.workbook_parts import REFERENCE, Row, Sheet, Workbook, column_number
from experiments.dataset.source import Source
from experiments.dataset.table import Rows, Table, some
from experiments.dataset.together import part_of, together

NAME = "XLSX"
HEADER_ROWS = 400


def read(source: Source) -> Table:
    """The chosen sheet, or the one that looks most like a table."""
    from defusedxml.common import DefusedXmlException

    source.file.seek(0)
    try:
        with zipfile.ZipFile(source.file) as archive:
            _check(archive)
            return _read(source, Workbook(archive))
    except DefusedXmlException as error:
        raise DataError(
            "The workbook holds something a table never needs (XML entities).", "Save it as CSV."
        ) from error
    except (*archives.BROKEN, ParseError, KeyError, OverflowError) as error:
        raise DataError(
            "The workbook is damaged.", "Open it in a spreadsheet program, save it again and upload that."
        ) from error


def _check(archive: zipfile.ZipFile) -> None:
    if len(archive.infolist()) > limits.ARCHIVE_ENTRIES:
        raise DataError("The workbook has too many parts.", "Save the sheet as CSV.")
    packed = sum(entry.compress_size for entry in archive.infolist())
    inflated = sum(entry.file_size for entry in archive.infolist())
    if inflated > limits.XLSX_PART_BYTES and inflated > limits.INFLATED_RATIO * packed:
        raise DataError("The workbook inflates to far more than its size; it was not opened.", "Save the sheet as CSV.")


def _read(source: Source, book: Workbook) -> Table:
    if source.choices.sheet is None and (parts := sheets.parts(book)):
        tables = {sheet.name: _sheet_table(source, book, sheet) for sheet in parts}
        if len({tuple(sorted(table.names)) for table in tables.values()}) == 1:
            whole = together([(str(part_of(name)), table) for name, table in tables.items()])
            whole.findings = [sheets.read_together(book, parts), *whole.findings, *sheets.hidden(book)]
            return whole
    sheet, findings = sheets.choose(book, source.choices.sheet)
    table = _sheet_table(source, book, sheet)
    table.findings = [*findings, *table.findings]
    return table


def _sheet_table(source: Source, book: Workbook, sheet: Sheet) -> Table:
    """One sheet's rows, and what should be known about how they were read."""
    merged: list[str] = []
    rows: list[Row] = []
    for row in book.rows(sheet, merged):
        rows.append(row)
        if len(rows) > limits.XLSX_ROWS:
            raise DataError(
                f"The sheet has more than {limits.XLSX_ROWS:,} rows, the most that are read from a workbook.",
                f"Save it as CSV: then up to {limits.ROWS:,} rows are read.",
            )
    if not rows:
        raise DataError(f"The sheet '{sheet.name}' is empty.", "Name another sheet with --sheet.")
    findings: list[Finding] = []
    filled = _fill_merged(rows, merged) if source.choices.merged_cells != "leave" else []
    if source.choices.hidden_rows == "drop":
        hidden = [row.number for row in rows if row.hidden]
        rows = [row for row in rows if not row.hidden]
        if hidden:
            findings.append(Finding("hidden_rows", "note", f"{len(hidden):,} hidden rows were left out, as you said."))
    table, found = _table(source, rows, spanned=bool(rows) and _spans_columns(rows[0].number, merged))
    findings += [*found, *_said(table, rows, filled)]
    table.findings = findings
    return table


def _fill_merged(rows: list[Row], merged: list[str]) -> list[int]:
    """The value of merged cells stands in the first row only; the rows below get it. Returns the rows filled."""
    by_number = {row.number: row for row in rows}
    filled: set[int] = set()
    for reference in merged:
        ends = [REFERENCE.fullmatch(end) for end in reference.split(":")]
        if len(ends) != 2 or ends[0] is None or ends[1] is None:
            continue
        first, last = int(ends[0].group(2)), int(ends[1].group(2))
        column = column_number(ends[0].group(1))
        top = by_number.get(first)
        if top is None or column not in top.cells or last - first > len(rows):
            continue
        for number in range(first + 1, last + 1):
            row = by_number.get(number)
            if row is not None and column not in row.cells:
                row.cells[column] = top.cells[column]
                filled.add(number)
    return sorted(filled)


def _spans_columns(row: int, merged: list[str]) -> bool:
    """Does a cell of this row reach over several columns?"""
    ends = [[REFERENCE.fullmatch(end) for end in reference.split(":")] for reference in merged]
    pairs = [(a, b) for a, b in (pair for pair in ends if len(pair) == 2) if a is not None and b is not None]
    return any(int(a.group(2)) == row and a.group(1) != b.group(1) for a, b in pairs)


def _table(source: Source, rows: list[Row], *, spanned: bool) -> tuple[Table, list[Finding]]:
    ends = Counter(max([*row.cells, *row.unknown]) + 1 for row in rows[:HEADER_ROWS])
    width = max(ends, key=lambda end: (ends[end], end))
    first = [[row.cells.get(column, "") for column in range(width)] for row in rows[:HEADER_ROWS]]
    found = headers.find(
        first, [row.number for row in rows[:HEADER_ROWS]], width, source.choices.header, spanned=spanned
    )
    grown = Rows(NAME, most=source.most_rows)
    if found.index is None:
        cells = [f"column {number + 1}" for number in range(width)]
    else:
        cells = [
            found.names[column] if found.names else rows[found.index].cells.get(column, "")
            for column in range(max(width, *(c + 1 for c in rows[found.index].cells)))
        ]
    if len(cells) > limits.COLUMNS:
        raise DataError(f"The sheet has more than {limits.COLUMNS:,} columns.", "Keep the columns you need.")
    grown.names = cells
    grown.columns = [[] for _ in cells]
    for row in rows[found.data_begins :]:
        if grown.full:
            break
        grown.add([row.cells.get(column) for column in range(len(cells))], row.number)
    table = grown.table()
    table.names, table.same_name, changed = headers.unique_names(cells)
    return table, [*(_sure(finding) for finding in found.findings), *changed]


def _sure(finding: Finding) -> Finding:
    """Titles above a table are usual in a sheet: said, but no reason to stop."""
    titles = "above" in finding.text
    return replace(finding, severity="note") if titles else finding


def _said(table: Table, rows: list[Row], filled: list[int]) -> list[Finding]:
    """What a person should know about how the cells were read."""
    position = dict(zip(table.lines, table.positions, strict=True))
    found: list[Finding] = []
    if filled:
        here = [position[number] for number in filled if number in position]
        text = f"{len(here):,} rows had an empty merged cell; it was given the value of the first merged row."
        found.append(
            Finding(
                "merged_cells",
                "warn",
                text,
                some(here),
                "Say --merged-cells leave to keep them empty.",
                "--merged-cells",
                ("fill", "leave"),
            )
        )
    hidden = [row.number for row in rows if row.hidden and row.number in position]
    if hidden:
        text = f"{len(hidden):,} rows are hidden in the spreadsheet (row {_listed(hidden)}); they were kept."
        found.append(
            Finding(
                "hidden_rows",
                "warn",
                text,
                some([position[n] for n in hidden]),
                "Say --hidden-rows drop to leave them out.",
                "--hidden-rows",
                ("keep", "drop"),
            )
        )
    unknown = [row.number for row in rows if row.unknown and row.number in position]
    if unknown:
        text = f"{len(unknown):,} rows have formulas without a stored value (row {_listed(unknown)})."
        found.append(
            Finding(
                "formulas",
                "warn",
                text,
                some([position[n] for n in unknown]),
                "Open the file in a spreadsheet program and save it: that stores the values.",
            )
        )
    return found


def _listed(numbers: list[int]) -> str:
    return ", ".join(str(number) for number in numbers[:10]) + (" …" if len(numbers) > 10 else "")
