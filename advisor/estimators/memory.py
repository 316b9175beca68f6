"""GPU memory of training, component by component; the peak is the larger of two moments, never their sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from advisor.estimators.activations import Activations, activation_bytes, base_dtype, stream_bytes
from advisor.estimators.frameworks import framework_of
from advisor.estimators.ranges import Spread, ranged
from advisor.estimators.storage import BYTES, FOUR_BIT, weight_bytes
from advisor.vocabulary import (
    GIB,
    Architecture,
    Estimate,
    MethodCard,
    TrainingSettings,
    linear_layers,
    total_parameters,
)

ADAPTER_BYTES = 4.0  # peft: adapters in fp32 on any base (autocast_adapter_dtype)
EIGHT_BIT_STATES = 2.06  # two 8-bit moments and a scale per block of 256: bitsandbytes, torchao low_bit_optim README
RUNTIME_GIB = 0.45  # CUDA context and libraries: 0.14 on a T4 (measured), about 0.5 on data-centre cards
TRACED = Spread(0.98, 1.02, "traced from the real training step on fake tensors")
TRACED_RESERVED = Spread(0.95, 1.15, "traced; range for fragments as the closed form's")
SHARDED = ("zero2", "zero3", "fsdp")
# states per trained value in units of the parameter's bytes (-1: in 8 bits), and what one step adds while it runs;
# torch.optim's foreach AdamW holds one more copy of the parameters (its documentation), the fused one none
OPTIMIZERS = {
    "adamw": (2.0, 1.0),
    "adamw_fused": (2.0, 0.0),
    "adamw_8bit": (-1.0, 0.0),
    "paged_adamw_8bit": (-1.0, 0.0),
    "sgd": (0.0, 0.0),
}
RESERVED_OVER_PEAK = 1.12  # the allocator's fragments: median of 79 fitcheck runs 1.125
# measured over estimated, 10th and 90th percentile of published single-GPU runs (memory measurements of fitcheck on a
# T4, fms-acceleration on an A100, peft's comparison on an L40S; benchmarks/estimates.py prints them)
PEAK = Spread(0.94, 1.11, "counted per tensor; range from 132 measured peaks (fitcheck T4, fms-acceleration A100)")
RESERVED = Spread(0.92, 1.18, "peak and allocator fragments; range from 112 measured runs (fitcheck T4, peft L40S)")
DEVICE = Spread(0.88, 1.19, "reserved and CUDA context; range from 132 measured runs (fitcheck T4, fms A100)")
SEVERAL = Spread(0.55, 1.45, "counted; sharded runs were measured far off both ways (fms-acceleration, 135 runs)")
COMPONENTS = ("weights", "adapters", "gradients", "optimizer", "activations", "logits", "kv_cache", "runtime")


@dataclass(frozen=True, slots=True)
class MemoryBreakdown:
    """GiB on one GPU. Components at their largest; `peak` is what the allocator holds at the worst moment.

    `reserved` is what the allocator asks of the card, `device` what the card shows and must have.
    """

    weights: float
    adapters: float
    gradients: float
    optimizer: float
    activations: float
    logits: float
    kv_cache: float
    runtime: float
    peak: Estimate
    reserved: Estimate
    device: Estimate

    def as_json(self) -> dict[str, Any]:
        """The contract's `memory_gib`."""
        figures: dict[str, Any] = {name: getattr(self, name) for name in COMPONENTS}
        return figures | {name: getattr(self, name).as_json() for name in ("peak", "reserved", "device")}


@dataclass(frozen=True, slots=True)
class Static:
    """Bytes that live for the whole run on one GPU, and what the optimizer adds while it steps."""

    weights: float
    adapters: float
    gradients: float
    optimizer: float
    step_extra: float
    gathered: float
    paged: float


def training_memory(card: MethodCard, a: Architecture, settings: TrainingSettings, gpus: int = 1) -> MemoryBreakdown:
    """Memory of one training step on each of `gpus` cards, as transformers and peft run it."""
    static = _static(card, a, settings, gpus)
    active = activation_bytes(card, a, settings)
    loss = max(active.logits, _head_moment(card, a, settings, active))
    block = active.block + _unpacking(card, a, settings)
    waiting = static.gradients if settings.gradient_accumulation > 1 else 0.0
    forward_backward = max(active.kept + max(loss, block) + waiting, static.gradients + block)
    live = static.weights + static.adapters + static.optimizer - static.paged + static.gathered
    peak = live + max(forward_backward, static.gradients + static.step_extra)
    return MemoryBreakdown(
        weights=(static.weights + static.gathered) / GIB,
        adapters=static.adapters / GIB,
        gradients=static.gradients / GIB,
        optimizer=static.optimizer / GIB,
        activations=(active.kept + block) / GIB,
        logits=active.logits / GIB,
        kv_cache=0.0,
        runtime=RUNTIME_GIB,
        **_totals(peak / GIB, static.paged / GIB, gpus, framework_of(settings.framework).wider),
    )


