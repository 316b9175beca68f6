"""What every reader returns: named columns of cells, each row with its place in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from advisor.errors import DataError
from advisor.vocabulary import Finding, Rejected
from experiments.dataset import limits

Cell = Any  # str | list | dict | None; numbers and truth values are already text


@dataclass(slots=True)
class Known:
    """What the form of a file already says about its columns, unless the person says otherwise.

    `aside` are columns that are neither input nor answer; the task comes with its reason.
    """

    inputs: tuple[str, ...] = ()
    output: str | None = None
    why: str = ""
    aside: set[str] = field(default_factory=set)
    task: tuple[str, str] | None = None


@dataclass(slots=True)
class Table:
    """Rows as they stand in the file, column by column. `positions` count every data row, rejected ones too."""

    format: str
    encoding: str | None
    names: list[str]
    columns: list[list[Cell]]
    lines: list[int]
    positions: list[int]
    rejected: list[Rejected] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    same_name: dict[str, tuple[str, ...]] = field(default_factory=dict)
    split_from_files: str | None = None
    known: Known = field(default_factory=lambda: Known())

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, name: str) -> list[Cell]:
        """The cells of one column."""
        return self.columns[self.names.index(name)]

    def put(self, name: str, cells: list[Cell]) -> None:
        """Other cells for a column, or a new column at the end."""
        if name in self.names:
            self.columns[self.names.index(name)] = cells
        else:
            self.names.append(name)
            self.columns.append(cells)

    def leave_out(self, why: dict[int, str]) -> None:
        """Take rows out by their place; those with a reason are rejected, the others live on in another row."""
        if not why:
            return
        self.rejected += [Rejected(self.lines[place], reason) for place, reason in why.items() if reason]
        kept = [place for place in range(len(self)) if place not in why]
        self.columns = [[column[place] for place in kept] for column in self.columns]
        self.lines = [self.lines[place] for place in kept]
        self.positions = [self.positions[place] for place in kept]


@dataclass(slots=True)
class Rows:
    """Grows a table row by row and stops at the limits."""

    format: str
    encoding: str | None = None
    names: list[str] = field(default_factory=list)
    columns: list[list[Cell]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    seen: int = 0
    most: int | None = None
    _index: dict[str, int] = field(default_factory=dict)

    def open(self, names: list[str]) -> None:
        """The columns, before the first row."""
        for name in names:
            self._open(name)

    @property
    def full(self) -> bool:
        """A preview has as many rows as it wants."""
        return self.most is not None and len(self.lines) >= self.most

    def add(self, cells: list[Cell], line: int) -> None:
        """One row whose cells stand in the order of `names`."""
        for column, cell in zip(self.columns, cells, strict=True):
            column.append(cell)
        self.lines.append(line)
        self.positions.append(self.seen)
        self.seen += 1
        if self.seen > limits.ROWS:
            self._too_many(line)

    def add_record(self, record: dict[str, Cell], line: int) -> None:
        """One row by name; a new name opens a column, a missing one leaves its cell empty."""
        for name in record:
            if name not in self._index:
                self._open(name)
        for name, column in zip(self.names, self.columns, strict=True):
            column.append(record.get(name))
        self.lines.append(line)
        self.positions.append(self.seen)
        self.count(line)

    def _open(self, name: str) -> None:
        if len(self.names) >= limits.COLUMNS:
            raise DataError(
                f"The rows have more than {limits.COLUMNS:,} different keys.", "Keep the keys you need and try again."
            )
        self._index[name] = len(self.names)
        self.names.append(name)
        self.columns.append([None] * len(self.lines))

    def reject(self, line: int, why: str) -> None:
        """One row that is left out, and why."""
        self.rejected.append(Rejected(line, why))
        self.count(line)

    def count(self, line: int) -> None:
        """One more row of the file, kept or not."""
        self.seen += 1
        if self.seen > limits.ROWS:
            self._too_many(line)

    def _too_many(self, line: int) -> None:
        raise DataError(
            f"The file has more than {limits.ROWS:,} rows.",
            "Give a sample; a pilot needs a few thousand rows.",
            line=line,
        )

    def table(self, findings: list[Finding] | None = None) -> Table:
        """The finished table."""
        return Table(
            self.format,
            self.encoding,
            self.names,
            self.columns,
            self.lines,
            self.positions,
            self.rejected,
            findings or [],
        )


def some(rows: list[int]) -> tuple[int, ...]:
    """The first few hundred of a list of rows: enough to look at."""
    return tuple(rows[: limits.FINDING_ROWS])
