"""A worker with one tiny real arm: it always answers with the commonest training label, row by row, slowly on wish."""

import errno
import sys
import time
from collections import Counter

from advisor.vocabulary import GuardResult
from experiments.arms.job import ArmJob, CellOutcome, Report, Stopped
from experiments.runners import worker
from experiments.runners.cell import Models


def majority(job: ArmJob, report: Report) -> CellOutcome:
    if job.settings.get("crash"):
        raise ValueError("the tiny arm was told to crash")
    if job.settings.get("full") and not (job.folder / "space").exists():
        raise OSError(errno.ENOSPC, "No space left on device")
    began = time.monotonic()
    steps = int(job.settings.get("steps", 3))
    checkpoint = job.folder / "steps"
    for step in range(steps):
        if report.should_stop():
            raise Stopped
        time.sleep(float(job.settings.get("step_seconds", 0.0)))
        report.step("train", step + 1, steps, loss=1.0 / (step + 1))
    checkpoint.write_text(str(steps))
    label = Counter(e.output for e in job.train).most_common(1)[0][0] + f" {job.seed}" * bool(job.settings.get("mark"))
    trained = time.monotonic()
    for part, examples in (("validation", job.validation), ("test", job.test)):
        for n, example in enumerate(examples):
            if report.should_stop():
                raise Stopped
            if (part, example.row) in job.done:
                continue
            time.sleep(float(job.settings.get("row_seconds", 0.0)))
            report.row(part, example.row, label, float(label == example.output), 1.5)
            report.step("evaluate", n + 1, len(examples))
    return CellOutcome(
        settings={"label": label},
        train_seconds=trained - began,
        evaluate_seconds=time.monotonic() - trained,
        prompt="the commonest label",
        guards=(GuardResult("finite_loss", True, "all losses were finite"),),
    )


if __name__ == "__main__":
    sys.exit(worker.main(sys.argv[1], lambda plan: (majority, Models(None, None))))
