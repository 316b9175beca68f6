"""Which sheets of a workbook are read: the named one, the parts of one set, or the one that looks most like a table."""

from __future__ import annotations

import re

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset.formats.workbook_parts import Sheet, Workbook
from experiments.dataset.together import part_of, parts_of
from experiments.dataset.wording import said

PEEK_ROWS = 200
# sheets that explain the others
NOTES = re.compile(
    r"read[ _-]?me|notes?|about|info|legend|instructions?|change[ _-]?log|meta(?:data)?|guidelines?|glossary"
    r"|code[ _-]?book|(?:data[ _-]?)?dictionary|summary|overview|hinweise?|notizen"
    r"|legende|anleitung|übersicht|notas?|leyenda",
    re.IGNORECASE,
)


def parts(book: Workbook) -> list[Sheet]:
    """The sheets called train, test and so on, if every other one only explains them or holds no table."""
    full = [sheet for sheet in book.sheets if not sheet.hidden and _points(book, sheet) > 0]
    named = [sheet for sheet in full if part_of(sheet.name)]
    others = [sheet for sheet in full if sheet not in named]
    explained = all(_explains(sheet) or not _has_columns(book, sheet) for sheet in others)
    return named if explained and parts_of([sheet.name for sheet in named]) else []


def read_together(book: Workbook, named: list[Sheet]) -> Finding:
    """The sentence about sheets that are parts of one set, and about those left alone."""
    listed = ", ".join(f"'{sheet.name}'" for sheet in named)
    text = f"The sheets {listed} were read together, as the parts their names say."
    left = [sheet for sheet in book.sheets if not sheet.hidden and sheet not in named and _points(book, sheet) > 0]
    if left:
        text += f" Not read: {', '.join(f'{sheet.name!r}' for sheet in left[:6])}."
    return Finding("sheet", "note", text, flag="--sheet", options=tuple(sheet.name for sheet in left))


def choose(book: Workbook, wanted: str | None) -> tuple[Sheet, list[Finding]]:
    """The sheet to read; several with content are a question."""
    if not book.sheets:
        raise DataError("The workbook has no sheet with cells.", "Save the table as CSV and upload that.")
    listed = ", ".join(f"'{sheet.name}'" for sheet in book.sheets[:10])
    if wanted is not None:
        named = [sheet for sheet in book.sheets if sheet.name == wanted]
        named = named or [sheet for sheet in book.sheets if sheet.name.strip().lower() == wanted.strip().lower()]
        if not named and wanted.isdigit() and 1 <= int(wanted) <= len(book.sheets):
            named = [book.sheets[int(wanted) - 1]]
        if not named:
            raise DataError(f"There is no sheet '{wanted}'.", f"The workbook has {listed}; name one with --sheet.")
        return named[0], []
    visible = [sheet for sheet in book.sheets if not sheet.hidden] or book.sheets
    points = {sheet.name: _points(book, sheet) for sheet in visible}
    full = [sheet for sheet in visible if points[sheet.name] > 0]
    if not full:
        raise DataError("Every sheet of the workbook is empty.", "Give a file with rows in it.")
    tables = [sheet for sheet in full if not _explains(sheet)] or full
    best = max(tables, key=lambda sheet: points[sheet.name])
    findings: list[Finding] = []
    if len(full) > 1:
        options = (best.name, *(sheet.name for sheet in full if sheet is not best))
        text = f"The workbook has {len(full)} sheets ({listed}). '{best.name}' looks most like a table."
        findings.append(
            Finding(
                "sheet",
                "ask",
                text,
                mend=f"Say which with --sheet, for example {said('--sheet', best.name)}.",
                flag="--sheet",
                options=options,
            )
        )
    return best, findings + hidden(book)


def hidden(book: Workbook) -> list[Finding]:
    """Hidden sheets are not read, and that is said."""
    count = sum(sheet.hidden for sheet in book.sheets)
    return [Finding("hidden_sheets", "note", f"{count} hidden sheets were not read.")] if count else []


def _points(book: Workbook, sheet: Sheet) -> int:
    """Rows with at least two cells count most."""
    rows = list(book.rows(sheet, [], PEEK_ROWS))
    return sum(10 for row in rows if len(row.cells) > 1) + len(rows)


def _explains(sheet: Sheet) -> bool:
    return NOTES.fullmatch(sheet.name.strip()) is not None


def _has_columns(book: Workbook, sheet: Sheet) -> bool:
    """Most rows have two cells and more."""
    rows = list(book.rows(sheet, [], PEEK_ROWS))
    return 2 * sum(len(row.cells) > 1 for row in rows) > len(rows)
