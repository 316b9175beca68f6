"""The training rows nearest to a row by sentence embedding: for demonstrations and for votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from advisor.errors import MissingStarter, PlanError
from advisor.vocabulary import Example
from experiments.arms.job import ArmJob
from experiments.models import load_embedder


def embedder_of(job: ArmJob) -> Any:
    """The job's sentence embedder, loaded."""
    if job.embedder_folder is None:
        raise MissingStarter(
            f"The arm {job.arm} needs the embedding model, which is not on this machine.",
            "Run `python -m experiments models --fetch`.",
        )
    return load_embedder(job.embedder_folder, job.accelerator)


@dataclass(frozen=True)
class Neighbours:
    """An index over training rows; equal distances fall to the earlier row."""

    embedder: Any
    train: tuple[Example, ...]

    @classmethod
    def of(cls, job: ArmJob) -> Neighbours:
        """The index over a job's training rows, and nothing else of the data."""
        if not job.train:
            raise PlanError(f"The arm {job.arm} needs training rows.", "Give it a size above 0.")
        return cls(embedder_of(job), job.train)

    @cached_property
    def vectors(self) -> np.ndarray:
        """One unit vector per training row."""
        found: np.ndarray = self.embedder.embed([e.input for e in self.train])
        return found

    def nearest_all(self, examples: Sequence[Example], count: int) -> list[list[tuple[Example, float]]]:
        """For each row the nearest training rows with their cosine, nearest first; never the row itself."""
        cosines = self.embedder.embed([e.input for e in examples]) @ self.vectors.T
        return [self._ranked(e, row, count) for e, row in zip(examples, cosines, strict=True)]

    def _ranked(self, example: Example, cosines: np.ndarray, count: int) -> list[tuple[Example, float]]:
        order = np.argsort(-cosines, kind="stable")
        found = [(self.train[i], float(cosines[i])) for i in order[: count + 1] if self.train[i].row != example.row]
        return found[:count]
