"""Rows with their prompts as tokens: what these share, and the order in which they are answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from advisor.vocabulary import Example, Part
from experiments.arms.label_scoring import common_prefix
from experiments.arms.rows import RowWriter, stop_if_asked

MS = 1000.0


@dataclass(frozen=True)
class Encoded:
    """One row with its prompt as tokens, the time that rendering took, and whether something of it had to go."""

    part: Part
    example: Example
    ids: list[int]
    ms: float
    shortened: bool = False


def shared_prefix(encoded: Sequence[Encoded]) -> list[int]:
    """What all prompts begin with that show everything: a few too long ones must not cost the others that."""
    return common_prefix([e.ids for e in encoded if not e.shortened] or [e.ids for e in encoded])


def in_turn(
    writer: RowWriter,
    items: list[Encoded],
    alone: int,
    answer_batch: Callable[[list[Encoded]], list[str]],
    plan: Callable[[list[Encoded]], Iterable[list[int]]],
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
