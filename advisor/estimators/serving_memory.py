"""GPU memory of answering requests: weights, the cache of keys and values, and the work in flight."""

from __future__ import annotations

from typing import Any

import numpy as np

from advisor.estimators.memory import RUNTIME_GIB, MemoryBreakdown
from advisor.estimators.ranges import Spread, ranged
from advisor.estimators.storage import BYTES, weight_bytes
from advisor.vocabulary import GIB, Architecture, ServingSettings, key_width

PREFILL_TOKENS = 8192  # tokens a serving engine works on at once: vLLM's max_num_batched_tokens on data-centre cards
HALF_WINDOWED = ("gemma2", "gemma3_text")  # every second layer (or more) sees only the window
PEAK = Spread(0.96, 1.29, "weights and cache counted; range from Qwen2.5 and Qwen3 speed benchmarks (192 rows)")
DEVICE = Spread(0.94, 1.30, "as the peak, with the allocator's fragments and the CUDA context")


def kv_bytes_per_token(a: Architecture, kv_dtype: str = "bf16") -> float:
    """Bytes one token adds to the cache, all layers, no window."""
    return 2.0 * a.layers * key_width(a) * BYTES[kv_dtype]


def cached_tokens(a: Architecture, tokens: Any) -> Any:
    """Tokens of a sequence the average layer keeps (number or draws); a sliding window caps it."""
    if not a.sliding_window:
        return tokens
    inside = np.minimum(tokens, a.sliding_window)
    return (tokens + inside) / 2.0 if a.model_type in HALF_WINDOWED else inside


def serving_memory(a: Architecture, settings: ServingSettings, gpus: int = 1) -> MemoryBreakdown:
    """Memory on each of `gpus` cards that share the model, with `concurrency` requests in flight at full length.

    An engine that reserves a share of the card up front (vLLM: 0.9) shows that share whatever it needs.
    """
    weights = weight_bytes(a, settings.weight_dtype) / gpus
    length = settings.input_tokens + settings.output_tokens
    kv = kv_bytes_per_token(a, settings.kv_dtype) * float(cached_tokens(a, length)) * settings.concurrency / gpus
    at_once = min(settings.input_tokens * settings.concurrency, PREFILL_TOKENS)
    unit = 4.0 if settings.weight_dtype == "fp32" else 2.0
    working = at_once * unit * (2.0 * a.mlp_width * max(a.experts_per_token, 1) + 4.0 * a.width) / gpus
    logits = settings.concurrency * a.vocabulary * 4.0  # the last position of each request, in fp32
    peak = (weights + kv + max(working, logits)) / GIB
    return MemoryBreakdown(
        weights=weights / GIB,
        adapters=0.0,
        gradients=0.0,
        optimizer=0.0,
        activations=working / GIB,
        logits=logits / GIB,
        kv_cache=kv / GIB,
        runtime=RUNTIME_GIB,
        peak=ranged(peak, PEAK, "GiB"),
        reserved=ranged(peak * 1.05, DEVICE, "GiB"),
        device=ranged(peak * 1.05 + RUNTIME_GIB, DEVICE, "GiB"),
    )
