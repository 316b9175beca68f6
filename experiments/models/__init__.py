"""Starter, folder or hub id → a model ready to use, under one loading policy. Importing this imports no torch.

`loading` (torch) is imported inside the functions below: only workers call them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.models.fetching import fetch
from experiments.models.resolving import ResolvedModel, resolve
from experiments.models.starters import Starter, StarterStatus, starters

if TYPE_CHECKING:
    from experiments.models.loading import Embedder, LoadedModel

__all__ = [
    "ResolvedModel",
    "Starter",
    "StarterStatus",
    "accelerator_here",
    "fastest_dtype",
    "fetch",
    "load_causal",
    "load_embedder",
    "resolve",
    "starters",
]


def load_causal(folder: Path, dtype: str, accelerator: str, *, quantised: bool = False) -> LoadedModel:
    """A causal model and its tokenizer from a resolved folder; `dtype` is "fp32", "bf16" or "fp16"."""
    from experiments.models import loading

    return loading.load_causal(folder, dtype, accelerator, quantised=quantised)


def load_embedder(folder: Path, accelerator: str = "cpu") -> Embedder:
    """The sentence embedder from its folder."""
    from experiments.models import loading

    return loading.load_embedder(folder, accelerator)


def fastest_dtype(accelerator: str) -> str:
    """The dtype this machine computes fastest in, measured in a few milliseconds: "bf16" or "fp32"."""
    from experiments.models import loading

    return loading.fastest_dtype(accelerator)


def accelerator_here() -> str:
    """`cuda`, `mps` or `cpu`."""
    from experiments.models import loading

    return loading.accelerator_here()
