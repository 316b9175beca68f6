"""A plan of a record, done again: the same cells on the same rows, without the clock."""

from __future__ import annotations

from dataclasses import replace

from advisor.errors import PlanError
from advisor.vocabulary import Dataset, PilotPlan, PilotRecord


def replayed(record: PilotRecord, dataset: Dataset) -> PilotPlan:
    """The cells that were finished then; refuses other data, for the rows would be others."""
    plan = record.plan
    if plan.dataset_fingerprint != dataset.fingerprint:
        raise PlanError(
            f"The record was made from other rows ({plan.dataset_name}) than this file holds ({dataset.name}).",
            "Give the same file with the same column choices, or leave out --plan.",
        )
    done = {(cell.arm, cell.size, cell.seed) for cell in record.cells}
    cells = tuple(cell for cell in plan.all_cells if (cell.arm, cell.size, cell.seed) in done)
    if not cells:
        raise PlanError("The record holds no finished part to do again.", "Leave out --plan.")
    arms = tuple(arm for arm in plan.arms if any(cell.arm == arm.arm for cell in cells))
    note = f"the plan of run {record.run}, done again without the clock"
    return replace(plan, cells=cells, later=(), arms=arms, minutes=0.0, left_out=(), late="", notes=(*plan.notes, note))
