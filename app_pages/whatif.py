"""What-ifs: a model, a GPU and settings → the engine's answer, and the money it means."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from advisor.catalog import facts
from advisor.catalog.quality import quality_priors
from advisor.estimators.answer import Question, serving_answer, training_answer
from advisor.estimators.chance import Chance
from advisor.estimators.comparison import MethodRow, Workload, compare
from advisor.estimators.cost import TRAINING_RUNS, machines_usd_per_month
from advisor.estimators.latency import requests_per_s, served
from advisor.estimators.quality import World, as_quality, option_logit, world_of
from advisor.methods import METHODS
from advisor.questionnaire import task_draws
from advisor.report import numbers
from advisor.vocabulary import (
    MTOK,
    Architecture,
    Estimate,
    Gpu,
    MethodCard,
    ModelCard,
    ServingSettings,
    TaskProfile,
    TrainingSettings,
)

PARTS = {
    "weights": "Weights of the model", "adapters": "Adapters", "gradients": "Gradients", "optimizer": "Optimizer",
    "activations": "Activations", "logits": "Logits", "kv_cache": "Attention cache", "runtime": "Driver and libraries",
}  # fmt: skip
FITS = {"yes": "fits", "tight": "tight", "no": "does not fit"}
SMALLEST_PART_GIB = 0.005
DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One model on so many of one GPU."""

    model: ModelCard
    gpu: Gpu
    gpus: int

    @property
    def shape(self) -> Architecture:
        """The model's architecture; only models that have one can be chosen."""
        assert self.model.architecture is not None
        return self.model.architecture


def open_models() -> tuple[ModelCard, ...]:
    """Models whose shape is known, the usual ones first, then by size."""
    known = [model for model in facts().models if model.architecture is not None]
    return tuple(sorted(known, key=lambda model: (not model.default, model.parameters_b or 0.0)))


def trainable_methods() -> tuple[MethodCard, ...]:
    """Methods that train something inside a model; pre-training starts from nothing and is no what-if here."""
    return tuple(card for card in METHODS if card.trained in ("adapter", "all", "head") and card.needs_open_weights)


def training(
    case: WhatIf, card: MethodCard, settings: TrainingSettings, examples: int, epochs: float
) -> dict[str, Any]:
    """The engine's answer for training, with the fit on every GPU."""
    asked = Question(case.model, case.shape, case.gpu, case.gpus, examples, epochs)
    return training_answer(asked, card, settings, facts().gpus) | {"everywhere": _everywhere(case, card, settings)}


def _everywhere(case: WhatIf, card: MethodCard, settings: TrainingSettings) -> list[dict[str, Any]]:
    nowhere = Question(case.model, case.shape, None, case.gpus)
    return list(training_answer(nowhere, card, settings, facts().gpus)["fits"])


def serving(case: WhatIf, settings: ServingSettings) -> dict[str, Any]:
    """The engine's answer for answering requests, with the fit on every GPU."""
    answer = serving_answer(Question(case.model, case.shape, case.gpu, case.gpus), settings, facts().gpus)
    nowhere = serving_answer(Question(case.model, case.shape, None, case.gpus), settings, facts().gpus)
    return answer | {"everywhere": nowhere["fits"]}


def rent_usd(case: WhatIf, hours: dict[str, Any] | None) -> str:
    """What the hours of one training run cost at the catalog's rents."""
    gpu = case.gpu
    if hours is None or gpu.usd_per_hour is None or gpu.usd_per_hour_low is None or gpu.usd_per_hour_high is None:
        return "not known: no rent in the catalog"
    n = case.gpus
    low, high = hours["low"] * n * gpu.usd_per_hour_low, hours["high"] * n * gpu.usd_per_hour_high
    return numbers.ranged(hours["value"] * n * gpu.usd_per_hour, low, high, numbers.significant) + " USD"