def _totals(peak: float, paged: float, gpus: int, wider: float) -> dict[str, Estimate]:
    reserved = peak * RESERVED_OVER_PEAK
    values = {"peak": peak, "reserved": reserved, "device": reserved + RUNTIME_GIB + paged}
    spreads = {"peak": PEAK, "reserved": RESERVED, "device": DEVICE}
    return {
        name: ranged(value, (spreads[name] if gpus == 1 else SEVERAL).wider(wider), "GiB")
        for name, value in values.items()
    }


def exact_totals(peak_gib: float, reserved_gib: float, paged_gib: float) -> dict[str, Estimate]:
    """Peak, reserved and device around what a dry run traced; the range is what the driver and fragments add."""
    return {
        "peak": ranged(peak_gib, TRACED, "GiB", "counted"),
        "reserved": ranged(reserved_gib, TRACED_RESERVED, "GiB", "counted"),
        "device": ranged(reserved_gib + RUNTIME_GIB + paged_gib, TRACED_RESERVED, "GiB"),
    }


def _static(card: MethodCard, a: Architecture, settings: TrainingSettings, gpus: int) -> Static:
    dtype = base_dtype(card, settings)
    upcast = 4.0 if stream_bytes(card, settings) == 4.0 else 2.0
    weights = weight_bytes(a, dtype, settings.double_quant, upcast)
    trained = card.trainable_parameters(a, settings) if card.trained != "nothing" else 0
    bytes_each = BYTES[dtype] if card.trained == "all" else ADAPTER_BYTES
    adapters = 0.0 if card.trained == "all" else trained * ADAPTER_BYTES
    gradients = trained * bytes_each
    state, extra = OPTIMIZERS[settings.optimizer]
    optimizer = trained * (state * bytes_each if state >= 0 else EIGHT_BIT_STATES)
    step_extra = extra * trained * bytes_each
    params, others, gathered = _shares(settings, gpus)
    unit = weights * _largest_unit(a) / total_parameters(a)
    whole = gradients if settings.sharding == "ddp" and gpus > 1 else 0.0  # DDP's buckets are a second copy
    return Static(
        weights=weights * params,
        adapters=adapters * params,
        gradients=gradients * others + whole,
        optimizer=optimizer * (1 / gpus if settings.sharding in SHARDED else 1.0),
        step_extra=step_extra * (1 / gpus if settings.sharding in SHARDED else 1.0),
        gathered=gathered * unit,
        paged=optimizer if settings.optimizer.startswith("paged") else 0.0,
    )


def _shares(settings: TrainingSettings, gpus: int) -> tuple[float, float, float]:
    """Share of parameters and of gradients each card holds, and how many units are gathered beside them."""
    if gpus == 1 or settings.sharding not in SHARDED:
        return 1.0, 1.0, 0.0
    if settings.sharding == "zero2":
        return 1.0, 1.0 / gpus, 0.0
    return 1.0 / gpus, 1.0 / gpus, 2.0  # this unit and the one prefetched: FSDP BACKWARD_PRE


def _largest_unit(a: Architecture) -> int:
    block = sum(linear.weights for linear in linear_layers(a))
    return max(block, a.vocabulary * a.width)


def _head_moment(card: MethodCard, a: Architecture, settings: TrainingSettings, active: Activations) -> float:
    """While the trained head is differentiated its whole gradient stands beside that of the logits."""
    if card.trained != "all" or settings.loss == "fused":
        return 0.0
    width = BYTES[base_dtype(card, settings)]
    return active.logits / 3 + a.vocabulary * a.width * width


def _unpacking(card: MethodCard, a: Architecture, settings: TrainingSettings) -> float:
    """One four-bit weight unpacked to 16 bits at a time (bitsandbytes MatMul4Bit), the largest of the block."""
    if base_dtype(card, settings) not in FOUR_BIT:
        return 0.0
    return 2.0 * max(linear.fan_in * linear.fan_out for linear in linear_layers(a))
