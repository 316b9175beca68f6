"""What a verdict rests on beside the outcome."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.decision.candidate import Limit
from advisor.decision.contradictions import first_step
from advisor.vocabulary import Contradiction, ModelCard, NextMeasurement, Reason, TaskProfile


@dataclass(frozen=True, slots=True)
class Basis:
    """What the verdict rests on: answers, reasons, limits, what a teacher could label, whether it was measured."""

    profile: TaskProfile
    reasons: tuple[Reason, ...]
    limits: tuple[Limit, ...]
    taught: float
    measured: bool
    contradictions: tuple[Contradiction, ...] = ()
    next_measurement: NextMeasurement | None = None
    prompted_model: ModelCard | None = None

    @property
    def contradiction(self) -> str:
        """The first contradiction between answers with its way out, as a next step; empty where there is none."""
        return first_step(self.contradictions, self.profile)
