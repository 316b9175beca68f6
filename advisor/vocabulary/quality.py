"""What published evidence says about quality before anything is measured; all levels are logits of a score 0..1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class TaskPrior:
    """One kind of task.

    `prompted` is where the best prompting of a model of reference capability ends up, and how much tasks differ.
    `tuned_offset` is what tuning reaches beyond the common line. A task without labels learns as one with
    `classes_like` labels would. `base_matters`: the part of a model's capability that is left after tuning;
    `capability_matters`: the part that shows when it is prompted. `slope_shift`: what this kind adds to the line's
    slope.
    """

    prompted: float
    prompted_sd: float
    tuned_offset: float
    tuned_offset_sd: float
    classes_like: float
    base_matters: float
    metric: str
    source: str
    capability_matters: float = 1.0
    slope_shift: float = 0.0


@dataclass(frozen=True, slots=True)
class MethodPrior:
    """One method.

    `learns`: "prompt" (from instructions), "retrieval" (from examples shown per request) or "examples" (training).
    `offset` ± `sd` against prompting without examples, or against LoRA. Training on few examples costs
    slope × ln(1 + half_per_class / examples per class); retrieval gains its offset with examples per class /
    (that + half_per_class). `tasks` is None for every kind of task. `from_base` is
    False where no language model is trained, so that its capability does not count.
    """

    learns: Literal["prompt", "retrieval", "examples"]
    offset: float
    sd: float
    slope: float
    half_per_class: float
    tasks: tuple[str, ...] | None
    source: str
    from_base: bool = True


@dataclass(frozen=True, slots=True)
class QualityPriors:
    """The common line: tuned = intercept + slope × prompted + kind's offset ± tuned_sd, and the tables.

    `open_per_*`: what an open model's capability gains with a tenfold size, and with a year; `tuned_per_*`: what is
    left of a year after 2024 beside that, and a prompted model a tenth of the largest.
    """

    intercept: float
    slope_on_prompted: float
    tuned_sd: float
    reference_capability: float
    tuned_reference_capability: float
    open_per_decade_of_size: float
    open_per_year: float
    tuned_per_year: float
    tuned_per_decade_of_prompted_size: float
    model_transfer_sd: float
    transfer_sd_per_decade: float
    source: str
    tasks: dict[str, TaskPrior]
    methods: dict[str, MethodPrior]
