"""The base model's own hidden states with a logistic regression on top: what the model already knows, read out."""

from __future__ import annotations

from typing import Any

from advisor.errors import PlanError
from advisor.vocabulary import CLASSIFYING
from experiments.arms.fitted import Fitted
from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report

# assumption: middle layers hold what a text means, the last ones the next word
DEPTHS = (0.5, 0.75, 1.0)

ARM = ArmCard(
    arm="feature_extraction:base",
    label="Classifier on the base model's hidden states",
    method="feature_extraction",
    needs=("base",),
    settings={
        "strength": 0.1,
        "depth": None,  # the share of the layers that is gone through, chosen on validation rows
        "max_tokens": 512,
        "latency_rows": 20,
    },
    tasks=CLASSIFYING,
    why_not="a head over hidden states can only choose among labels",
)


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Read the training rows once, choose the depth on validation rows, fit the head, answer."""
    from experiments.arms.hidden_states import HiddenStates
    from experiments.arms.resources import settle
    from experiments.arms.simple import run_simple
    from experiments.models import load_causal

    settle(job)
    if job.base_folder is None:
        raise PlanError(f"The arm {job.arm} needs a base model and the plan names none.", "Choose one with --model.")
    loaded = load_causal(job.base_folder, job.dtype, job.accelerator)
    used: dict[str, Any] = {**ARM.settings, **job.settings}

    def learn() -> Fitted:
        states = HiddenStates(loaded, used["max_tokens"])
        used["depth"], head = _best(job, states, used)
        depths = [used["depth"]]
        return head.over(lambda examples: states.read([e.input for e in examples], depths)[0], "hidden_states")

    note = "Mean of the base model's hidden states over a row, at the depth that did best on validation rows."
    return run_simple(job, report, learn, used, (*loaded.notes, note))


def _best(job: ArmJob, states: Any, used: dict[str, Any]) -> tuple[float, Fitted]:
    """The depth whose head does best on validation rows (of equals the shallower), and that head."""
    from experiments.arms.heads import fit_head, standardised
    from experiments.metrics import metric

    depths = list(DEPTHS) if used["depth"] is None else [used["depth"]]
    several = job.task_type == "multi_label_classification"
    learnt = states.read([e.input for e in job.train], depths)
    unseen = states.read([e.input for e in job.validation], depths)
    heads = [
        standardised(v, u, lambda x, other: fit_head(x, job.train, used["strength"], other if several else None))
        for v, u in zip(learnt, unseen, strict=True)
    ]
    if len(depths) == 1 or not job.validation:
        return depths[0], heads[0]
    scored = metric(job.metric, job.metric_settings)
    answers = [e.references or (e.output,) for e in job.validation]
    scores = [
        scored.score(list(zip(head.answer(v), answers, strict=True))) for head, v in zip(heads, unseen, strict=True)
    ]
    place = scores.index(max(scores))
    return depths[place], heads[place]
