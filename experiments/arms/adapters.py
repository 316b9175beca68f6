"""Bottleneck adapters (Houlsby et al. 2019): a small layer after attention and after the MLP of every block.

Own forward hooks: peft has no serial bottleneck, and the `adapters` package does not work beside transformers 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.arms.tuned import Tuning
    from experiments.models.loading import LoadedModel

WIDTH_PER_BOTTLENECK = 16  # the bottleneck is a sixteenth of the width, as the estimates have it

ARM = ArmCard(
    arm="adapters",
    method="adapters",
    needs=("base", "training"),
    settings={
        "bottleneck": None,  # a sixteenth of the model's width
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
    """The frozen base with a bottleneck behind every attention and MLP; each is the identity at the start."""
    from safetensors.torch import load_file, save_file

    from experiments.arms.bottleneck import add_bottlenecks
    from experiments.arms.tuned import Tuning

    model = loaded.model.requires_grad_(False)
    used["bottleneck"] = used["bottleneck"] or max(1, model.config.hidden_size // WIDTH_PER_BOTTLENECK)
    parts = add_bottlenecks(model, used["bottleneck"])

    def save(folder: Path) -> None:
        save_file({name: p.detach().cpu() for name, p in parts.state_dict().items()}, folder / "adapters.safetensors")

    def load(folder: Path) -> None:
        parts.load_state_dict(load_file(folder / "adapters.safetensors"))

    return Tuning(model=model, save=save, load=load, without=parts.switched_off)


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Train the bottlenecks, then answer through them."""
    from experiments.arms.tuned import run_tuned

    return run_tuned(job, report, {**ARM.settings, **job.settings}, attach)
