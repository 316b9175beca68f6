"""What a verdict rests on beside the outcome."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.decision.candidate import Limit
from advisor.vocabulary import Reason, TaskProfile


@dataclass(frozen=True, slots=True)
class Basis:
    """What the verdict rests on: answers, reasons, limits, what a teacher could label, whether it was measured."""

    profile: TaskProfile
    reasons: tuple[Reason, ...]
    limits: tuple[Limit, ...]
    taught: float
    measured: bool
    contradiction: str = ""
    next_measurement: str = ""
