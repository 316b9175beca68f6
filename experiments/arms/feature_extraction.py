"""Sentence embeddings and a logistic regression on top: the model reads, a small head decides."""

from __future__ import annotations

from advisor.vocabulary import CLASSIFYING
from experiments.arms.fitted import Fitted
from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

ARM = ArmCard(
    arm="feature_extraction",
    method="feature_extraction",
    needs=("embedder",),
    settings={"strength": 10.0, "latency_rows": 20},
    tasks=CLASSIFYING,
    why_not="a head over embeddings can only choose among labels",
)


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Embed the training rows once, fit the head, answer one row at a time."""
    from experiments.arms.heads import fit_head
    from experiments.arms.neighbours import embedder_of
    from experiments.arms.resources import settle
    from experiments.arms.simple import run_simple

    settle(job)
    used = {**ARM.settings, **job.settings}
    several = job.task_type == "multi_label_classification"

    def learn() -> Fitted:
        embedder = embedder_of(job)
        learnt, unseen = (embedder.embed([e.input for e in part]) for part in (job.train, job.validation))
        head = fit_head(learnt, job.train, used["strength"], several, unseen)
        return head.over(lambda examples: embedder.embed([e.input for e in examples]), "sentence")

    return run_simple(job, report, learn, used, ("Sentence embeddings with logistic regression.",))
