"""Rows of cells with the line each begins at: quickly where quotes are sound, carefully where they are not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from advisor.errors import DataError
from experiments.dataset import limits
from experiments.dataset.formats.dialect import Dialect
from experiments.dataset.table import Rows

REPAIRS = 50


class Suspicious(Exception):
    """Quotes do not close where they should: the text has to be read carefully, from its beginning."""


def quick(text: io.TextIOWrapper, dialect: Dialect, skip: int) -> Iterator[tuple[int, list[str]]]:
    """Every row as the csv module reads it, after `skip` lines; `Suspicious` when a row of several looks wrong."""
    for _ in range(skip):
        text.readline()
    reader = csv.reader(text, **dialect.options())
    before, several = skip, False
    try:
        for cells in reader:
            here = skip + reader.line_num
            several = here - before > 1
            if several and len(cells) != dialect.width:
                raise Suspicious
            if cells:
                yield before + 1, cells
            before = here
    except csv.Error as error:
        raise Suspicious from error
    if several:
        raise Suspicious  # only the last row of a file can hold a quote that is still open


class Lines:
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


class Careful:
    """Rows of cells with the line each begins at; a quote that never closes costs one line, not the rest."""

    def __init__(self, lines: Lines, dialect: Dialect, rows: Rows) -> None:
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
            if len(lines.kept) > 1 and (why := self._quote_problem(cells)):
                lines.give_back()
                reader = self._csv()
                self._rows.reject(begins, why)
                continue
            if cells:
                yield begins, cells

    def _csv(self) -> Iterator[list[str]]:
        return csv.reader(self._lines, **self._dialect.options())

    def _quote_problem(self, cells: list[str]) -> str:
        """A row of several lines whose quotes are wrong; its first line is given up, the others are read again."""
        at_end = self._at_end()
        if not at_end and len(cells) == self._dialect.width:
            return ""
        try:
            for _ in csv.reader(self._lines.kept, strict=True, **self._dialect.options()):
                pass
        except csv.Error as error:
            self._repairs += 1
            if self._repairs > REPAIRS:
                return ""
            never = at_end and "unexpected end" in str(error)
            return "a quote opens here and never closes" if never else "a quote stands in the wrong place here"
        return ""

    def _at_end(self) -> bool:
        try:
            line = next(self._lines)
        except StopIteration:
            return True
        self._lines.number -= 1
        self._lines.kept.pop()
        self._lines._again.append(line)
        return False
