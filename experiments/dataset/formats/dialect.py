"""How a delimited text is delimited and quoted, judged on its first rows by how regular it becomes."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from advisor.errors import DataError
from experiments.dataset.several_labels import SEPARATOR_WORDS

SAMPLE_CHARACTERS = 1 << 18
SAMPLE_ROWS = 400
NAMES = {
    ",": "CSV",
    ";": "CSV with semicolons",
    "\t": "TSV",
    "|": "CSV with bars",
    "^": "CSV with carets",
    "~": "CSV with tildes",
}
DELIMITERS = tuple(NAMES)
# below this share of rows with the same number of cells a sign is not a delimiter
REGULAR_SHARE = 0.6
STRAY_SHARE = 0.2
# in so many lines a cell must stand between single quotes for them to be quotes, not apostrophes
SINGLE_QUOTED_SHARE = 0.9
# a quote inside a text after a backslash, and a quote written twice; an empty cell is neither
ESCAPED = re.compile(r'\\"[^"]')
DOUBLED = re.compile(r'(?<![\\,;\t|^~\r\n])""(?![,;\t|^~\r\n])')
# the line under the header of a table in Markdown
RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?\s*|\s*\|\s*:?-{2,}:?\s*\|\s*")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The settings of the csv module that make this text regular. `width` cells per row; 1: no delimiter.

    `framed`: a table in Markdown, with bars around its rows and blanks around its cells.
    """

    delimiter: str
    quoted: bool = True
    escaped: bool = False
    space_after: bool = False
    width: int = 1
    quote: str = '"'
    framed: bool = False

    def options(self) -> dict[str, Any]:
        """Keyword arguments for `csv.reader`."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote,
            "quoting": csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE,
            "doublequote": not self.escaped,
            "escapechar": "\\" if self.escaped else None,
            "skipinitialspace": self.space_after,
        }

    def name(self) -> str:
        """The format as a person would say it."""
        return "Markdown" if self.framed else NAMES.get(self.delimiter, f"CSV with '{self.delimiter}'")

    def cells(self, row: list[str]) -> list[str]:
        """The cells of a row, without the frame around them."""
        if not self.framed:
            return row
        stripped = [cell.strip() for cell in row]
        return stripped[stripped[:1] == [""] : len(stripped) - (stripped[-1:] == [""])]


def chosen(word: str) -> str:
    """The delimiter a person names, by its sign or its name."""
    sign = SEPARATOR_WORDS.get(word, word)
    if len(sign) != 1 or sign in '"\r\n':
        raise DataError(f"--delimiter is '{word[:20]}'.", "Give one sign, or comma, semicolon, tab, bar or space.")
    return sign


def sniff(sample: str, delimiter: str | None = None) -> Dialect:
    """The most regular reading of the sample; a comma and one column when nothing is regular."""
    lines = list(io.StringIO(sample, newline=""))
    if len(sample) >= SAMPLE_CHARACTERS and len(lines) > 1:
        lines.pop()
    if delimiter is None and (framed := _framed(lines)):
        return framed
    escaped = ESCAPED.search(sample) is not None and DOUBLED.search(sample) is None
    best, best_regular = Dialect(delimiter or ","), 0.0
    for sign in DELIMITERS if delimiter is None else (delimiter,):
        for dialect in _ways(lines, sign, escaped=escaped):
            width, regular = _regularity(lines, dialect)
            ahead = regular - best_regular
            tab = sign == "\t"  # hardly ever part of a text
            in_text = best.space_after and sign != best.delimiter  # the commas, each with a space after it
            if (
                width > 1
                and (regular >= REGULAR_SHARE or delimiter is not None)
                and (ahead > 1e-9 or ((tab or in_text or dialect.quote == "'") and ahead >= 0))
            ):
                best, best_regular = replace(dialect, width=width), regular
    return best


def _ways(lines: list[str], delimiter: str, *, escaped: bool) -> list[Dialect]:
    """Quoted; unquoted where quotes are part of the text; between single quotes where nearly every line has them."""
    space_after = delimiter == "," and _space_follows(lines, delimiter)
    ways = [Dialect(delimiter, True, escaped, space_after)]
    if escaped:  # or texts that end with a backslash, as paths do
        ways.append(Dialect(delimiter, True, False, space_after))
    if _quotes_are_text(lines, ways[0]):
        ways.append(Dialect(delimiter, False, False, space_after))
    sign = re.escape(delimiter)
    cell = re.compile(f"(?:^|{sign})'(?:[^']|'')*'(?:{sign}|\\s*$)")
    rows = [line for line in lines[1:SAMPLE_ROWS] if line.strip()]
    if len(rows) >= 2 and sum(cell.search(line) is not None for line in rows) >= SINGLE_QUOTED_SHARE * len(rows):
        ways.append(Dialect(delimiter, True, False, space_after, quote="'"))
    return ways


def _framed(lines: list[str]) -> Dialect | None:
    """A table in Markdown: bars, and a rule under the header."""
    filled = [line for line in lines[:SAMPLE_ROWS] if line.strip()]
    if len(filled) < 3 or "|" not in filled[0] or RULE.fullmatch(filled[1].strip("\r\n")) is None:
        return None
    dialect = Dialect("|", quoted=False, escaped=True, framed=True)
    header = next(csv.reader([filled[0]], **dialect.options()))
    return replace(dialect, width=len(dialect.cells(header)))


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
