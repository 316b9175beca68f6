"""How text is fitted on paper: where long words may break, and how wide a table's columns are."""

from __future__ import annotations

import re
from math import ceil

BREAK, JOIN, NO_BREAK = "\u200b", "\u2060", "\u00a0"
LONG_WORD, PIECE = 24, 14
AFTER = re.compile(r"(?<=[/_@:.,=&?;|+×-])(?=[^\s/])")
RANGE = re.compile(r"(?<=[0-9.])–(?=[0-9])")
UNIT = re.compile(r"(?<=[0-9)]) (?=(?:ms|s|min|h|days|MiB|GiB|million)\b|%)")
# an A4 line of 170 mm holds about 116 characters of the table's 8.5 pt; a column's padding takes about two
LINE_CHARACTERS, PADDING = 116.0, 2.4
WIDEST = 60.0
RUNNING = 90


def shortened(title: str) -> str:
    """The title as it fits the head of a page."""
    return title if len(title) <= RUNNING else f"{title[:RUNNING].rstrip()}…"


def together(text: str) -> str:
    """The text with ranges and units kept on one line."""
    return UNIT.sub(NO_BREAK, RANGE.sub(f"{JOIN}–{JOIN}", text))


def breakable(text: str) -> str:
    """The text with places to break inside words longer than a narrow column; ranges and units stay together."""
    return re.sub(rf"\S{{{LONG_WORD},}}", lambda word: _broken(word[0]), together(text))


def _broken(word: str) -> str:
    pieces = [part[i : i + PIECE] for part in AFTER.split(word) for i in range(0, len(part), PIECE)]
    return BREAK.join(pieces)


def column_shares(columns: list[str], rows: list[list[str]]) -> list[float]:
    """Widths in characters: each column its longest word, the rest of the line to those with more text."""
    cells = [[head, *(row[i] for row in rows if i < len(row))] for i, head in enumerate(columns)]
    least = [_longest_word(column) + PADDING for column in cells]
    wanted = [max(low, _typical(column) + PADDING) for low, column in zip(least, cells, strict=True)]
    spare = max(0.0, LINE_CHARACTERS - sum(least))
    wish = sum(wanted) - sum(least)
    give = min(1.0, spare / wish) if wish else 0.0
    return [low + (want - low) * give for low, want in zip(least, wanted, strict=True)]


def table_lines(shares: list[float], rows: list[list[str]]) -> float:
    """About how many lines the rows take: each as many as its fullest cell, and a half for the gap."""
    scale = LINE_CHARACTERS / sum(shares) if shares else 1.0
    widths = [max(1.0, share * scale - PADDING) for share in shares]
    return sum(0.5 + max((ceil(len(c) / w) for c, w in zip(row, widths, strict=False)), default=1) for row in rows)


def _longest_word(cells: list[str]) -> float:
    words = [UNIT.sub(NO_BREAK, cell).split(" ") for cell in cells]
    return float(min(LONG_WORD, max((len(word) for found in words for word in found), default=1)))


def _typical(cells: list[str]) -> float:
    """Between the mean and the longest cell: one long row does not starve its neighbours."""
    lengths = [len(cell) for cell in cells]
    return min(WIDEST, (sum(lengths) / len(lengths) + max(lengths)) / 2 + 1)
