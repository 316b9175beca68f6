"""How much of a card the serving engines reach, as data; fitted on published single-engine measurements."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.estimators.ranges import Spread


@dataclass(frozen=True, slots=True)
class Engine:
    """Shares of the card's bandwidth while decoding and of its peak while reading the prompt; seconds per layer lost.

    `four_bit` is the bandwidth share with 4-bit weights, which most kernels read less well.
    """

    decode: float
    prefill: float
    launch_s_per_layer: float
    four_bit: float
    spread: Spread
    note: str = ""


DENSE = "roofline over fitted efficiencies; range from published runs of this engine (benchmarks/estimates.py)"
ENGINES = {
    # aic-inhouse-sweep and Argonne, 58 runs, median error 36 %: versions of two years differ by that much
    "vllm": Engine(0.62, 0.60, 1.0e-4, 0.30, Spread(0.6, 1.6, DENSE)),
    "sglang": Engine(0.83, 0.80, 0.5e-4, 0.40, Spread(0.7, 1.5, DENSE)),  # 9 runs, median error 4 %, few cards
    "tensorrt-llm": Engine(0.85, 0.67, 1.0e-4, 0.50, Spread(0.65, 1.5, DENSE)),  # 59 runs, median error 15 %
    "lmdeploy": Engine(0.88, 0.29, 0.8e-4, 0.50, Spread(0.8, 1.3, DENSE)),  # 80 runs, median error 3 %
    "llama.cpp": Engine(0.80, 0.35, 1.0e-4, 0.60, Spread(0.6, 1.7, DENSE)),  # 145 runs, median error 30 %
    # litgpt and Hugging Face generate in eager Python: 0.17 to 0.31 of an A100's bandwidth on 7B models
    "transformers": Engine(0.68, 0.22, 5.0e-4, 0.20, Spread(0.6, 1.9, DENSE)),
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
    "litgpt": "transformers",
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
