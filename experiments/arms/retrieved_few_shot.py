"""The base model with, for each row, the training rows most like it as worked examples.

Mostly retrieval: the arm `classical:neighbours` (a vote of the same neighbours, no model) belongs beside it.
"""

from __future__ import annotations

from typing import Any

from advisor.vocabulary import Example
from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report, chosen_among, latency_rows

SHORTEST = 1  # how long answers may be is not known yet: rows are looked up alone as if they could be this short

ARM = ArmCard(
    arm="retrieved_few_shot",
    method="retrieved_few_shot",
    needs=("base", "embedder"),
    settings={
        "shots": 8,
        "calibration": "none",  # each row has its own demonstrations, so there is no prior that all rows share
        "list_labels": False,
        "max_prompt_tokens": 2048,
        "max_new_tokens": None,
        "latency_rows": None,  # 20, or 3 to 10 where answers are written
        "batch_size": 8,
    },
)


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Answer every row after its nearest training rows, the nearest last."""
    from experiments.arms.neighbours import Neighbours
    from experiments.arms.prompted import run_prompted
    from experiments.arms.resources import settle

    settle(job)
    used: dict[str, Any] = {**ARM.settings, **job.settings}
    near = Neighbours.of(job)
    count = used["shots"]
    chosen = chosen_among(job.task_type, used)
    alone = latency_rows(used["latency_rows"], None if chosen else SHORTEST)
    in_batch = [*job.validation, *job.test[alone:]]
    found = dict(zip([e.row for e in in_batch], near.nearest_all(in_batch, count), strict=True))

    def shots(example: Example) -> list[Example]:
        """The nearest last; rows whose latency is measured are looked up here, one at a time."""
        ranked = found.get(example.row) or near.nearest_all([example], count)[0]
        return [neighbour for neighbour, _ in ranked][::-1]

    note = "Demonstrations are the nearest training rows by sentence embedding; latency includes finding them."
    return run_prompted(job, report, shots, used, [note])
