"""LoRA: small low-rank matrices beside every linear layer of a frozen base."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

if TYPE_CHECKING:
    from experiments.arms.tuned import Tuning
    from experiments.models.loading import LoadedModel

ARM = ArmCard(
    arm="lora",
    method="lora",
    needs=("base", "training"),
    settings={
        "rank": 16,
        "alpha": 32,  # assumption: twice the rank, as most recipes have it
        "target_modules": "all-linear",
        # On the starter: 1e-3 with 96 steps and 5e-4 with 250 steps were the best tried (starter_models.md, sec. 3)
        "learning_rate": 1e-3,
        "epochs": 3,
        "batch_size": 8,
        "gradient_checkpointing": False,
        "max_prompt_tokens": 2048,
        "max_new_tokens": None,
        "latency_rows": None,  # 20, or 3 to 10 where answers are written
    },
)


def attach(loaded: LoadedModel, used: dict[str, Any]) -> Tuning:
    """The base with untrained LoRA matrices in fp32; they change nothing yet."""
    from peft import LoraConfig

    from experiments.arms.peft_parts import peft_tuning

    config = LoraConfig(
        r=used["rank"],
        lora_alpha=used["alpha"],
        target_modules=used["target_modules"],
        lora_dropout=0.0,
        task_type="CAUSAL_LM",
    )
    return peft_tuning(loaded, config)


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Train the matrices, then answer with them in place (not merged), as the exported adapter would."""
    from experiments.arms.tuned import run_tuned

    return run_tuned(job, report, {**ARM.settings, **job.settings}, attach)
