"""A base with a peft adapter, as the tuned arms see it."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from peft import get_peft_model, set_peft_model_state_dict
from safetensors.torch import load_file

from experiments.arms.tuned import Tuning
from experiments.models.loading import LoadedModel, keep_trainable_on_cpu


def peft_tuning(loaded: LoadedModel, config: Any) -> Tuning:
    """Wrap the base; adapters are in fp32 whatever the base is in (peft's default)."""
    base = loaded.model
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if getattr(base, "is_loaded_in_4bit", False):
            keep_trainable_on_cpu(base)
        model = get_peft_model(base, config)

    def save(folder: Path) -> None:
        model.save_pretrained(folder)

    def load(folder: Path) -> None:
        set_peft_model_state_dict(model, load_file(folder / "adapter_model.safetensors"))

    return Tuning(model=model, save=save, load=load, without=model.disable_adapter)
