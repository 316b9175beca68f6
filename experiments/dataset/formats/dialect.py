"""How a delimited text is delimited and quoted, judged on its first rows by how regular it becomes."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

SAMPLE_CHARACTERS = 1 << 18
SAMPLE_ROWS = 400
DELIMITERS = (",", ";", "\t", "|")
# below this share of rows with the same number of cells a sign is not a delimiter
REGULAR_SHARE = 0.6
STRAY_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Dialect:
    """The settings of the csv module that make this text regular. `width` cells per row; 1: no delimiter."""

    delimiter: str
    quoted: bool = True
    escaped: bool = False
    space_after: bool = False
    width: int = 1

    def options(self) -> dict[str, Any]:
        """Keyword arguments for `csv.reader`."""
        return {
            "delimiter": self.delimiter,
            "quoting": csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            "doublequote": not self.escaped,
            "escapechar": "\\" if self.escaped else None,
            "skipinitialspace": self.space_after,
        }

    def name(self) -> str:
        """The format as a person would say it."""
        return {",": "CSV", ";": "CSV with semicolons", "\t": "TSV", "|": "CSV with bars"}[self.delimiter]


def sniff(sample: str) -> Dialect:
    """The most regular reading of the sample; a comma and one column when nothing is regular."""
    lines = sample.splitlines(keepends=True)
    if len(sample) >= SAMPLE_CHARACTERS and len(lines) > 1:
        lines.pop()
    escaped = '\\"' in sample and '""' not in sample
    best, best_regular = Dialect(","), 0.0
    for delimiter in DELIMITERS:
        space_after = delimiter == "," and _space_follows(lines, delimiter)
        for quoted in (True, False):
            dialect = Dialect(delimiter, quoted, escaped and quoted, space_after)
            if not quoted and not _quotes_are_text(lines, Dialect(delimiter, True, escaped, space_after)):
                continue
            width, regular = _regularity(lines, dialect)
            ahead = regular - best_regular
            if (
                width > 1
                and regular >= REGULAR_SHARE
                and (ahead > 1e-9 or (delimiter == "\t" and not quoted and ahead >= 0))
            ):
                best, best_regular = replace(dialect, width=width), regular
    return best


def _quotes_are_text(lines: list[str], dialect: Dialect) -> bool:
    """Quotes that do not enclose whole cells: read as quotes they would vanish from the text.

    Between tabs one such line is enough; between commas quotes are needed, so it takes a fifth of the lines.
    """
    quoted = [line for line in lines[:SAMPLE_ROWS] if '"' in line]
    broken = sum(_stray_quote(line, dialect) for line in quoted)
    return broken > 0 and (dialect.delimiter == "\t" or broken > STRAY_SHARE * len(quoted))


def _stray_quote(line: str, dialect: Dialect) -> bool:
    try:
        for _ in csv.reader([line], strict=True, **dialect.options()):
            pass
    except csv.Error as error:
        return "expected after" in str(error)
    return False


def _regularity(lines: list[str], dialect: Dialect) -> tuple[int, float]:
    """The usual number of cells, and the share of rows that have it."""
    widths: Counter[int] = Counter()
    try:
        for count, row in enumerate(csv.reader(lines, **dialect.options())):
            if count >= SAMPLE_ROWS:
                break
            while len(row) > 1 and not row[-1].strip():
                row.pop()
            if row and any(cell.strip() for cell in row):
                widths[len(row)] += 1
    except csv.Error:
        return 1, 0.0
    if not widths:
        return 1, 0.0
    total = sum(widths.values())
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 1, 0.0
    width = max(wide, key=lambda cells: (wide[cells], cells))
    return width, wide[width] / total


def _space_follows(lines: list[str], delimiter: str) -> bool:
    """`a, "b"` or `a, b` in every row: the space belongs to the delimiter."""
    joined = "".join(lines[:SAMPLE_ROWS])
    if joined.count(f'{delimiter} "') >= 2 and joined.count(f'{delimiter}"') == 0:
        return True
    rows = [row for row in csv.reader(lines[1:SAMPLE_ROWS], delimiter=delimiter) if len(row) > 1]
    spaced = sum(all(cell.startswith(" ") and not cell.startswith("  ") for cell in row[1:]) for row in rows)
    return len(rows) >= 3 and spaced >= 0.98 * len(rows)
