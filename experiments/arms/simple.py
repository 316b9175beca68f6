"""What the arms without a language model share: learn in seconds, answer row by row."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from advisor.errors import PlanError
from advisor.vocabulary import Example, Part
from experiments.arms.fitted import Fitted, keep
from experiments.arms.job import ArmJob, CellOutcome, Report
from experiments.arms.rows import Asked, RowWriter, in_turn

BATCH = 32
Answer = Callable[[list[Example]], list[str]]


def run_simple(
    job: ArmJob, report: Report, learn: Callable[[], Fitted], used: dict[str, Any], notes: tuple[str, ...] = ()
) -> CellOutcome:
    """Learn from the training rows, keep what was fitted, then answer.

    The first `latency_rows` test rows are answered one at a time, so their latency is what one query takes; the
    others in batches, without a latency.
    """
    if not job.train:
        raise PlanError(f"The arm {job.arm} needs training rows.", "Give it a size above 0.")
    report.step("train", 0, 1)
    began = time.perf_counter()
    fitted = learn()
    trained = time.perf_counter()
    artefact = keep(job.folder, fitted)
    kept = time.perf_counter()
    report.step("train", 1, 1)
    writer = RowWriter(job, report)
    in_batches(writer, "validation", list(job.validation), fitted.answer, 0)
    in_batches(writer, "test", list(job.test), fitted.answer, used["latency_rows"])
    return CellOutcome(
        settings=used,
        train_seconds=trained - began,
        evaluate_seconds=time.perf_counter() - kept,
        prompt=job.test[0].input if job.test else "",
        notes=notes,
        artefact=artefact,
    )


def in_batches(writer: RowWriter, part: Part, rows: list[Example], answer: Answer, alone: int) -> None:
    """Rows alone, then in batches that a resumed cell forms again; batches that are done are left out."""
    items = [Asked(part=part, example=row) for row in rows]
    in_turn(writer, items, alone, lambda some: answer([item.example for item in some]), in_order)


def in_order(items: list[Asked]) -> list[list[int]]:
    """Batches of rows as they stand."""
    return [list(range(start, min(start + BATCH, len(items)))) for start in range(0, len(items), BATCH)]
