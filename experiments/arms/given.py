"""The answers the team has already from its present system, scored like any arm."""

from __future__ import annotations

from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

ARM = ArmCard(arm="given", method="given", needs=(), settings={"model": None}, label="Your present system")


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Report the given answers; a row without one failed and is not scored."""
    from experiments.arms.rows import RowWriter, stop_if_asked

    writer = RowWriter(job, report)
    for part, example in writer.rows:
        stop_if_asked(report)
        if example.given is None or not example.given.strip():
            writer.fail(part, example, "no given answer in this row")
        else:
            writer.write(part, example, example.given, None)
    return CellOutcome(
        settings={**ARM.settings, **job.settings},
        prompt=job.test[0].input if job.test else "",
        notes=("Answers from the team's present system; its latency and cost are not known here.",),
    )
