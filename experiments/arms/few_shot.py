"""The base model with the same few worked examples in every prompt.

Demonstrations are turns of the chat, balanced over the labels. Once they show every label, the list of labels is
left out of the instruction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

FEWEST_SHOTS, MOST_SHOTS = 8, 64  # design, section 5: 8; for classification one per label, 8 to 64

ARM = ArmCard(
    arm="few_shot",
    method="few_shot",
    needs=("base",),
    settings={
        "shots": None,  # 8; for classification one per label, 8 to 64
        "calibration": "batch",
        "labels_per_row": None,  # where a row may have several: as many as training rows have
        "list_labels": None,  # only where the demonstrations do not show every label
        "max_prompt_tokens": 2048,
        "max_new_tokens": None,
        "latency_rows": None,  # 20, or 3 to 10 where answers are written
        "batch_size": 8,
    },
)


def shots_for(labels: Sequence[str]) -> int:
    """How many demonstrations a task with these labels gets unless the person says otherwise."""
    return min(MOST_SHOTS, max(FEWEST_SHOTS, len(labels)))


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Answer every row after the same demonstrations, taken from the training rows."""
    from experiments.arms.prompted import run_prompted
    from experiments.prompts import balanced_shots

    used: dict[str, Any] = {**ARM.settings, **job.settings}
    wanted = used["shots"] or shots_for(job.labels)
    labels = job.labels if job.task_type == "classification" else ()
    shots = balanced_shots(job.train, wanted, labels)
    notes = [f"{len(shots)} demonstrations from the training rows, the same for every row."]
    if len(shots) < wanted:
        notes.append(f"Only {len(shots)} training rows were there for {wanted} demonstrations.")
    return run_prompted(job, report, shots, used, notes)