def monthly_usd(case: WhatIf, settings: ServingSettings, peak_per_s: float) -> tuple[str, str]:
    """(machines, USD a month) that carry the busiest second, at the catalog's rents."""
    one = served(case.shape, settings, case.gpu, case.gpus)
    carries = float(requests_per_s(one, settings.input_tokens, max(1, settings.output_tokens), settings.concurrency))
    machines = max(1, math.ceil(peak_per_s / carries))
    said = f"{machines} × {case.gpus} {case.gpu.name}"
    rents = (case.gpu.usd_per_hour, case.gpu.usd_per_hour_low, case.gpu.usd_per_hour_high)
    if any(rent is None for rent in rents):
        return said, "not known: no rent in the catalog"
    value, low, high = (machines_usd_per_month(machines * case.gpus, float(rent or 0)) for rent in rents)
    return said, numbers.ranged(float(value), float(low), float(high), numbers.significant) + " USD"


def hosted(settings: ServingSettings, requests_per_month: float) -> pd.DataFrame:
    """What the hosted models of the catalog ask for the same requests, without their caches."""
    rows = []
    for model in facts().models:
        if model.price is not None:
            each = settings.input_tokens * model.price.input_usd_per_mtok
            usd = (each + settings.output_tokens * model.price.output_usd_per_mtok) / MTOK
            rows.append({"Model": model.name, "USD per 1,000 requests": 1_000 * usd,
                         "USD a month": usd * requests_per_month, "Price of": model.price.source.checked})  # fmt: skip
    return pd.DataFrame(rows).sort_values("USD a month")


def parts(memory: dict[str, Any]) -> pd.DataFrame:
    """The components of the memory that matter, the largest first."""
    rows = [{"Part": label, "GiB": float(memory[name])} for name, label in PARTS.items()]
    shown = pd.DataFrame([row for row in rows if row["GiB"] >= SMALLEST_PART_GIB])
    return shown.sort_values("GiB", ascending=False)


def fit_table(fits: list[dict[str, Any]]) -> pd.DataFrame:
    """Where it fits, with the room that is left."""
    names = {gpu.id: gpu.name for gpu in facts().gpus}
    return pd.DataFrame(
        [
            {
                "GPU": f"{row['gpus']} × {names[row['gpu']]}" if row["gpus"] > 1 else names[row["gpu"]],
                "Verdict": FITS[row["fits"]],
                "Room left (GiB)": round(row["headroom_gib"], 1),
            }
            for row in fits
        ]
    )


def estimate(document: dict[str, Any] | None) -> Estimate | None:
    """An estimate back from the answer's JSON."""
    return None if document is None else Estimate.from_json(document)


def methods(case: WhatIf, settings: TrainingSettings, examples: int, profile: TaskProfile) -> pd.DataFrame:
    """Every way of adapting the chosen model, computed: what is trained, memory, money, quality, effort."""
    chance = Chance(1, DRAWS)
    draws = task_draws(profile, chance.rng("answers"), chance.n)
    world = world_of(profile, draws, quality_priors(), chance)
    rows = compare(METHODS, case.shape, Workload(examples, settings, case.gpu, case.gpus))
    return pd.DataFrame([_method(row, case, world, examples) for row in rows])


def _method(row: MethodRow, case: WhatIf, world: World, examples: int) -> dict[str, str]:
    scores = as_quality(world, option_logit(world, row.method, case.model, float(examples)))
    known = bool(np.isfinite(scores).all())
    low, middle, high = (float(q) for q in np.quantile(scores, (0.1, 0.5, 0.9))) if known else (0.0, 0.0, 0.0)
    days = row.engineer_days
    return {
        "Method": row.label,
        "Trained": f"{row.trained_percent:.3g} %" if row.trainable else "no model",
        "Memory of one GPU": numbers.gib(row.memory_gib),
        "Training": numbers.hours(row.training_hours) if row.trainable else "none",
        f"{TRAINING_RUNS:g} trainings (USD)": numbers.with_writer(row.training_usd, numbers.significant)
        if row.trainable
        else "0",
        "Quality": numbers.ranged(middle, low, high, numbers.hundredths) if known else "not for this task",
        "Engineer (days)": numbers.ranged(days[1], days[0], days[2], numbers.significant),
        "Note": row.note,
    }
