"""The methods side by side for one model: what is trained, what memory it takes, what it costs, how much work it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from advisor.estimators.cost import TRAINING_RUNS, pretraining_gpu_hours, pretraining_usd
from advisor.estimators.memory import training_memory
from advisor.estimators.serving_memory import serving_memory
from advisor.estimators.storage import weight_bytes
from advisor.estimators.training_time import HOURS_SOURCE, step, training_hours
from advisor.vocabulary import (
    Architecture,
    Estimate,
    Gpu,
    MethodCard,
    ServingSettings,
    TrainingSettings,
    total_parameters,
)

PROMPTING = "nothing is trained: only serving takes memory"


@dataclass(frozen=True, slots=True)
class Workload:
    """What the table is computed for: rows to train on, the settings of a step, the GPU and how many of it."""

    examples: int
    settings: TrainingSettings
    gpu: Gpu
    gpus: int = 1


@dataclass(frozen=True, slots=True)
class MethodRow:
    """One method for one model. `memory_gib` is what one card must have, to train (to serve, if nothing is trained)."""

    method: str
    label: str
    family: str
    trainable: int
    trained_percent: float
    memory_gib: Estimate
    training_hours: Estimate
    training_usd: Estimate
    engineer_days: tuple[float, float, float]
    upkeep_hours_per_month: tuple[float, float, float]
    note: str = ""


def compare(cards: Sequence[MethodCard], a: Architecture, workload: Workload) -> tuple[MethodRow, ...]:
    """A row for every method, in the order given."""
    return tuple(_row(card, a, workload) for card in cards)


def _row(card: MethodCard, a: Architecture, work: Workload) -> MethodRow:
    settings = replace(work.settings, sharding="fsdp") if work.gpus > 1 else work.settings
    trained = card.trainable_parameters(a, settings)
    memory, hours, usd, note = _training(card, a, replace(work, settings=settings))
    return MethodRow(
        method=card.name,
        label=card.label,
        family=card.family,
        trainable=trained,
        trained_percent=100.0 * trained / total_parameters(a),
        memory_gib=memory,
        training_hours=hours,
        training_usd=usd,
        engineer_days=card.engineer_days,
        upkeep_hours_per_month=card.upkeep_hours_per_month,
        note=note,
    )


def _training(card: MethodCard, a: Architecture, work: Workload) -> tuple[Estimate, Estimate, Estimate, str]:
    serving = serving_memory(a, ServingSettings(input_tokens=work.settings.seq_len)).device
    if card.trained == "nothing":
        return serving, _none("hours"), _none("USD"), PROMPTING
    if card.trained == "head" and card.epochs is None:  # word counts, no pass through any model
        return Estimate.unknown("GiB", "no language model is used"), _none("hours"), _none("USD"), "minutes on a CPU"
    if card.tokens_at_least is not None:
        hours = pretraining_gpu_hours(a, card.tokens_at_least, work.gpu)
        note = f"GPU-hours over all GPUs for {card.tokens_at_least:.0e} tokens; every GPU must be full size"
        memory = training_memory(card, a, work.settings, work.gpus).device
        return memory, hours, pretraining_usd(a, card.tokens_at_least, work.gpu), note
    memory = training_memory(card, a, work.settings, work.gpus).device
    timing = step(card, a, work.settings, work.gpu, work.gpus).tokens_per_s
    positions = work.examples * (card.epochs or 1.0) * work.settings.seq_len
    ends = [float(training_hours(positions, rate or 1.0)) for rate in (timing.value, timing.high, timing.low)]
    hours = Estimate(ends[0], ends[1], ends[2], "hours", "estimated", HOURS_SOURCE)
    return memory, hours, _rent(hours, work), ""


def _rent(hours: Estimate, work: Workload) -> Estimate:
    """Rent of one run at its low end, of all runs tried at its high end."""
    gpu = work.gpu
    if gpu.usd_per_hour is None or gpu.usd_per_hour_low is None or gpu.usd_per_hour_high is None:
        return Estimate.unknown("USD", f"no rent of {gpu.name} is in the catalog")
    value, low, high = float(hours.value or 0), float(hours.low or 0), float(hours.high or 0)
    return Estimate(
        value * work.gpus * gpu.usd_per_hour * TRAINING_RUNS,
        low * work.gpus * gpu.usd_per_hour_low,
        high * work.gpus * gpu.usd_per_hour_high * TRAINING_RUNS,
        "USD",
        "estimated",
        f"hours × rent; low: one run at the lowest rent, high: {TRAINING_RUNS:g} runs at the highest",
    )


def _none(unit: str) -> Estimate:
    return Estimate.exact(0.0, unit, "nothing is trained on a GPU")


def whole_model_shrink(a: Architecture) -> float:
    """How many times smaller all weights are with linear layers in NF4 (double-quantised), the rest in 16 bits."""
    return total_parameters(a) * 2.0 / weight_bytes(a, "nf4")
