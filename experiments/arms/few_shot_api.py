"""A hosted model with the same few worked examples in every prompt."""

from __future__ import annotations

from typing import Any

from experiments.api.service import NEED, Service
from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

ARM = ArmCard(
    arm="few_shot:api",
    label="Hosted model with examples",
    method="few_shot",
    needs=(NEED,),
    settings={
        **Service("", "").settings,  # from --base-url, --api-model, --max-usd and the prices
        "shots": None,  # 8; for classification one per label, 8 to 64
        "list_labels": True,
        "timeout_s": 60.0,
        "tries": 5,
    },
)


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Answer every row after the same demonstrations, those of the arm `few_shot`."""
    from experiments.arms.few_shot import shots_for
    from experiments.arms.hosted import run_hosted
    from experiments.prompts import balanced_shots

    used: dict[str, Any] = {**ARM.settings, **job.settings}
    wanted = used["shots"] or shots_for(job.labels)
    shots = balanced_shots(job.train, wanted, job.labels if job.task_type == "classification" else ())
    used["shots"] = len(shots)
    notes = [f"{len(shots)} demonstrations from the training rows, the same for every row."]
    return run_hosted(job, report, shots, used, notes)
