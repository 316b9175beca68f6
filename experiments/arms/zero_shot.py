"""The base model with an instruction and nothing else."""

from __future__ import annotations

from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

ARM = ArmCard(
    arm="zero_shot",
    method="zero_shot",
    needs=("base",),
    settings={
        "calibration": "batch",  # or "none"
        "labels_per_row": None,  # where a row may have several: as many as training rows have
        "list_labels": True,
        "max_prompt_tokens": 2048,
        "max_new_tokens": None,  # from the longest known answer
        "latency_rows": None,  # 20, or 3 to 10 where answers are written
        "batch_size": 8,
    },
)


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Answer every row from the instruction alone."""
    from experiments.arms.prompted import run_prompted

    return run_prompted(job, report, lambda _example: (), {**ARM.settings, **job.settings})
