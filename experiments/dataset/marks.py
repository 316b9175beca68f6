"""One column per label: which of its cells say that the label holds, 1 against 0 or a mark against nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from advisor.errors import DataError
from experiments.dataset.table import Cell

YES = frozenset({"1", "1.0", "true", "yes"})
NO = frozenset({"0", "0.0", "false", "no"})
# assumption: a mark is a sign or one short word, such as x, ✔, ja
MARK_CHARACTERS = 8
SHOWN = 5


def only(cells: Iterable[Cell]) -> str | None:
    """The one mark of a column that is otherwise empty, in lower case; None where there is no such mark."""
    found: str | None = None
    for cell in cells:
        mark = _plain(cell)
        if not mark or mark == found:
            continue
        if found is not None or mark in NO or len(mark) > MARK_CHARACTERS or len(mark.split()) > 1:
            return None
        found = mark
    return found


def shared(columns: Mapping[str, Sequence[Cell]]) -> tuple[str, ...]:
    """The columns marked with the same sign in some rows and empty in the others, where there are several."""
    by_mark: dict[str, list[str]] = {}
    for name, cells in columns.items():
        if (mark := only(cells)) is not None and not all(map(_plain, cells)):
            by_mark.setdefault(mark, []).append(name)
    most = max(by_mark.values(), key=len, default=[])
    return tuple(most) if len(most) > 1 else ()


def labels(columns: Mapping[str, Sequence[Cell]]) -> list[list[str]]:
    """One list of labels per row; refused where cells are filled and none says yes."""
    signs = {name: YES | {only(cells) or "1"} for name, cells in columns.items()}
    rows = [
        [name for name, cell in zip(columns, row, strict=True) if _plain(cell) in signs[name]]
        for row in zip(*columns.values(), strict=True)
    ]
    held = sorted({_plain(cell) for cells in columns.values() for cell in cells} - NO - {""})
    if held and not any(rows):
        listed = ", ".join(f"'{name}'" for name in columns)
        shown = ", ".join(f"'{mark[:20]}'" for mark in held[:SHOWN])
        raise DataError(
            f"No row would have a label: the columns {listed} hold {shown}.",
            "Write 1, true, yes or one mark such as x where the label of a column holds, and 0 or nothing elsewhere.",
        )
    _refuse_texts(columns)
    return rows


def _refuse_texts(columns: Mapping[str, Sequence[Cell]]) -> None:
    """A column mostly of other words is no mark; beside one word in every row it would give every row one label."""
    for name, cells in columns.items():
        words = [word for cell in cells if (word := _plain(cell)) and word not in NO]
        marked = words.count(only(cells) or "") if words else 0
        if 2 * (marked + sum(word in YES for word in words)) < len(words):
            shown = ", ".join(f"'{word[:20]}'" for word in sorted(set(words))[:SHOWN])
            raise DataError(
                f"The column '{name}' holds {shown}: texts, no marks that say whether a label holds.",
                "Name one column with --output; several are for columns of 0 and 1, or of one mark such as x.",
            )


def _plain(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip().lower()
