"""Prefix tuning: a few trained keys and values stand before every prompt; no weight of the base changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

if TYPE_CHECKING:
    from experiments.arms.tuned import Tuning
    from experiments.models.loading import LoadedModel

ARM = ArmCard(
    arm="prefix_tuning",
    method="prefix_tuning",
    needs=("base", "training"),
    settings={
        "virtual_tokens": 20,
        # assumption: ten times LoRA's rate and twice its epochs; prefixes learn slowly (libraries.md, prefix tuning)
        "learning_rate": 1e-2,
        "epochs": 6,
        "batch_size": 8,
        "gradient_checkpointing": False,  # peft's prefixes do not work with it
        "max_prompt_tokens": 2048,
        "max_new_tokens": None,
        "latency_rows": None,  # 20, or 3 to 10 where answers are written
    },
)


def attach(loaded: LoadedModel, used: dict[str, Any]) -> Tuning:
    """The base behind peft's prefix; label scoring and generation take the prefix as past keys and values."""
    import torch
    from peft import PrefixTuningConfig

    from experiments.arms.peft_parts import peft_tuning

    config = PrefixTuningConfig(num_virtual_tokens=used["virtual_tokens"], task_type="CAUSAL_LM")
    tuning = peft_tuning(loaded, config)

    def past() -> Any:
        with torch.inference_mode():
            return tuning.model.get_prompt(batch_size=1)

    return replace(tuning, past=past, writes=tuning.model)


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Train the prefix, then answer after it."""
    from experiments.arms.tuned import run_tuned

    return run_tuned(job, report, {**ARM.settings, **job.settings}, attach)
