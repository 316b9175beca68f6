"""What the cells of each column look like, on a sample of the rows: enough to propose what each column is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from experiments.dataset import names, several_labels
from experiments.dataset.table import Cell, Table

SAMPLE_ROWS = 1_000
SAMPLE_ROWS_WIDE = 200
WIDE_COLUMNS = 100
Kind = Literal["empty", "constant", "identifier", "date", "number", "binary", "category", "text", "list", "object"]
DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}.*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}( \d{1,2}:\d{2}.*)?")
NUMBER = re.compile(
    r"[€$£¥]?\s?[-+]?(\d{1,3}([., ’']\d{3})+([.,]\d+)?|\d+([.,]\d+)?|[.,]\d+)([eE][-+]?\d+)?\s?[%€$£¥]?"
)
# numbers with a prefix, as R00017a or OPS-7
NUMBERED = re.compile(r"[A-Za-z]{0,6}[-_#]?[0-9a-fA-F-]{3,}|[A-Z][A-Z0-9]{0,9}-\d+")
# a first column without a name whose whole numbers never come back: numbers of rows
UNNAMED = "column_1"
BINARY = {"0", "1", "true", "false", "True", "False", "TRUE", "FALSE", "yes", "no", "0.0", "1.0"}


@dataclass(frozen=True, slots=True)
class Trait:
    """One column: its plain name, what kind of cells it has, how many different ones, how long they are."""

    name: str
    plain: str
    kind: Kind
    filled: int
    distinct: int
    mean_characters: float

    @property
    def repeats(self) -> bool:
        """The same value stands in several rows, often enough to group by."""
        return self.distinct >= 2 and self.filled >= 1.25 * self.distinct


def measure(table: Table) -> list[Trait]:
    """The traits of every column, in the file's order."""
    wide = len(table.names) > WIDE_COLUMNS
    step = max(1, len(table) // (SAMPLE_ROWS_WIDE if wide else SAMPLE_ROWS))
    return [_trait(name, column[::step]) for name, column in zip(table.names, table.columns, strict=True)]


def _trait(name: str, cells: list[Cell]) -> Trait:
    filled = [
        cell for cell in cells if cell is not None and cell != "" and not (isinstance(cell, str) and cell.isspace())
    ]
    plain = names.plain(name)
    if not filled:
        return Trait(name, plain, "empty", 0, 0, 0.0)
    lists = sum(isinstance(cell, list) for cell in filled)
    objects = sum(isinstance(cell, dict) for cell in filled)
    texts = [cell if isinstance(cell, str) else repr(cell) for cell in filled]
    distinct = len(set(texts))
    mean = sum(map(len, texts)) / len(texts)
    kind: Kind = (
        "list" if lists > len(filled) / 2 else "object" if objects > len(filled) / 2 else _kind(texts, distinct, plain)
    )
    return Trait(name, plain, kind, len(filled), distinct, mean)


def _kind(texts: list[str], distinct: int, plain: str) -> Kind:
    if distinct == 1 and len(texts) > 1:
        return "constant"
    if _share(texts, DATE) >= 0.9:
        return "date"
    unique = distinct == len(texts) and len(texts) > 2
    if plain in names.IDENTIFIER and (unique or plain not in ("no", "key")):
        return "identifier"
    if set(texts) <= BINARY:
        return "binary"
    if several_labels.numbered(plain, texts) is not None:
        return "category"
    if _share(texts, NUMBER) >= 0.95:
        rows = plain == UNNAMED and all(text.isdigit() for text in texts)
        return "identifier" if unique and (rows or _counts_up(texts)) else "number"
    if unique and all(NUMBERED.fullmatch(text) for text in texts[:50]):
        return "identifier"
    if distinct <= max(2, len(texts) // 4):
        return "category"
    return "text"


def _share(texts: list[str], pattern: re.Pattern[str]) -> float:
    return sum(pattern.fullmatch(text.strip()) is not None for text in texts) / len(texts)


def _counts_up(texts: list[str]) -> bool:
    if not all(text.strip().isdigit() for text in texts):
        return False
    numbers = [int(text) for text in texts]
    steps = {b - a for a, b in pairwise(numbers)}
    return len(steps) == 1 and steps != {0}
