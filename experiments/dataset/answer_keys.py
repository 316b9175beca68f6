"""Which column says which of a row's options is right: by its name, letter, text or number."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from experiments.dataset import names
from experiments.dataset.table import Cell, Table

Option = tuple[str, str]
Place = Callable[[Cell, Sequence[Option]], int | None]
NAMES = tuple(
    [
        "answerkey",
        "answer_key",
        "correct_option",
        "correct_choice",
        "answer_letter",
        "correct_answer",
        "right_answer",
        "correct",
        "answer",
        "answer_index",
        "answer_idx",
        "answer_id",
        "correct_index",
        "correct_idx",
        "correct_answer_index",
        "cop",
        "gold",
        "gold_label",
        "ground_truth",
        "target",
        "label",
        "key",
        "solution",
        "output",
        "expected",
    ]
)
# `B`, `(B)`, `option_b`, and `B) with its text`
LETTER = re.compile(r"\W*(?:option|choice|answer)?[\s_]*(?:([A-Za-z])\W*|([A-Z])[).:]\s+\S.*)", re.DOTALL)
LOOK_AT_ROWS = 500
SHARE = 0.95  # assumption: a few slips in an answer column, not more


@dataclass(frozen=True, slots=True)
class Key:
    """The column, how to find the right option's place from its cell, in words how; others that say the same."""

    name: str
    place: Place
    how: str
    others: tuple[str, ...] = ()


def find(
    table: Table, taken: Sequence[str], read: Callable[[int], list[Option]], chosen: str | None = None
) -> Key | None:
    """The column the person chose, else the first usual name whose cells are options; the last one without names."""
    free = [name for name in table.names if name not in taken]
    plain = {names.plain(name): name for name in reversed(free)}
    wanted = [plain[name] for name in NAMES if name in plain] or free[-1:]
    if chosen is not None:
        wanted = [name for name in free if names.plain(name) == names.plain(chosen)]
    rows = [read(index) for index in range(min(len(table), LOOK_AT_ROWS))]
    fitting = [key for name in wanted if (key := _key(name, table.column(name), rows)) is not None]
    return (
        Key(fitting[0].name, fitting[0].place, fitting[0].how, tuple(k.name for k in fitting[1:])) if fitting else None
    )


def _key(name: str, cells: Sequence[Cell], rows: Sequence[Sequence[Option]]) -> Key | None:
    pairs = [(str(cell), row) for cell, row in zip(cells, rows, strict=False) if cell not in (None, "")]
    for place, how in (
        (_by_name, "names the right one"),
        (_by_letter, "was the letter"),
        (_by_text, "was the text"),
        (_by_number(pairs), _counted(pairs)),
    ):
        if pairs and sum(place(cell, row) is not None for cell, row in pairs) >= SHARE * len(pairs):
            return Key(name, place, how)
    return None


def _by_name(cell: Cell, row: Sequence[Option]) -> int | None:
    said = str(cell).strip().casefold()
    return next((place for place, (key, _) in enumerate(row) if key and key.strip().casefold() == said), None)


def _by_letter(cell: Cell, row: Sequence[Option]) -> int | None:
    match = LETTER.fullmatch(str(cell))
    place = string.ascii_lowercase.find((match[1] or match[2]).lower()) if match else -1
    return place if 0 <= place < len(row) else None


def _by_text(cell: Cell, row: Sequence[Option]) -> int | None:
    said = " ".join(str(cell).split()).casefold()
    return next((place for place, (_, text) in enumerate(row) if " ".join(text.split()).casefold() == said), None)


def _begins(pairs: Sequence[tuple[str, Sequence[Option]]]) -> int:
    """Numbers count from 0 where one of them is 0, else from 1."""
    return 0 if any(cell.strip() in ("0", "0.0") for cell, _ in pairs) else 1


def _by_number(pairs: Sequence[tuple[str, Sequence[Option]]]) -> Place:
    begins = _begins(pairs)

    def place(cell: Cell, row: Sequence[Option]) -> int | None:
        said = str(cell).strip().removesuffix(".0")
        found = int(said) - begins if said.isdecimal() and len(said) < 3 else -1
        return found if 0 <= found < len(row) else None

    return place


def _counted(pairs: Sequence[tuple[str, Sequence[Option]]]) -> str:
    return f"was the number, counted from {_begins(pairs)},"
