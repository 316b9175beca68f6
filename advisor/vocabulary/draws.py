"""The same uncertain world for every option: one array entry per draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:  # the process that reads uploads needs these words, not numpy
    import numpy as np
    from numpy.typing import NDArray

Draws: TypeAlias = "NDArray[np.float64]"
MOST_ROWS_TRAINED_ON = 100_000  # assumption: curves are flat from here on, and nobody must train on every row


@dataclass(frozen=True, slots=True)
class TaskDraws:
    """Answers (constant where answered, drawn where not) and shared causes; every field has shape (n,).

    The `*_factor` fields are multipliers with median 1, drawn once per draw for all options.
    """

    labelled_examples: Draws  # those that are used, MOST_ROWS_TRAINED_ON of them at most
    input_tokens: Draws
    output_tokens: Draws
    instruction_tokens: Draws
    requests_per_month: Draws
    peak_requests_per_second: Draws
    horizon_months: Draws
    engineer_usd_per_day: Draws
    labelling_cost_usd_per_example: Draws
    retrain_every_months: Draws
    own_gpu_usd_per_hour: Draws
    n_classes: Draws
    gpu_price_factor: Draws
    training_efficiency_factor: Draws
    serving_efficiency_factor: Draws
    effort_factor: Draws
    hosted_speed_factor: Draws

    @property
    def n(self) -> int:
        return len(self.labelled_examples)
