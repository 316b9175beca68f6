"""How much of a card the serving engines reach, as data; fitted on published single-engine measurements."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.estimators.ranges import Spread


@dataclass(frozen=True, slots=True)
class Engine:
    """Shares of the card's bandwidth while decoding and of its peak while reading the prompt; seconds per layer lost.

    `four_bit` is the bandwidth share with 4-bit weights, which most kernels read less well. `fast_memory` is the power
    by which the share falls above 1,000 GB/s. `spreads_work`: several cards share every layer and are faster together;
    without, each holds some of the layers and waits for the others.
    """

    decode: float
    prefill: float
    launch_s_per_layer: float
    four_bit: float
    spread: Spread
    note: str = ""
    fast_memory: float = 0.0
    spreads_work: bool = True


DENSE = "roofline over fitted efficiencies; range from published runs of this engine (benchmarks/estimates.py)"
ENGINES = {
    # aic-inhouse-sweep on H100 and H200; runs of 2024 (Argonne) are up to twice as slow: versions differ by that much
    "vllm": Engine(0.78, 0.62, 1.0e-4, 0.35, Spread(0.65, 1.6, DENSE)),
    "sglang": Engine(0.88, 0.85, 0.7e-4, 0.40, Spread(0.7, 1.6, DENSE)),
    "tensorrt-llm": Engine(0.88, 0.67, 0.9e-4, 0.50, Spread(0.75, 1.5, DENSE)),
    "lmdeploy": Engine(0.88, 0.29, 0.8e-4, 0.50, Spread(0.8, 1.25, DENSE)),
    # llama-bench of 2024: 0.73 to 0.85 of a GeForce's bandwidth, 0.38 to 0.51 of an A100's or H100's
    "llama.cpp": Engine(0.82, 0.35, 0.5e-4, 0.80, Spread(0.8, 1.35, DENSE), "", 0.5, False),
    # eager Python: 0.17 to 0.31 of an A100's bandwidth on 7B models
    "transformers": Engine(0.68, 0.22, 5.0e-4, 0.20, Spread(0.6, 1.9, DENSE), "", 0.0, False),
    "litgpt": Engine(0.68, 0.22, 7.0e-4, 0.20, Spread(0.7, 1.4, DENSE), "", 0.0, False),
}
ALIASES = {
    "trt-llm": "tensorrt-llm",
    "tensorrt": "tensorrt-llm",
    "trtllm": "tensorrt-llm",
    "nim": "tensorrt-llm",
    "llamacpp": "llama.cpp",
    "llama-cpp": "llama.cpp",
    "ollama": "llama.cpp",
    "hf": "transformers",
    "huggingface": "transformers",
}
GENERIC = Engine(
    0.60,
    0.45,
    1.5e-4,
    0.35,
    Spread(0.45, 2.2, "generic roofline; this engine was not measured"),
    "No runs of this engine stand behind the formula: the ranges are wider.",
)


def engine_of(name: str) -> Engine:
    """An engine by its usual name and version ("vLLM 0.9.1"); an unknown one gets the generic figures, wider."""
    plain = name.casefold().split("(")[0].strip()
    first = plain.split()[0] if plain else ""
    for candidate in (plain, first, first.replace("_", "-")):
        known = ALIASES.get(candidate, candidate)
        if known in ENGINES:
            return ENGINES[known]
    return GENERIC
