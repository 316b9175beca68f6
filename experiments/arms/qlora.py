"""QLoRA: LoRA beside a base held in 4 bits (NF4, double quantisation)."""

from __future__ import annotations

from experiments.arms import lora
from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

ARM = ArmCard(arm="qlora", method="qlora", needs=("base", "training", "bitsandbytes"), settings=dict(lora.ARM.settings))
NOTE = (
    "The starter's weights were 4-bit before they came here, so QLoRA beside LoRA says little about what four bits "
    "cost a full-precision model."
)


def run(job: ArmJob, report: Report) -> CellOutcome:
    """As `lora`, on the quantised base, which also answers quantised."""
    from dataclasses import replace

    from experiments.arms.tuned import run_tuned

    outcome = run_tuned(job, report, {**ARM.settings, **job.settings}, lora.attach, quantised=True)
    starter = job.base_folder is not None and (job.base_folder / "starter.json").is_file()
    return replace(outcome, notes=(*outcome.notes, NOTE)) if starter else outcome
