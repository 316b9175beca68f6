"""How fast a model answers: reading the prompt is arithmetic, writing the answer is memory traffic (a roofline).

Every function takes numbers or arrays of draws alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from advisor.estimators.engines import Engine, engine_of
from advisor.estimators.ranges import Spread, ranged
from advisor.estimators.serving_memory import cached_tokens, kv_bytes_per_token
from advisor.estimators.storage import FOUR_BIT, QUANTISED, weight_bytes
from advisor.vocabulary import (
    GB,
    Architecture,
    Estimate,
    Gpu,
    ServingSettings,
    active_parameters,
    query_width,
    shared_parameters,
    total_parameters,
)

Number = Any  # float or Draws: numpy broadcasts
BUSY_SHARE = 0.65  # of a replica's throughput at which p95 stays near the median; queueing, Allen-Cunneen: 0.6 to 0.7
P95_OVER_P50 = 1.8  # assumption: lengths and queueing at that load; a measurement of the real place replaces it
# assumption: slow calls (p95) of hosted chat models; nobody publishes them, so they decide with a wide range only
HOSTED_FIRST_MS = 700.0
HOSTED_TOKENS_PER_S = 80.0
FAST_GB_S = 1000.0  # the bandwidth from which some engines no longer keep up
CPU_PREFILL = 0.5  # assumption: share of a CPU's peak in matrix products
LINK_S_PER_LAYER = 1.5e-5  # one all-reduce per block and doubling of GPUs; fitted on TensorRT-LLM and lmdeploy runs


@dataclass(frozen=True, slots=True)
class Served:
    """A model on a place, reduced to the figures the roofline needs; made once, used for many draws."""

    prefill_flops_per_token: float
    attention_flops_per_pair: float
    shared_bytes: float
    expert_bytes: float
    kv_bytes_per_token: float
    peak_flops: float
    bandwidth_bytes: float
    overhead_s: float
    architecture: Architecture


def served(a: Architecture, settings: ServingSettings, gpu: Gpu, gpus: int = 1) -> Served:
    """The roofline of one replica: `gpus` cards that share the model."""
    engine = engine_of(settings.engine)
    table = 0 if a.tied_embeddings else a.vocabulary * a.width * 2
    held = weight_bytes(a, settings.weight_dtype) - table
    experts = held * (1.0 - shared_parameters(a) / total_parameters(a))
    decode, prefill = _reached(engine, settings, gpu)
    together = gpus if engine.spreads_work else 1
    fast = gpu.fp8_tflops if settings.weight_dtype == "fp8" and gpu.fp8_tflops else gpu.bf16_tflops
    return Served(
        prefill_flops_per_token=2.0 * (active_parameters(a) - table / 2),
        attention_flops_per_pair=2.0 * a.layers * query_width(a),
        shared_bytes=held - experts,
        expert_bytes=experts,
        kv_bytes_per_token=kv_bytes_per_token(a, settings.kv_dtype),
        peak_flops=fast * 1e12 * prefill * together,
        bandwidth_bytes=gpu.bandwidth_gb_s * GB * decode * together,
        overhead_s=a.layers * (engine.launch_s_per_layer + LINK_S_PER_LAYER * float(np.log2(together))),
        architecture=a,
    )


def read_bytes(s: Served, tokens: Number) -> Number:
    """Weights read to compute `tokens` at once: shared ones once, of the experts those that any token chose."""
    a = s.architecture
    missed = (1.0 - a.experts_per_token / a.experts) ** tokens if a.experts else 0.0
    return s.shared_bytes + s.expert_bytes * (1.0 - missed)


def ttft_ms(s: Served, input_tokens: Number, cached_prefix: Number = 0.0) -> Number:
    """Milliseconds until the first token, alone on the replica; a cached prefix need not be read again."""
    fresh = np.maximum(input_tokens - cached_prefix, 1.0)
    pairs = fresh * (fresh + 2.0 * cached_prefix)
    flops = s.prefill_flops_per_token * fresh + s.attention_flops_per_pair * pairs
    # a short prompt is bound by reading the weights once, as one decoding step is
    return 1000 * (np.maximum(flops / s.peak_flops, read_bytes(s, fresh) / s.bandwidth_bytes) + s.overhead_s)


def tpot_ms(s: Served, context_tokens: Number, concurrency: Number = 1.0) -> Number:
    """Milliseconds per further token with `concurrency` answers written together."""
    kept = cached_tokens(s.architecture, context_tokens)
    read = (read_bytes(s, concurrency) + concurrency * kept * s.kv_bytes_per_token) / s.bandwidth_bytes
    computed = s.prefill_flops_per_token * concurrency / s.peak_flops
    return 1000 * (np.maximum(read, computed) + s.overhead_s)


def loaded_tpot_ms(s: Served, input_tokens: Number, output_tokens: Number, concurrency: Number) -> Number:
    """As `tpot_ms`, when the others' prompts are read in between (continuous batching, steady state)."""
    alone = tpot_ms(s, input_tokens + output_tokens / 2, concurrency)
    others = ttft_ms(s, input_tokens) * (concurrency - 1)
    return alone + others / np.maximum(output_tokens, 1.0)


