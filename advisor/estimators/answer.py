"""One what-if: a model, a method and settings → the contract's `estimate` document, as plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from advisor.errors import InputError
from advisor.estimators.engines import engine_of
from advisor.estimators.frameworks import framework_of
from advisor.estimators.latency import latency
from advisor.estimators.memory import MemoryBreakdown, training_memory
from advisor.estimators.serving_memory import serving_memory
from advisor.estimators.training_time import HOURS_SOURCE, step, training_hours
from advisor.vocabulary import (
    Architecture,
    Estimate,
    Gpu,
    MethodCard,
    ModelCard,
    ServingSettings,
    TrainingSettings,
    total_parameters,
)

# of the card: "yes" when even the high end of the range fits, "no" when not even the low end does
USABLE_SHARE = 0.97
COMMON_GPUS = ("T4-16GB", "RTX-4090-24GB", "L4-24GB", "L40S-48GB", "A100-SXM4-80GB", "H100-SXM-80GB", "H200-SXM-141GB")
MIXTURE_NOTE = "Mixture of experts: memory is counted, time and latency are rough."
SHARDED_NOTE = "Several GPUs: activations are counted per GPU; communication buffers are not, so the ranges are wider."
PREFIX_NOTE = "Virtual tokens lengthen every sequence; their cache is small beside the rest and left out."


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the model, where it runs, and how many examples; `gpu` None leaves time out."""

    model: ModelCard
    architecture: Architecture
    gpu: Gpu | None
    gpus: int = 1
    examples: int | None = None
    epochs: float | None = None


def training_answer(
    question: Question, card: MethodCard, settings: TrainingSettings, shown: Sequence[Gpu]
) -> dict[str, Any]:
    """Parameters, memory, time and fit of training."""
    a = question.architecture
    memory = training_memory(card, a, settings, question.gpus)
    trained = card.trainable_parameters(a, settings)
    notes = [framework_of(settings.framework).note, MIXTURE_NOTE if a.experts else ""]
    notes += [SHARDED_NOTE if question.gpus > 1 else "", PREFIX_NOTE if card.virtual_tokens else ""]
    return _document(
        question,
        card.name,
        asdict(settings),
        notes,
        {
            "parameters": _parameters(a, trained),
            "memory_gib": memory.as_json(),
            "time": _time(question, card, settings),
            "fits": fits(memory, question, shown),
        },
    )


def serving_answer(question: Question, settings: ServingSettings, shown: Sequence[Gpu]) -> dict[str, Any]:
    """Memory, latency and fit of answering requests."""
    a = question.architecture
    memory = serving_memory(a, settings, question.gpus)
    engine = engine_of(settings.engine)
    body: dict[str, Any] = {
        "parameters": _parameters(a, 0),
        "memory_gib": memory.as_json(),
        "time": None,
        "fits": fits(memory, question, shown),
    }
    if question.gpu is not None:
        figures = latency(a, settings, question.gpu, question.gpus)
        body["latency"] = {
            "ttft_ms": figures.ttft_ms.as_json(),
            "tpot_ms": figures.tpot_ms.as_json(),
            "throughput_tokens_per_s": figures.throughput_tokens_per_s.as_json(),
        }
    return _document(question, "inference", asdict(settings), [engine.note, MIXTURE_NOTE if a.experts else ""], body)


def fits(memory: MemoryBreakdown, question: Question, shown: Sequence[Gpu]) -> list[dict[str, Any]]:
    """Whether the cards hold it: the one asked about, else the usual ones."""
    cards = [question.gpu] if question.gpu is not None else [gpu for gpu in shown if gpu.id in COMMON_GPUS]
    return [fit(memory.device, gpu, question.gpus) for gpu in cards]


def fit(device: Estimate, gpu: Gpu, gpus: int) -> dict[str, Any]:
    """yes: the high end fits; no: the low end does not; tight: between. Headroom is to the central value."""
    room = gpu.memory_gib * USABLE_SHARE
    value, low, high = device.value or 0.0, device.low or 0.0, device.high or 0.0
    verdict = "yes" if high <= room else ("no" if low > room or value > gpu.memory_gib else "tight")
    return {"gpu": gpu.id, "gpus": gpus, "fits": verdict, "headroom_gib": room - value}


def _parameters(a: Architecture, trained: int) -> dict[str, Any]:
    total = total_parameters(a)
    return {"total": total, "trainable": trained, "trainable_percent": 100.0 * trained / total}


def _time(question: Question, card: MethodCard, settings: TrainingSettings) -> dict[str, Any] | None:
    if question.gpu is None or card.trained == "nothing":
        return None
    timing = step(card, question.architecture, settings, question.gpu, question.gpus)
    figures: dict[str, Any] = {"step_ms": timing.step_ms.as_json(), "tokens_per_s": timing.tokens_per_s.as_json()}
    if question.examples is not None:
        epochs = question.epochs if question.epochs is not None else (card.epochs or 1.0)
        positions = float(question.examples) * epochs * settings.seq_len
        rate = timing.tokens_per_s
        if rate.value is None or rate.low is None or rate.high is None:
            raise InputError("The time of one step is not known.", "Choose another GPU.")
        hours = [float(training_hours(positions, r)) for r in (rate.value, rate.high, rate.low)]
        figures["total_hours"] = Estimate(hours[0], hours[1], hours[2], "hours", "estimated", HOURS_SOURCE).as_json()
    return figures


def _document(
    question: Question, method: str, settings: dict[str, Any], notes: Sequence[str], body: dict[str, Any]
) -> dict[str, Any]:
    said = {
        **settings,
        "gpu": question.gpu.id if question.gpu else None,
        "gpus": question.gpus,
        "examples": question.examples,
        "epochs": question.epochs,
    }
    document: dict[str, Any] = {"model": question.model.id, "method": method, "settings": said}
    note = " ".join(text for text in notes if text)
    if note:
        document["note"] = note
    return {**document, **body}
