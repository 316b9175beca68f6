"""Full fine-tuning: every weight of the base is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.arms.tuned import Tuning
    from experiments.models.loading import LoadedModel

ARM = ArmCard(
    arm="full_fine_tuning",
    method="full_fine_tuning",
    needs=("base", "training"),
    settings={
        "learning_rate": 5e-5,  # assumption: a twentieth of LoRA's, as recipes for small models have it
        "epochs": 3,
        "batch_size": 8,
        "gradient_checkpointing": False,
        "max_prompt_tokens": 2048,
        "max_new_tokens": None,
        "latency_rows": None,  # 20, or 3 to 10 where answers are written
    },
)


def attach(loaded: LoadedModel, _used: dict[str, Any]) -> Tuning:
    """All weights in fp32 for training (bf16 loses small updates), in the job's dtype again for answering."""
    from safetensors.torch import load_model, save_model

    from experiments.arms.tuned import Tuning

    model, dtype = loaded.model, loaded.model.dtype
    model.float().requires_grad_(True)

    def save(folder: Path) -> None:
        save_model(model, str(folder / "model.safetensors"))
        model.config.save_pretrained(folder)
        loaded.tokenizer.save_pretrained(folder)

    def load(folder: Path) -> None:
        load_model(model, folder / "model.safetensors")

    return Tuning(
        model=model,
        save=save,
        load=load,
        without=None,
        ready=lambda: model.to(dtype),
        autocast=loaded.dtype == "bf16",
    )


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Train all weights, then answer."""
    from experiments.arms.tuned import run_tuned

    return run_tuned(job, report, {**ARM.settings, **job.settings}, attach)