def loaded_ttft_ms(s: Served, input_tokens: Number, concurrency: Number) -> Number:
    """First token under load: own prompt behind on average a share of the others'.

    Measured over own prefill (in-house sweeps): 6 times at 17 to 32 requests in flight, 23 times at 65 to 128.
    """
    return ttft_ms(s, input_tokens) * (1 + 0.9 * np.maximum(concurrency - 1, 0) ** 0.65)


def throughput_tokens_per_s(s: Served, input_tokens: Number, output_tokens: Number, concurrency: Number) -> Number:
    """Output tokens per second of one replica with `concurrency` requests always in flight."""
    writing = output_tokens * loaded_tpot_ms(s, input_tokens, output_tokens, concurrency)
    return 1000 * concurrency * output_tokens / (ttft_ms(s, input_tokens) + writing)


def answer_ms(s: Served, input_tokens: Number, output_tokens: Number, concurrency: Number = 1.0) -> Number:
    """Milliseconds of a whole answer."""
    first = loaded_ttft_ms(s, input_tokens, concurrency)
    return first + np.maximum(output_tokens - 1, 0) * loaded_tpot_ms(s, input_tokens, output_tokens, concurrency)


def requests_per_s(s: Served, input_tokens: Number, output_tokens: Number, concurrency: Number) -> Number:
    """Requests a replica carries per second without its p95 running away."""
    rate = throughput_tokens_per_s(s, input_tokens, output_tokens, concurrency) / np.maximum(output_tokens, 1.0)
    return BUSY_SHARE * rate


@dataclass(frozen=True, slots=True)
class Latency:
    """The contract's latency of an engine under `concurrency` requests in flight."""

    ttft_ms: Estimate
    tpot_ms: Estimate
    throughput_tokens_per_s: Estimate


def latency(a: Architecture, settings: ServingSettings, gpu: Gpu, gpus: int = 1) -> Latency:
    """First token, further tokens and throughput, as ranges; the first token under load is the least certain."""
    s = served(a, settings, gpu, gpus)
    spread = engine_of(settings.engine).spread.wider(1.5 if gpu.kind == "cpu" or a.experts else 1.0)
    inverse = Spread(1 / spread.high, 1 / max(spread.low, 0.1), spread.source)
    lengths = (float(settings.input_tokens), float(settings.output_tokens))
    k = float(settings.concurrency)
    return Latency(
        ranged(float(loaded_ttft_ms(s, lengths[0], k)), spread.wider(1.8 if k > 1 else 1.2), "ms"),
        ranged(float(loaded_tpot_ms(s, *lengths, k)), spread, "ms"),
        ranged(float(throughput_tokens_per_s(s, *lengths, k)), inverse, "tokens/s"),
    )


def _reached(engine: Engine, settings: ServingSettings, gpu: Gpu) -> tuple[float, float]:
    four_bit = settings.weight_dtype in FOUR_BIT or settings.weight_dtype == "int4"
    decode = engine.four_bit if four_bit else engine.decode
    if settings.weight_dtype in QUANTISED and not four_bit and settings.weight_dtype != "fp8":
        decode = (engine.decode + engine.four_bit) / 2  # int8 kernels lie between: vLLM on A100 0.33
    decode *= min(1.0, (FAST_GB_S / gpu.bandwidth_gb_s) ** engine.fast_memory)
    return decode, CPU_PREFILL if gpu.kind == "cpu" else engine.prefill


def hosted_wait_ms(output_tokens: Number) -> Number:
    """A slow answer (p95) of a hosted model: until the first token, and writing."""
    return HOSTED_FIRST_MS + 1000.0 * output_tokens / HOSTED_TOKENS_PER_S
