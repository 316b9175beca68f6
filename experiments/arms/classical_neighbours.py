"""A vote of the training rows nearest by meaning; the control of `retrieved_few_shot`, without its model."""

from __future__ import annotations

from collections import defaultdict

from advisor.vocabulary import Example
from experiments.arms.fitted import Fitted
from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

ARM = ArmCard(
    arm="classical:neighbours",
    label="Classical classifier (neighbours)",
    method="classical",
    needs=("embedder",),
    settings={"neighbours": 8, "latency_rows": 20},
)


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Each neighbour votes for its answer with its cosine; without labels the nearest one's answer is taken."""
    from experiments.arms.neighbours import Neighbours
    from experiments.arms.resources import settle
    from experiments.arms.simple import run_simple

    settle(job)
    used = {**ARM.settings, **job.settings}
    count = used["neighbours"] if job.task_type == "classification" else 1

    def learn() -> Fitted:
        near = Neighbours.of(job)
        plain = {"how": "sentence", "head": "votes", "neighbours": count, "answers": [e.output for e in job.train]}
        return Fitted(
            lambda examples: [vote(found) for found in near.nearest_all(examples, count)],
            plain,
            {"matrix": near.vectors},
        )

    note = "The same neighbours that `retrieved_few_shot` shows to the model, by their votes alone."
    return run_simple(job, report, learn, used, (note,))


def vote(near: list[tuple[Example, float]]) -> str:
    """The answer with the most weight; of equals, that of the nearer row."""
    weights: dict[str, float] = defaultdict(float)
    for example, cosine in near:
        weights[example.output] += max(cosine, 0.0)
    return max(weights, key=lambda answer: weights[answer])
