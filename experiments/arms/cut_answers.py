"""Which answers were cut at the limit, kept on disk before they are reported: a resumed cell forgets none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from experiments.arms.generation import Written
from experiments.arms.job import ArmJob
from experiments.arms.rows import Asked

NAME = "cut_answers.txt"


class CutAnswers:
    """The rows of a cell whose answers came to no end; of earlier attempts those that were reported."""

    def __init__(self, job: ArmJob) -> None:
        self._path: Path = job.folder / NAME
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        self._rows = {f"{part} {row}" for part, row in job.done} & set(lines)

    def keep(self, asked: Sequence[Asked], written: Sequence[Written]) -> None:
        """Those of a batch that are cut."""
        found = [f"{a.part} {a.example.row}" for a, w in zip(asked, written, strict=True) if w.cut]
        if not found:
            return
        self._rows |= set(found)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in found)
            file.flush()
            os.fsync(file.fileno())

    def __len__(self) -> int:
        return len(self._rows)
