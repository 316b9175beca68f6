"""Sentence embeddings and a logistic regression on top: the model reads, a small head decides."""

from __future__ import annotations

from typing import Any

from advisor.vocabulary import CLASSIFYING, Example
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
    from experiments.arms.heads import fit_head, unseen_of
    from experiments.arms.neighbours import embedder_of
    from experiments.arms.resources import settle
    from experiments.arms.simple import run_simple

    settle(job)
    used = {**ARM.settings, **job.settings}

    def learn() -> Fitted:
        embedder = embedder_of(job)

        def vectors(examples: list[Example]) -> Any:
            return embedder.embed([e.input for e in examples])

        head = fit_head(vectors(list(job.train)), job.train, used["strength"], unseen_of(job, vectors))
        return head.over(vectors, "sentence")

    return run_simple(job, report, learn, used, ("Sentence embeddings with logistic regression.",))
