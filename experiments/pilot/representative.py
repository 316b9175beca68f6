"""The one cell that stands for an arm where rows are shown or used one by one: its largest size, its first seed."""

from __future__ import annotations

from advisor.vocabulary import CellResult, PilotRecord, RowResult


def cell_of(record: PilotRecord, arm: str) -> CellResult | None:
    """The arm's finished cell; None when none was."""
    mine = [cell for cell in record.cells if cell.arm == arm]
    return max(mine, key=lambda cell: (cell.size, -cell.seed), default=None)


def answers_of(record: PilotRecord, arm: str) -> dict[int, RowResult]:
    """What that cell said to the test rows, by row; rows that failed among them."""
    cell = cell_of(record, arm)
    if cell is None:
        return {}
    wanted = (arm, cell.size, cell.seed, "test")
    return {r.row: r for r in record.rows if (r.arm, r.size, r.seed, r.part) == wanted}
