"""A hosted model with an instruction and nothing else."""

from __future__ import annotations

from experiments.api.service import NEED, Service
from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

ARM = ArmCard(
    arm="zero_shot:api",
    label="Hosted model without examples",
    method="zero_shot",
    needs=(NEED,),
    settings={
        **Service("", "").settings,  # from --base-url, --api-model, --max-usd and the prices
        "list_labels": True,
        "timeout_s": 60.0,  # for one whole answer
        "tries": 5,
    },
)


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Answer every row from the instruction alone."""
    from experiments.arms.hosted import run_hosted

    return run_hosted(job, report, (), {**ARM.settings, **job.settings})
