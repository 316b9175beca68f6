"""The parts of an .xlsx file, read as a stream: names of sheets, strings, which numbers are dates, and cells."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from advisor.errors import DataError
from experiments.dataset import limits
from experiments.dataset.formats import workbook_dates as dates

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
RELATION = re.compile(r"\{.*relationships\}id$")
ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the part that holds it, whether it is hidden."""

    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class Row:
    """One row as it stands: its number from 1, its cells by column from 0, formulas whose value is not stored."""

    number: int
    hidden: bool
    cells: dict[int, str]
    unknown: list[int] = field(default_factory=list)


class Workbook:
    """An open .xlsx; every byte that is inflated is counted, and no external entity is ever read."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._inflated = 0
        self._cells = 0
        self.sheets: list[Sheet] = []
        self._epoch = datetime.datetime(1899, 12, 30)
        self._read_workbook()
        self._strings: list[str] | None = None
        self._dates: list[bool] | None = None

    def _stream(self, part: str) -> Iterator[tuple[str, Any]]:
        """Elements of one XML part, at their start and end."""
        from defusedxml.ElementTree import iterparse

        with self._archive.open(part) as raw:
            for event, element in iterparse(_Counted(raw, self), events=("start", "end")):
                element.tag = element.tag.replace(STRICT, MAIN)
                yield event, element

    def count(self, size: int) -> None:
        """Bytes inflated so far; the sizes written in the archive are not trusted."""
        self._inflated += size
        if self._inflated > limits.XLSX_PART_BYTES:
            raise DataError(
                f"The workbook inflates to more than {limits.XLSX_PART_BYTES // limits.MIB} MB; reading was stopped.",
                "Save the sheet as CSV: that may be larger.",
            )

    def _read_workbook(self) -> None:
        targets = {
            element.get("Id"): element.get("Target", "")
            for event, element in self._stream("xl/_rels/workbook.xml.rels")
            if event == "end" and element.tag.endswith("}Relationship")
        }
        for event, element in self._stream("xl/workbook.xml"):
            if event != "end":
                continue
            if element.tag == f"{MAIN}workbookPr" and element.get("date1904") in ("1", "true"):
                self._epoch = datetime.datetime(1904, 1, 1)
            if element.tag == f"{MAIN}sheet":
                key = next((value for name, value in element.attrib.items() if RELATION.match(name)), None)
                target = str(targets.get(key, ""))
                part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if part in self._archive.namelist():
                    hidden = element.get("state", "visible") != "visible"
                    self.sheets.append(Sheet(str(element.get("name")), part, hidden))

    def strings(self) -> list[str]:
        """The shared strings, pronunciation guides left out."""
        if self._strings is None:
            self._strings = []
            if "xl/sharedStrings.xml" in self._archive.namelist():
                for event, element in self._stream("xl/sharedStrings.xml"):
                    if event == "end" and element.tag == f"{MAIN}si":
                        self._strings.append(_text(element))
                        element.clear()
        return self._strings

    def dates(self) -> list[bool]:
        """For each cell style: does it show a number as a date?"""
        if self._dates is None:
            self._dates = []
            own: dict[int, bool] = {}
            inside = False
            if "xl/styles.xml" not in self._archive.namelist():
                return self._dates
            for event, element in self._stream("xl/styles.xml"):
                if element.tag == f"{MAIN}cellXfs":
                    inside = event == "start"
                elif event == "end" and element.tag == f"{MAIN}numFmt":
                    own[int(element.get("numFmtId", 0))] = dates.is_date(element.get("formatCode", ""))
                elif event == "end" and inside and element.tag == f"{MAIN}xf":
                    number = int(element.get("numFmtId", 0))
                    self._dates.append(own.get(number, number in dates.FORMATS))
        return self._dates

    def rows(self, sheet: Sheet, merged: list[str], most: int | None = None) -> Iterator[Row]:
        """The rows that hold anything; references of merged cells are added to `merged` at the end."""
        expected = 1
        seen = 0
        data: Any = None
        for event, element in self._stream(sheet.part):
            if event == "start":
                if element.tag == f"{MAIN}sheetData":
                    data = element
                continue
            if element.tag == f"{MAIN}row":
                row = self._row(element, expected)
                expected = row.number + 1
                element.clear()
                if data is not None:
                    data.clear()
                if row.cells or row.unknown:
                    seen += 1
                    yield row
                    if most is not None and seen >= most:
                        return
            elif element.tag == f"{MAIN}mergeCell" and element.get("ref"):
                merged.append(element.get("ref"))

    def _row(self, element: Any, expected: int) -> Row:
        row = Row(int(element.get("r", expected)), element.get("hidden") in ("1", "true"), {})
        place = 0
        for cell in element:
            if not cell.tag.endswith("}c"):
                continue
            self._cells += 1
            if self._cells > limits.XLSX_CELLS:
                raise DataError(
                    f"The workbook has more than {limits.XLSX_CELLS:,} cells.",
                    "Save the sheet as CSV: that may be larger.",
                )
            reference = REFERENCE.fullmatch(cell.get("r", ""))
            place = column_number(reference.group(1)) if reference else place
            value = self._value(cell)
            if value is None:
                row.unknown.append(place)
            elif value:
                row.cells[place] = value
            place += 1
        return row

    def _value(self, cell: Any) -> str | None:
        """The cell's text; None for a formula whose value was never stored."""
        kind = cell.get("t", "n")
        formula = value = inline = None
        for child in cell:
            tag = child.tag.rsplit("}", 1)[-1]
            if tag == "f":
                formula = child
            elif tag == "v":
                value = child.text
            elif tag == "is":
                inline = _text(child)
        if inline is not None:
            return inline
        if value is None or value == "":
            return None if formula is not None else ""
        if kind == "s":
            return self._shared(value)
        if kind == "b":
            return "TRUE" if value in ("1", "true") else "FALSE"
        if kind in ("str", "e", "d"):
            return _unescaped(value)
        return self._number(value, int(cell.get("s", 0)))

    def _shared(self, value: str) -> str:
        index, strings = int(value), self.strings()
        if not 0 <= index < len(strings):
            raise DataError("The workbook is damaged: a cell points to a text that is not there.", "Save it again.")
        return strings[index]

    def _number(self, value: str, style: int) -> str:
        number = float(value)
        shows_date = self.dates()
        if style < len(shows_date) and shows_date[style] and 0 <= number < 2_958_466:
            return dates.written(self._epoch, number)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


class _Counted:
    """A stream that counts what it inflates."""

    def __init__(self, raw: IO[bytes], book: Workbook) -> None:
        self._raw = raw
        self._book = book

    def read(self, size: int = -1) -> bytes:
        chunk = self._raw.read(min(size, 1 << 16) if size > 0 else 1 << 16)
        self._book.count(len(chunk))
        return chunk


def column_number(letters: str) -> int:
    """`A` → 0, `Z` → 25, `AA` → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _text(element: Any) -> str:
    parts: list[str] = []
    for child in element:
        tag = child.tag.rsplit("}", 1)[-1]
        if tag == "t":
            parts.append(child.text or "")
        elif tag == "r":
            parts += [piece.text or "" for piece in child if piece.tag.endswith("}t")]
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    return ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text
