"""What the prompting arms share: the untouched base model and a prompt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from advisor.errors import PlanError
from advisor.vocabulary import Example
from experiments.arms.answering import Answering, answer
from experiments.arms.job import ArmJob, CellOutcome, Report
from experiments.arms.resources import settle
from experiments.models import load_causal
from experiments.prompts import Prompter, instruction_for

ShotsFor = Callable[[Example], Sequence[Example]]


def run_prompted(
    job: ArmJob, report: Report, shots: ShotsFor, used: dict[str, Any], notes: Sequence[str] = ()
) -> CellOutcome:
    """Answer with the base as it is. `used` are the settings as they came out (None resolved)."""
    settle(job)
    if job.base_folder is None:
        raise PlanError(f"The arm {job.arm} needs a base model and the plan names none.", "Choose one with --model.")
    report.step("load", 0, 1)
    loaded = load_causal(job.base_folder, job.dtype, job.accelerator)
    told = instruction_for(job.task_type, job.instruction, job.train or job.validation)
    prompter = Prompter(loaded.tokenizer, job.task_type, told, job.labels, bool(used["list_labels"]))
    how = Answering.by(used, loaded, prompter, shots=shots, calibrate=used["calibration"] == "batch")
    answered = answer(job, report, how)
    return CellOutcome(
        settings={**used, "latency_rows": how.alone, "max_new_tokens": answered.max_new_tokens},
        evaluate_seconds=answered.seconds,
        prompt=answered.prompt,
        guards=tuple(answered.guards),
        notes=(*loaded.notes, *notes, *answered.notes),
    )
