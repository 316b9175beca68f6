"""How long training takes: floating-point work against the card's peak, with the part that small batches lose."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from advisor.estimators.activations import base_dtype
from advisor.estimators.frameworks import framework_of
from advisor.estimators.ranges import Spread, ranged
from advisor.estimators.storage import FOUR_BIT
from advisor.vocabulary import (
    GB,
    Architecture,
    Estimate,
    Gpu,
    MethodCard,
    TrainingSettings,
    active_parameters,
    linear_parameters,
    query_width,
)

# Efficiencies fitted to, and compared by benchmarks/estimates.py with, 537 published runs (llm-foundry A100 and
# H100, fms A100, Qwen A100, torchtune, peft L40S): median error 11 %, 80 % of runs within the spread below.
REFERENCE_TFLOPS = 312.0  # an A100: the share of the peak that is reached falls as the peak grows
REACHED_CHECKPOINTING = 0.69
REACHED_PLAIN = 0.53
REACHED_FROZEN = 0.89  # of the above where the base is frozen: smaller products, more launches
FALL_WITH_PEAK = 0.18
SEVERAL_GPUS = 0.89
LAUNCH_S_PER_LAYER = 0.004  # one pass forward and back of one block, however few tokens
RECOMPUTED = 4 / 3  # the same with checkpointing: one more forward pass
UNPACK_S_PER_GPARAM = 0.0265  # 4-bit weights unpacked in every pass, per 10⁹ weights on an A100; half more recomputed
REFERENCE_BANDWIDTH = 2039.0  # GB/s of that A100
STEP_BYTES_PER_PARAM = 63.0  # unfused AdamW in several sweeps over parameters, gradients and states
STEP = Spread(0.87, 1.5, "FLOPs over fitted efficiency; range from 537 published runs, median error 11 %")
CPU_REACHED = 0.5  # assumption: share of a CPU's peak in fp32; a probe of the real machine replaces it
SETUP_HOURS = 0.15  # assumption: loading, tokenising, evaluating, saving
HOURS_SOURCE = f"{STEP.source}; assumption: {SETUP_HOURS:g} hours of it to load, evaluate and save"


@dataclass(frozen=True, slots=True)
class TrainingStep:
    """One optimizer step (all accumulated micro-batches) on all GPUs, and the positions computed per second."""

    step_ms: Estimate
    tokens_per_s: Estimate


def flops_per_token(card: MethodCard, a: Architecture, settings: TrainingSettings) -> float:
    """Work per position: 2N forward, 2N for the inputs' gradients, 2N for trained weights, 2N recomputed.

    A frozen base needs no weight gradients; a trained head on a frozen body only the forward pass.
    """
    table = 0 if a.tied_embeddings else a.vocabulary * a.width  # looked up, not multiplied
    n = active_parameters(a) - table
    passes = {"nothing": 0, "head": 2, "adapter": 4, "all": 6}[card.trained]
    if settings.gradient_checkpointing and card.trained in ("adapter", "all"):
        passes += 2
    attention = a.layers * query_width(a) * settings.seq_len  # causal: half of the full square
    adapters = 6 * card.trainable_parameters(a, settings) if card.trained == "adapter" else 0
    return float(passes * (n + attention) + adapters)


@functools.lru_cache(maxsize=8192)
def seconds_per_step(card: MethodCard, a: Architecture, settings: TrainingSettings, gpu: Gpu, gpus: int = 1) -> float:
    """Seconds of one optimizer step; the central value behind `step`."""
    tokens = settings.batch_size * settings.seq_len
    checkpointing = settings.gradient_checkpointing and card.trained in ("adapter", "all")
    reached = REACHED_CHECKPOINTING if checkpointing else REACHED_PLAIN
    reached *= 1.0 if card.trained == "all" else REACHED_FROZEN
    reached *= (gpu.bf16_tflops / REFERENCE_TFLOPS) ** -FALL_WITH_PEAK
    if gpu.kind == "cpu":
        reached = CPU_REACHED
    reached = min(reached, 0.9) * (SEVERAL_GPUS if gpus > 1 else 1.0)
    fp32 = 2.0 if settings.dtype == "fp32" and gpu.kind == "gpu" else 1.0  # TF32 runs at half the 16-bit rate
    work = flops_per_token(card, a, settings) * tokens * fp32 / (gpu.bf16_tflops * 1e12 * reached)
    launches = a.layers * LAUNCH_S_PER_LAYER * (RECOMPUTED if checkpointing else 1.0)
    if gpu.kind == "cpu" or card.trained == "head":
        launches = 0.0
    micro = (work**3 + launches**3) ** (1 / 3)  # whichever is larger, with a soft corner: fitted exponent
    if base_dtype(card, settings) in FOUR_BIT:
        slower = REFERENCE_BANDWIDTH / gpu.bandwidth_gb_s * (1.5 if checkpointing else 1.0)
        micro += linear_parameters(a) / 1e9 * UNPACK_S_PER_GPARAM * slower
    trained = card.trainable_parameters(a, settings)
    update = trained * STEP_BYTES_PER_PARAM / gpus / (gpu.bandwidth_gb_s * GB)
    return float(settings.gradient_accumulation * micro + update)


def step(card: MethodCard, a: Architecture, settings: TrainingSettings, gpu: Gpu, gpus: int = 1) -> TrainingStep:
    """Time of one step and positions per second over all GPUs (data parallel), as ranges."""
    seconds = seconds_per_step(card, a, settings, gpu, gpus)
    spread = STEP.wider(framework_of(settings.framework).wider * (2.0 if gpu.kind == "cpu" or a.experts else 1.0))
    tokens = settings.batch_size * settings.seq_len * settings.gradient_accumulation * gpus
    inverse = Spread(1 / spread.high, 1 / max(spread.low, 0.1), spread.source)
    return TrainingStep(ranged(seconds * 1000, spread, "ms"), ranged(tokens / seconds, inverse, "tokens/s"))


def training_hours(tokens: Any, tokens_per_s: float, efficiency: Any = 1.0) -> Any:
    """Hours of one run over `tokens` positions (padding and epochs included; number or draws), with setting up."""
    return tokens / (tokens_per_s * efficiency) / 3600 + SETUP_HOURS
