"""A profile → the same uncertain world for every option.

Every draw uses the same random numbers whatever is answered, so that a small change of one answer moves the
result a little and nothing else.
"""

from __future__ import annotations

import numpy as np

from advisor.questionnaire.question import Unanswered
from advisor.questionnaire.questions import BY_KEY
from advisor.vocabulary import CLASSIFYING, HOURS_PER_MONTH, Draws, TaskDraws, TaskProfile
from advisor.vocabulary.draws import MOST_ROWS_TRAINED_ON, SERVING_EFFICIENCY_SPREAD, busiest_second

Z80 = 1.2816  # the 90th percentile of a standard normal: an 80 % interval is ± 1.2816 sd
SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600

# assumption: typical (low, typical, high) tokens of input and output by kind of task; a page is about 500
LENGTHS: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "classification": ((20, 80, 500), (2, 4, 10)),
    "multi_label_classification": ((50, 300, 1_500), (4, 12, 40)),
    "extraction": ((100, 400, 2_500), (20, 80, 300)),
    "summarisation": ((500, 1_500, 6_000), (60, 150, 400)),
    "generation": ((50, 200, 1_000), (60, 200, 700)),
    "question_answering": ((20, 150, 1_500), (10, 60, 250)),
    "reasoning": ((50, 150, 800), (80, 300, 1_500)),
    "code": ((100, 400, 3_000), (60, 250, 1_000)),
    "text_to_sql": ((100, 600, 3_000), (30, 70, 200)),
    "function_calling": ((100, 500, 2_000), (20, 50, 150)),
    "chat": ((100, 600, 3_000), (60, 150, 400)),
}
# 80 % ranges of what options share, as factors with median 1 (assumption where no source is named)
GPU_PRICE_SPREAD = 1.5  # rents of one card differ that much between providers on one day: catalog, low to high
TRAINING_EFFICIENCY_SPREAD = 1.4
EFFORT_SPREAD = 1.8
HOSTED_SPEED_SPREAD = 2.5  # assumption: hosted models, hours and places differ that much, and nobody publishes it


def quantile_draws(range_: Unanswered | tuple[float, float, float], normal: Draws) -> Draws:
    """Log-normal on each side of the typical value, so that low and high are the ends of the 80 % interval."""
    low, typical, high = (range_.low, range_.typical, range_.high) if isinstance(range_, Unanswered) else range_
    below, above = np.log(typical / low) / Z80, np.log(high / typical) / Z80
    return np.asarray(typical * np.exp(normal * np.where(normal < 0, below, above)))


def task_draws(profile: TaskProfile, rng: np.random.Generator, n: int) -> TaskDraws:
    """Answers as constants, unanswered ones drawn from their row's range, and the causes options share."""
    normal = rng.standard_normal((17, n))

    def answer(key: str, row: int, otherwise: tuple[float, float, float] | None = None) -> Draws:
        value = getattr(profile, key)
        if value is not None:
            return np.full(n, float(value))
        range_ = otherwise or BY_KEY[key].when_unanswered
        assert range_ is not None, key
        return quantile_draws(range_, normal[row])

    def factor(spread: float, row: int) -> Draws:
        return np.asarray(np.exp(normal[row] * np.log(spread) / Z80))

    lengths = LENGTHS.get(profile.task_type or "", (None, None))
    requests = answer("requests_per_month", 4)
    return TaskDraws(
        labelled_examples=np.minimum(answer("labelled_examples", 0), MOST_ROWS_TRAINED_ON),
        input_tokens=answer("input_tokens", 1, lengths[0]),
        output_tokens=answer("output_tokens", 2, lengths[1]),
        instruction_tokens=answer("instruction_tokens", 3),
        requests_per_month=requests,
        peak_requests_per_second=_peak(profile, requests, normal[5]),
        horizon_months=answer("horizon_months", 6),
        engineer_usd_per_day=answer("engineer_usd_per_day", 7),
        labelling_cost_usd_per_example=answer("labelling_cost_usd_per_example", 8),
        retrain_every_months=answer("retrain_every_months", 9),
        own_gpu_usd_per_hour=answer("own_gpu_usd_per_hour", 10),
        n_classes=_classes(profile, normal[11]),
        gpu_price_factor=factor(GPU_PRICE_SPREAD, 12),
        training_efficiency_factor=factor(TRAINING_EFFICIENCY_SPREAD, 13),
        serving_efficiency_factor=factor(SERVING_EFFICIENCY_SPREAD, 14),
        effort_factor=factor(EFFORT_SPREAD, 15),
        hosted_speed_factor=factor(HOSTED_SPEED_SPREAD, 16),
    )


def _peak(profile: TaskProfile, requests: Draws, normal: Draws) -> Draws:
    mean, times = requests / SECONDS_PER_MONTH, BY_KEY["peak_requests_per_second"].when_unanswered
    assert times is not None
    typed = profile.peak_requests_per_second
    peak = mean * quantile_draws(times, normal) if typed is None else typed
    return np.asarray(busiest_second(mean, peak, profile.may_wait_hours))


def _classes(profile: TaskProfile, normal: Draws) -> Draws:
    """Number of labels; 1 where the task has none."""
    if profile.n_classes is not None:
        return np.full(len(normal), float(profile.n_classes))
    if profile.task_type is not None and profile.task_type not in CLASSIFYING:
        return np.ones(len(normal))
    range_ = BY_KEY["n_classes"].when_unanswered
    assert range_ is not None
    return np.maximum(2.0, np.round(quantile_draws(range_, normal)))
