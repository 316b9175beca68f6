"""What training frameworks do differently, as data; an unknown one gets the generic formula, wider."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Framework:
    """`upcasts` norms, embeddings and head of a k-bit base to fp32, so that its whole residual stream is fp32.

    `wider` stretches the measured spread where less was measured; `note` tells the person why.
    """

    upcasts: bool = False
    wider: float = 1.0
    note: str = ""


FRAMEWORKS = {
    "transformers": Framework(upcasts=True),  # with peft's prepare_model_for_kbit_training; fitcheck's runs on a T4
    "peft": Framework(upcasts=True),  # peft/utils/other.py
    "trl": Framework(),  # fms-hf-tuning's runs on A100 match a 16-bit stream
    "axolotl": Framework(wider=1.3),
    "llama-factory": Framework(upcasts=True, wider=1.3),
    "ms-swift": Framework(wider=1.3),
}
UNKNOWN = Framework(wider=1.6, note="No runs of this framework stand behind the formula: the ranges are wider.")


def framework_of(name: str) -> Framework:
    """How a framework trains, by its name; "trl(fms-hf-tuning)" is trl."""
    plain = name.casefold().split("(")[0].strip().replace("_", "-")
    return FRAMEWORKS.get(plain, UNKNOWN)
