"""How every arm reports its answers: scored by the task's metric, rows that are done already left alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from advisor.vocabulary import Example, Part
from experiments.arms.job import ArmJob, Report, Stopped
from experiments.metrics import answers_are_json, metric
from experiments.metrics.json_values import parsed

MS = 1000.0
Rows = list[tuple[Part, Example]]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One row as it is asked; `ms` were spent on it before, and count as latency."""

    part: Part
    example: Example
    ms: float = 0.0


Row = TypeVar("Row", bound=Asked)


class RowWriter:
    """Scores and reports one cell's rows; knows which are left and how far it is."""

    def __init__(self, job: ArmJob, report: Report) -> None:
        self.job = job
        self.report = report
        self.metric = metric(job.metric, job.metric_settings)
        self.rows: Rows = [("validation", e) for e in job.validation] + [("test", e) for e in job.test]
        self.left = {(part, e.row) for part, e in self.rows} - job.done
        self._weights: dict[tuple[Part, int], float] = {}
        self._whole, self._pending = float(len(self.rows)), float(len(self.left))  # by weight
        self._done = 0.0
        self._json = answers_are_json([e.output for e in (*job.train, *job.validation)])

    def write(
        self, part: Part, example: Example, prediction: str, latency_ms: float | None, *, invalid: bool = False
    ) -> None:
        """One answered row, unless it was reported before the cell was interrupted. `invalid`: it cannot be read."""
        if (part, example.row) not in self.left:
            return
        score = self.metric.row(prediction, example.references or (example.output,))
        invalid = invalid or (self._json and parsed(prediction) is None)
        self.report.row(part, example.row, prediction, score, latency_ms, invalid=invalid)
        self._count(part, example)

    def fail(self, part: Part, example: Example, error: str) -> None:
        """One row that got no answer: it is never scored as wrong."""
        if (part, example.row) in self.left:
            self.report.row(part, example.row, None, None, None, error=error)
            self._count(part, example)

    def weigh(self, rows: Iterable[Asked], weight: float) -> None:
        """Rows that take so many times as long as the others."""
        self._weights |= {(row.part, row.example.row): weight for row in rows}
        self._whole = self._weight((part, e.row) for part, e in self.rows)
        self._pending = self._weight(self.left)

    def under_way(self, batch: Iterable[Asked], share: float) -> None:
        """How much of a batch is done whose answers are not there yet."""
        pending = {(row.part, row.example.row) for row in batch} & self.left
        self._say(share * self._weight(pending))

    def _count(self, part: Part, example: Example) -> None:
        self.left.discard((part, example.row))
        self._pending -= self._weight([(part, example.row)])
        self._say(0.0)

    def _say(self, more: float) -> None:
        """Never less than before: the rows of a batch are reported one by one when most of it was said to be done."""
        self._done = max(self._done, self._whole - self._pending + more)
        self.report.step("evaluate", self._done, self._whole)

    def _weight(self, rows: Iterable[tuple[Part, int]]) -> float:
        return sum(self._weights.get(row, 1) for row in rows)

    def needs(self, part: Part, examples: list[Example]) -> bool:
        """True while one of these rows is not reported yet."""
        return any((part, e.row) in self.left for e in examples)


def stop_if_asked(report: Report) -> None:
    """A safe point: leave the cell when the person cancelled."""
    if report.should_stop():
        raise Stopped


def in_turn(
    writer: RowWriter,
    items: list[Row],
    alone: int,
    answer_batch: Callable[[list[Row]], list[str]],
    plan: Callable[[list[Row]], Iterable[list[int]]],
) -> None:
    """The first rows one at a time with their latency, the rest in planned batches; done batches are left out."""
    for item in items[:alone]:
        if writer.needs(item.part, [item.example]):
            stop_if_asked(writer.report)
            start = time.perf_counter()
            found = answer_batch([item])[0]
            writer.write(item.part, item.example, found, (time.perf_counter() - start) * MS + item.ms)
    rest = items[alone:]
    for batch in plan(rest):
        rows = [rest[i] for i in batch]
        if not writer.needs(rows[0].part, [r.example for r in rows]):
            continue
        stop_if_asked(writer.report)
        start = time.perf_counter()
        answers = answer_batch(rows)
        ms = (time.perf_counter() - start) * MS if len(rows) == 1 else None
        for row, found in zip(rows, answers, strict=True):
            writer.write(row.part, row.example, found, None if ms is None else ms + row.ms)
