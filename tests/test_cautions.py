"""What stands beside a verdict: examples that are not there yet, a target in doubt, two limits at once, old facts."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest

from advisor.advise import advise
from advisor.catalog import facts
from advisor.commands import advise as command
from advisor.commands.quality import _answer
from advisor.decision.axes import axes
from advisor.decision.contradictions import TEXT_METRICS
from advisor.decision.steps import STOP_HERE, STOP_WITH_DOCUMENTS
from advisor.estimators.chance import logit
from advisor.estimators.learning_curve import Point, extrapolate
from advisor.questionnaire import QUESTIONS, profile_from_mapping
from advisor.report import names
from advisor.vocabulary import Advice, Evidence, Measurement, TaskProfile

PRIVATE = {  # drugs and doses from letters in Spanish, on the team's own card
    "task_type": "extraction", "domain": "medical", "output_format": "json", "evaluation_set": "yes",
    "labels_follow_house_rules": "yes", "data_may_leave": "no", "gpus": [{"name": "A100-80GB", "count": 1}],
    "may_rent_gpus": "no", "prompted_score": 0.66, "prompted_model": "Qwen2.5-7B-Instruct",
    "requests_per_month": 30_000,
}  # fmt: skip


@cache
def _advice(answers: str) -> Advice:
    return advise(profile_from_mapping(json.loads(answers)), facts())


def advice(answers: dict[str, Any], **more: Any) -> Advice:
    return _advice(json.dumps({**answers, **more}))


def test_examples_that_a_way_needs_and_the_team_has_not_are_its_first_step() -> None:
    few, enough = (advice(PRIVATE, prompted_score=0.4, labelled_examples=n) for n in (10, 4_000))
    asked = "Label 100 examples first: you have 10, and every figure of this way counts on 100, their cost included."
    assert few.options[0].option.family == enough.options[0].option.family == "tuning"
    assert asked in few.recommendation.then
    assert not any("Label" in step for step in enough.recommendation.then)


def test_a_target_that_is_not_nearly_sure_is_a_caution_in_the_headline() -> None:
    found = advice(PRIVATE, labelled_examples=4_000, quality_target=0.94)
    chance = next(o.chance_meets_target for o in found.options if o.option.id == found.recommendation.option)
    assert chance is not None
    assert chance < 0.8
    assert "though it reaches the 0.94 you ask for in" in found.recommendation.sentence
    easy = advice(PRIVATE, labelled_examples=4_000, quality_target=0.5)
    assert "though it reaches" not in easy.recommendation.sentence


def test_a_measured_prompt_that_meets_its_target_may_know_no_documents() -> None:
    facts_change = {"task_type": "question_answering", "facts_change": "daily", "evaluation_set": "yes"}
    met = {"prompted_score": 0.9, "quality_target": 0.6}
    asked = advice(facts_change, **met).recommendation.then
    assert STOP_WITH_DOCUMENTS in asked
    assert STOP_HERE not in asked


def test_facts_that_change_slowly_matter_a_little() -> None:
    def best(change: str) -> tuple[float, ...]:
        found = advice({"task_type": "question_answering", "requests_per_month": 10_000}, facts_change=change)
        values = [(o.option.method, o.estimates["quality"].value or 0.0) for o in found.options]
        with_documents = max(v for method, v in values if method == "retrieval_augmented")
        return with_documents, max(v for method, v in values if method == "few_shot")

    gaps = [found[0] - found[1] for found in map(best, ("never", "yearly", "monthly", "daily"))]
    assert gaps == sorted(gaps)
    assert gaps[0] < gaps[1] < gaps[2]


def test_what_stands_in_the_way_with_another_limit_is_asked_together_and_matters() -> None:
    shut = {"task_type": "chat", "data_may_leave": "no", "may_rent_gpus": "no", "gpus": [], "output_tokens": 400,
            "requests_per_month": 5_000_000, "quality_target": 0.95, "latency_p95_ms": 200}  # fmt: skip
    found = advice(shut)
    assert found.recommendation.kind == "nothing_fits"
    nearest = next(o for o in found.options if o.option.id == found.recommendation.nearest)
    lifted = [step for step in found.recommendation.then if "can be lifted" in step]
    assert lifted
    assert "that alone is not enough, so also" in lifted[0]
    against = {b.limit for b in nearest.blocked_by}
    assert against
    assert not against & {unmoved.trait for unmoved in found.matters_not}


def test_no_score_of_texts_is_tried_for_labels() -> None:
    labels, texts = (
        {str(t.value) for axis in axes(TaskProfile(task_type=kind, metric=metric), QUESTIONS) for t in axis.trials
         if axis.key == "metric"}
        for kind, metric in (("classification", "accuracy"), ("summarisation", "rouge_l"))
    )  # fmt: skip
    assert labels
    assert not labels & set(TEXT_METRICS)
    assert texts & set(TEXT_METRICS)


def test_a_falling_curve_stands_still_and_is_warned_of() -> None:
    fallen = [Point(n, score, runs=1) for n, score in ((64, 0.75), (128, 0.70), (256, 0.62))]
    found = extrapolate(fallen, 2_000, 0.1, np.random.default_rng(1))
    assert found.estimate.value == pytest.approx(0.71, abs=0.05)
    assert any("fell from 0.75" in warning for warning in found.warnings)
    flat = extrapolate([Point(n, 0.7) for n in (64, 128, 256)], 2_000, 0.1, np.random.default_rng(1))
    assert abs(float(logit(flat.estimate.value)) - float(logit(0.7))) < 0.3


def test_a_method_nobody_knows_counts_as_lora_and_is_said_to() -> None:
    made_up, known = (_answer(json.dumps({"method": name}))["warnings"] for name in ("magic", "setfit"))
    assert made_up == ["No method is called 'magic'; it counts as LoRA."]
    assert known == []


def test_an_empty_file_is_advised_on_and_said_to_be_empty(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.yaml"
    empty.write_text(" \n")
    assert command.read_profile(str(empty)) == TaskProfile()
    assert "empty.yaml is empty; every question counts as unanswered" in capsys.readouterr().err


def test_a_preference_is_said_to_be_what_people_would_accept() -> None:
    judged, overlap = (names.quality_is(metric, metric, "generation") for metric in ("preference", "rouge_l"))
    assert judged == "the share of answers that people would accept, from 0 to 1"
    assert overlap == "ROUGE-L, from 0 to 1"
    assert names.quality_is(None, "accuracy", None).startswith("the usual score of a task")


def test_what_a_pilot_was_on_is_not_said_not_to_matter() -> None:
    starter = "HuggingFaceTB/SmolLM2-135M-Instruct"
    seen = Measurement("lora", "lora", starter, "cpu", "accuracy", 256, 200, 0.9, 0.85, 0.95, 0.02)
    profile = TaskProfile(task_type="classification", n_classes=7, labelled_examples=4_000)
    after = advise(profile, facts(), Evidence("r", "classification", 7, "accuracy", 1 / 7, (seen,)))
    assert not {"task_type", "n_classes"} & {unmoved.trait for unmoved in after.matters_not}


def test_a_contradiction_that_is_a_step_is_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    found = advice(PRIVATE, hosted_models=["gpt-5-mini"])
    (named,) = (c for c in found.contradictions if "hosted_models" in c.between)
    assert f"{named.text} {named.way_out}" in found.recommendation.then
    command.show(found)
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.count(named.text) == 1
