"""What the machine can do, as far as a plan needs it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.vocabulary import Accelerator
from experiments.arms.job import ArmCard
from experiments.pilot.lengths import Count, rough
from experiments.pilot.seconds import Machine, machine_of

THREADS_MOST = 8  # assumption: small models gain nothing from more


@dataclass(frozen=True, slots=True)
class Here:
    """Cards of the arms there are, the machine's speeds, the model's size and how it counts tokens."""

    cards: tuple[ArmCard, ...]
    accelerator: Accelerator
    dtype: str
    ratios: Mapping[str, float]
    parameters: float
    threads: int
    count: Count = rough

    @property
    def machine(self) -> Machine:
        return machine_of(self.ratios, self.accelerator, self.dtype, self.parameters)


def threads_here() -> int:
    """CPU cores this process may use; a plan keeps the number, for it decides the last digits of every sum."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(THREADS_MOST, usable))
