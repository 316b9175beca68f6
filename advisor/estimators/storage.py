"""Bytes of numbers and of weights as they are stored."""

from __future__ import annotations

from advisor.errors import UnknownName
from advisor.vocabulary import Architecture, linear_parameters, total_parameters

BYTES = {"fp32": 4.0, "fp16": 2.0, "bf16": 2.0, "fp8": 1.0, "int8": 1.0}
# bits per weight of a quantised linear layer, scales included
NF4_BITS = 4 + 32 / 64  # one fp32 scale per 64 weights: QLoRA, arXiv 2305.14314, section 3
NF4_DOUBLE_BITS = 4 + 8 / 64 + 32 / (64 * 256)  # the scales in 8 bits, one fp32 per 256 of them: same
INT4_BITS = 4 + 16 / 128 + 4 / 128  # GPTQ and AWQ, groups of 128: fp16 scale and 4-bit zero point
INT8_BITS = 8 + 0.03  # one scale per output row: under half a percent
FP8_BITS = 8.0
FOUR_BIT = ("nf4", "fp4")  # bitsandbytes: weights are unpacked for every multiplication
QUANTISED = ("nf4", "fp4", "int4", "int8", "fp8")
SPELLINGS = {
    "bfloat16": "bf16",
    "float16": "fp16",
    "half": "fp16",
    "float32": "fp32",
    "float": "fp32",
    "float8": "fp8",
    "float8_e4m3fn": "fp8",
    "nvfp4": "fp4",
    "gptq-int4": "int4",
    "awq-int4": "int4",
    "gptq": "int4",
    "awq": "int4",
    "4bit": "nf4",
    "8bit": "int8",
    "gptq-int8": "int8",
}


def dtype_name(spelling: str) -> str:
    """bf16, fp16, fp32, fp8, fp4, int8, int4 or nf4 from its usual spellings; `UnknownName` lists them."""
    plain = spelling.strip().casefold().removeprefix("torch.")
    name = SPELLINGS.get(plain, plain)
    if name not in BYTES and name not in QUANTISED:
        raise UnknownName(
            f"There is no data type called {spelling!r}.", f"Choose one of: {', '.join(sorted({*BYTES, *QUANTISED}))}."
        )
    return name


def bits_per_weight(dtype: str, double_quant: bool = True) -> float:
    """Bits one weight of a linear layer takes, scales included."""
    if dtype in FOUR_BIT:
        return NF4_DOUBLE_BITS if double_quant else NF4_BITS
    return {"int4": INT4_BITS, "int8": INT8_BITS, "fp8": FP8_BITS}.get(dtype) or 8 * BYTES[dtype]


def weight_bytes(a: Architecture, dtype: str, double_quant: bool = True, other_bytes: float = 2.0) -> float:
    """Bytes of all weights; what is not quantised (embeddings, head, norms, biases) takes `other_bytes` each."""
    if dtype not in QUANTISED:
        return total_parameters(a) * BYTES[dtype]
    linear = linear_parameters(a)
    return linear * bits_per_weight(dtype, double_quant) / 8 + (total_parameters(a) - linear) * other_bytes


def linear_shrink(dtype: str, double_quant: bool = True) -> float:
    """How many times smaller a quantised linear layer is than in 16 bits."""
    return 16 / bits_per_weight(dtype, double_quant)
