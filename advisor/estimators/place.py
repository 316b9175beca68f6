"""What a place can do: how many cards a replica needs, how many replicas the load needs, how training fits."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from advisor.estimators.latency import Served, requests_per_s, served
from advisor.estimators.memory import training_memory
from advisor.estimators.serving_memory import kv_bytes_per_token, serving_memory
from advisor.estimators.storage import weight_bytes
from advisor.vocabulary import GIB, Architecture, Gpu, MethodCard, ModelCard, ServingSettings, TrainingSettings

USABLE_SHARE = 0.97  # of the memory on the label: driver and firmware keep some (an 80 GB A100 shows 79.2 GiB)
SERVED_SHARE = 0.9  # vLLM's default gpu_memory_utilization
MOST_CONCURRENT = 32  # assumption: requests answered together before people notice; engines go on to 256
REPLICA_SIZES = (1, 2, 4, 8)
BATCHES = (8, 4, 2, 1)
EFFECTIVE_BATCH = 16  # rows per optimizer step: 8 to 32 in the recipes of the method cards' papers
REMEMBERED = 65_536  # one search for flips asks of some 20,000 settings, most of them many times
CPU_REPLICAS = 4  # assumption: more CPU servers than this and nobody would serve from CPUs
SHARED_SERVER = 1 / 8  # the smallest share of a server one pays for when a model needs little: two threads of 16


@dataclass(frozen=True, slots=True)
class Replica:
    """One copy of the model that answers requests, on `gpus` cards, up to `concurrency` requests together."""

    gpus: int
    concurrency: float
    served: Served
    memory_gib: float


def serving_settings(card: MethodCard, gpu: Gpu) -> ServingSettings:
    """How a method's model is served on a kind of machine: 16 bits on vLLM, 4 bits on a CPU, encoders in fp32."""
    if card.trained == "head":
        return ServingSettings(engine="transformers", weight_dtype="fp32", output_tokens=0)
    if gpu.kind == "cpu":
        return ServingSettings(engine="llama.cpp", weight_dtype="int4")
    return ServingSettings(engine="vllm", weight_dtype="bf16")


def replica_on(card: MethodCard, a: Architecture, gpu: Gpu, tokens: int, most_gpus: int = 8) -> Replica | None:
    """The smallest replica that holds the model and at least one request of `tokens`; None if none does."""
    return _smallest(serving_settings(card, gpu), a, gpu, tokens, most_gpus)


@functools.lru_cache(maxsize=REMEMBERED)
def _smallest(engine: ServingSettings, a: Architecture, gpu: Gpu, tokens: int, most_gpus: int) -> Replica | None:
    settings = replace(engine, input_tokens=tokens, output_tokens=0)
    for gpus in REPLICA_SIZES:
        if gpus > (1 if gpu.kind == "cpu" else most_gpus):
            return None
        need = serving_memory(a, settings, gpus).device.value
        if need is not None and need <= gpu.memory_gib * USABLE_SHARE:
            return Replica(gpus, _concurrency(a, settings, gpu, gpus), served(a, settings, gpu, gpus), need * gpus)
    return None


def _concurrency(a: Architecture, settings: ServingSettings, gpu: Gpu, gpus: int) -> float:
    free = gpu.memory_gib * SERVED_SHARE * gpus * GIB - weight_bytes(a, settings.weight_dtype)
    each = kv_bytes_per_token(a, settings.kv_dtype) * max(settings.input_tokens, 1)
    most = MOST_CONCURRENT if gpu.kind == "gpu" else 4  # assumption: a CPU server answers four together
    return float(max(1, min(most, math.floor(free / each))))


def replicas_for(replica: Replica, prompt: Any, output: Any, peak_requests_per_s: Any, efficiency: Any = 1.0) -> Any:
    """Copies needed at the busiest moment (numbers or draws), at least one."""
    carries = requests_per_s(replica.served, prompt, np.maximum(output, 1.0), replica.concurrency) * efficiency
    return np.maximum(1.0, np.ceil(peak_requests_per_s / carries))


def training_settings(seq_len: int) -> TrainingSettings:
    """How a careful single-team run trains rows of this length; the batch is filled in by what fits."""
    return TrainingSettings(seq_len=seq_len, rank=16, optimizer="adamw", gradient_checkpointing=True)


def training_on(card: MethodCard, a: Architecture, gpu: Gpu, gpus: int, seq_len: int) -> TrainingSettings | None:
    """The largest batch that trains on these cards; None if not even one row at a time fits."""
    for batch in BATCHES:
        settings, need = _batched(card, a, gpu.kind == "cpu", gpus, seq_len, batch)
        if need is not None and need <= gpu.memory_gib * USABLE_SHARE:
            return settings
    return None


@functools.lru_cache(maxsize=REMEMBERED)
def _batched(
    card: MethodCard, a: Architecture, on_cpu: bool, gpus: int, seq_len: int, batch: int
) -> tuple[TrainingSettings, float | None]:
    """Training with this batch, and the GiB that it needs on each card, whichever card that is."""
    settings = replace(
        training_settings(seq_len),
        sharding="fsdp" if gpus > 1 else "none",
        dtype="fp32" if on_cpu else training_settings(seq_len).dtype,
        batch_size=batch,
        gradient_accumulation=max(1, EFFECTIVE_BATCH // (batch * gpus)),
    )
    return settings, training_memory(card, a, settings, gpus).device.value


def sequence_bucket(tokens: float, model: ModelCard) -> int:
    """Training length: prompt and answer, rounded up to 128, within the context."""
    return int(min(max(128, math.ceil(tokens / 128) * 128), model.context_tokens))
