"""Files or sheets called train, validation and test are one set: put together, each row with the part it came from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from advisor.errors import DataError
from experiments.dataset import part_words
from experiments.dataset.table import Table

# the part of a file's or a sheet's name that says what its rows are for
PART_OF_NAME = (
    ("train", re.compile(r"(?:^|[^a-z])(?:train|training)(?:[^a-z]|$)")),
    ("validation", re.compile(r"(?:^|[^a-z])(?:valid|validation|val|dev)(?:[^a-z]|$)")),
    ("test", re.compile(r"(?:^|[^a-z])(?:test|testing|eval|holdout)(?:[^a-z]|$)")),
)


def part_of(name: str) -> str | None:
    """`train`, `validation` or `test` if the name says so."""
    lowered = re.split(r"[\\/]", name)[-1].lower()
    found = {part for part, pattern in PART_OF_NAME if pattern.search(lowered)} | part_words.within(lowered)
    return found.pop() if len(found) == 1 else None


def parts_of(names: Sequence[str]) -> list[str] | None:
    """The part of each name, where every one says its own and there are several."""
    found = [part for name in names if (part := part_of(name)) is not None]
    return found if len(found) == len(names) == len(set(found)) > 1 else None


def together(parts: Sequence[tuple[str, Table]]) -> Table:
    """Tables with the same columns as one, with a column that says the part; lines count within each table.

    Raises:
        DataError: they have different columns.
    """
    whole = parts[0][1]
    marks: list[str | None] = [parts[0][0]] * len(whole)
    seen = len(whole) + len(whole.rejected)
    for part, table in parts[1:]:
        if sorted(table.names) != sorted(whole.names):
            raise DataError(
                f"The parts have different columns ({', '.join(whole.names[:6])}; {', '.join(table.names[:6])}).",
                "Give all of them the same header.",
            )
        for name, column in zip(whole.names, whole.columns, strict=True):
            column.extend(table.column(name))
        whole.lines += table.lines
        whole.positions += [seen + position for position in table.positions]
        whole.rejected += table.rejected
        whole.findings += [replace(f, rows=tuple(seen + row for row in f.rows)) for f in table.findings]
        seen += len(table) + len(table.rejected)
        marks += [part] * len(table)
    whole.names.append("split" if "split" not in whole.names else "split of the parts")
    whole.columns.append(list(marks))
    return whole
