"""The same uncertain world for every option: one array entry per draw."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:  # the process that reads uploads needs these words, not numpy
    import numpy as np
    from numpy.typing import NDArray

Draws: TypeAlias = "NDArray[np.float64]"
Number = Any  # float or Draws: numpy broadcasts
HOURS_PER_DAY = 24.0
SERVING_EFFICIENCY_SPREAD = 1.5  # an 80 % range from the typical efficiency divided by this to it times this
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


def busiest_second(mean: Number, peak: Number, wait_hours: float | None) -> Number:
    """Requests per second that must be carried: the peak, nearer to the month's mean the longer answers may wait.

    assumption: the power that is left of peak over mean falls from 1 to 0, after a day, with the logarithm of the
    minutes, since bursts of seconds level out first.
    """
    minutes = 60.0 * min(wait_hours or 0.0, HOURS_PER_DAY)
    left = 1.0 - math.log1p(minutes) / math.log1p(60.0 * HOURS_PER_DAY)
    return mean ** (1.0 - left) * peak**left
