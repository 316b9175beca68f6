"""What the arms without a language model share: learn in seconds, answer row by row."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from advisor.errors import PlanError
from advisor.vocabulary import Example
from experiments.arms.job import ArmJob, CellOutcome, Report
from experiments.arms.rows import RowWriter, stop_if_asked

MS = 1000.0
Answer = Callable[[Example], str]


def run_simple(
    job: ArmJob, report: Report, learn: Callable[[], Answer], used: dict[str, Any], notes: tuple[str, ...] = ()
) -> CellOutcome:
    """Learn from the training rows, then answer one row at a time: every latency is what one query takes."""
    if not job.train:
        raise PlanError(f"The arm {job.arm} needs training rows.", "Give it a size above 0.")
    report.step("train", 0, 1)
    began = time.perf_counter()
    answer = learn()
    trained = time.perf_counter()
    report.step("train", 1, 1)
    writer = RowWriter(job, report)
    for part, example in writer.rows:
        if writer.needs(part, [example]):
            stop_if_asked(report)
            start = time.perf_counter()
            found = answer(example)
            writer.write(part, example, found, (time.perf_counter() - start) * MS)
    return CellOutcome(
        settings=used,
        train_seconds=trained - began,
        evaluate_seconds=time.perf_counter() - trained,
        prompt=job.test[0].input if job.test else "",
        notes=notes,
    )


def only_answer(job: ArmJob) -> str | None:
    """The answer that all training rows share, if they do: then there is nothing to learn."""
    answers = {e.output for e in job.train}
    return answers.pop() if len(answers) == 1 else None
