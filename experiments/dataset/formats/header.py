"""Where the header stands, or whether there is one; used by delimited text and by workbooks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset import names

LOOK_AT_ROWS = 30
LONG_CELL_CHARACTERS = 80
# assumption: a name of a column is shorter, or of another length than the cells below it
SENTENCE_WORDS, SENTENCE_CHARACTERS, ALIKE = 4, 8, 2
SENTENCE_ENDS = (".", "?", "!", "。", "？", "！")


@dataclass(frozen=True, slots=True)
class Header:
    """`index` of the header among the rows looked at (None: there is none), and what the person must know.

    `above`: so many rows stand above a table without header, and are no data. `names` where two rows give them.
    """

    index: int | None
    findings: tuple[Finding, ...] = ()
    above: int = 0
    names: tuple[str, ...] | None = None

    @property
    def data_begins(self) -> int:
        """The place of the first row of data."""
        return self.above if self.index is None else self.index + 1


def find(
    rows: Sequence[Sequence[str]], lines: Sequence[int], width: int, choice: str | None, *, spanned: bool = False
) -> Header:
    """The chosen header, or the first row as wide as the table; lines above it, or none at all, are asked about.

    `spanned`: cells of the first row span several columns, as the names of groups do in a workbook.
    """
    if choice is not None:
        return _chosen(lines, choice)
    width = min(width, _used(rows, width))
    if (grouped := _under_groups(rows, lines, sure=spanned)) is not None:
        return grouped
    blank = 0
    while blank < len(rows) - 1 and not any(cell.strip() for cell in rows[blank]):
        blank += 1
    if blank and _looks_like_data(rows[blank:]):
        return Header(None, (_ask_whether(rows[blank], lines[blank]),))
    first = 0
    while first < min(len(rows), LOOK_AT_ROWS) - 1 and _is_title(rows[first], width):
        if len(rows[first]) >= width and names.is_known(rows[first][0]) and _looks_like_data(rows[first + 1 :]):
            return Header(first)  # the other columns have no names
        first += 1
    if not any(map(names.is_known, rows[first])):
        first = next((place for place in range(first + 1, min(len(rows), LOOK_AT_ROWS)) if _names(rows[place])), first)
    if first > 0 and _looks_like_data(rows[first:]):
        return Header(None, (_ask_whether(rows[first], lines[first]),), above=first)
    if first > 0:
        return Header(first, (_ask_where(lines[first], first, rows[first]),))
    if rows and _looks_like_data(rows):
        return Header(None, (_ask_whether(rows[0], lines[0]),))
    return Header(0)


def _chosen(lines: Sequence[int], choice: str) -> Header:
    if choice == "yes":
        return Header(0)
    if choice == "no":
        return Header(None)
    if not choice.isdigit() or int(choice) < 1:
        raise DataError(f"--header is '{choice}'.", "Use yes, no, or the number of the header's line.")
    if int(choice) not in lines:
        raise DataError(f"There is no header row at line {choice}.", f"Use --header {lines[0] if lines else 'yes'}.")
    return Header(lines.index(int(choice)))


def _under_groups(rows: Sequence[Sequence[str]], lines: Sequence[int], *, sure: bool) -> Header | None:
    """The first row names groups of columns and has gaps; the second names every column."""
    if len(rows) < 3 or len(rows[0]) < 2:
        return None
    groups, second = rows[0], [cell.strip() for cell in rows[1]]
    gaps = sum(not cell.strip() for cell in groups)
    if not 0 < gaps < len(groups) or not all(second) or len(second) < len(groups):
        return None
    if sure and (len(groups) - gaps < 2 or any(map(_is_number, second))):
        return None  # a title over the whole table, or no names
    if not sure and not _names(second):
        return None
    if not sure and any(names.plain(cell) in (*names.INPUT, *names.OUTPUT) for cell in groups) and gaps == 1:
        return None  # a header with one column left unnamed
    counts = Counter(second)
    spread, last = [], ""
    for place in range(len(second)):
        last = (groups[place].strip() if place < len(groups) else "") or last
        spread.append(last)
    joined = tuple(f"{a} {b}".strip() if counts[b] > 1 else b for a, b in zip(spread, second, strict=True))
    shown = ", ".join(cell.strip()[:40] for cell in groups if cell.strip())
    text = (
        f"Line {lines[0]} groups the columns ({shown}); their names stand in line {lines[1]} ({', '.join(joined[:6])})."
    )
    mend = f"If line {lines[0]} is the header, say --header {lines[0]}."
    flags = (str(lines[1]), str(lines[0]))
    return Header(1, (Finding("header", "note", text, mend=mend, flag="--header", options=flags),), names=joined)


def _used(rows: Sequence[Sequence[str]], width: int) -> int:
    """How many of the columns hold anything: a table may begin far from the left edge."""
    looked_at = rows[:LOOK_AT_ROWS]
    return sum(any(place < len(row) and row[place].strip() for row in looked_at) for place in range(width))


def _is_title(row: Sequence[str], width: int) -> bool:
    """A line above the table: comment signs, or too few cells."""
    filled = sum(1 for cell in row if cell.strip())
    if row and row[0].lstrip().startswith("#") and filled < width:
        return True
    return width > 1 and filled < max(2, width // 2)


def _names(row: Sequence[str]) -> bool:
    """At least half of the cells are usual names, an input's and an answer's among them."""
    plain = [names.plain(cell) for cell in row if cell.strip()]
    known = sum(map(names.is_known, plain))
    has_input = any(name in names.INPUT for name in plain)
    has_output = any(name in names.OUTPUT or name in names.WEAK_OUTPUT for name in plain)
    return has_input and has_output and 2 * known >= len(plain) and known >= 2


def _ask_where(line: int, above: int, row: Sequence[str]) -> Finding:
    shown = ", ".join(cell.strip()[:40] for cell in row[:6])
    plural = "line stands" if above == 1 else "lines stand"
    return Finding(
        "header",
        "ask",
        f"{above} {plural} above what looks like the header, line {line} ({shown}). Nothing above it became data.",
        mend=f"If that is right, say --header {line}; else name the header's line.",
        flag="--header",
        options=(str(line), "yes", "no"),
    )


def _ask_whether(row: Sequence[str], line: int) -> Finding:
    shown = ", ".join(cell.strip()[:40] for cell in row[:6])
    return Finding(
        "header",
        "ask",
        f"The first line of the table, line {line} ({shown}), looks like data, not like names of columns. "
        "It was taken as data.",
        mend="If the file has no header, say --header no; if the first line is the header, --header yes.",
        flag="--header",
        options=("no", "yes"),
    )


def _looks_like_data(rows: Sequence[Sequence[str]]) -> bool:
    """No known name in the first row, and a value that comes again below, a long text, a number or a like sentence."""
    first, below = rows[0], rows[1:]
    if any(names.is_known(cell) for cell in first) or len(below) < 2:
        return False
    for index, cell in enumerate(first):
        text = cell.strip()
        if len(text) > LONG_CELL_CHARACTERS or (text and _is_number(text)):
            return True
        values = Counter(row[index].strip() for row in below if index < len(row))
        if _is_sentence_like(text, values):
            return True
        if text and values[text] >= 1 and len(values) <= max(2, len(below) // 2):
            return True
    return False


def _is_sentence_like(text: str, values: Counter[str]) -> bool:
    """Several words or a full stop, about as long as the cells below, and ending as most of them do."""
    below = [value for value in values.elements() if value]
    ends = text.endswith(SENTENCE_ENDS)
    if not below or (len(text.split()) < SENTENCE_WORDS and not (ends and len(text) >= SENTENCE_CHARACTERS)):
        return False
    usual = median(map(len, below))
    same_end = sum(value.endswith(SENTENCE_ENDS) == ends for value in below)
    return 2 * same_end > len(below) and usual / ALIKE <= len(text) <= usual * ALIKE


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def unique_names(cells: Sequence[str]) -> tuple[list[str], dict[str, tuple[str, ...]], list[Finding]]:
    """Clean names that differ from each other; which ones were the same; what was changed."""
    result: list[str] = []
    same: dict[str, list[str]] = {}
    changed: list[str] = []
    for index, cell in enumerate(cells):
        clean = " ".join(cell.replace("\ufeff", "").replace("\x00", "").split())
        if clean != cell and clean:
            changed.append(f"'{cell[:40]}' → '{clean[:40]}'")
        base = clean or f"column {index + 1}"
        name, number = base, 2
        while name in result:
            name, number = f"{base}.{number}", number + 1
        if name != base:
            same.setdefault(base, [base]).append(name)
        result.append(name)
    findings = []
    if changed:
        text = (
            f"Spaces in names of columns were taken away: {'; '.join(changed[:5])}{' …' if len(changed) > 5 else ''}."
        )
        findings.append(Finding("column_names", "note", text))
    return result, {base: tuple(found) for base, found in same.items()}, findings
