"""Where there is no verdict, the advice says what its chances are of, and why they are no verdict."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from advisor.advise import advise
from advisor.catalog import facts
from advisor.decision.given_up import FAR_HIGHER
from advisor.errors import InputError
from advisor.vocabulary import HostedTime, OptionAdvice, Priorities, TaskProfile
from tests.verdicts import studied, verdict


def test_without_the_kind_of_task_the_chance_is_of_a_mix_and_no_verdict() -> None:
    found = advise(TaskProfile(labelled_examples=300), facts())
    said = found.recommendation
    assert said.kind == "cannot_tell"
    assert "because the kind of task is not answered" in said.sentence
    assert "over a mix of all kinds of task" in said.undecided
    assert said.undecided in json.dumps(found.as_json())


def test_a_score_does_not_say_what_kind_of_task_it_is() -> None:
    """A classifier is best over a mix of all kinds where only small models are allowed, and no start for most."""
    said = verdict(TaskProfile(data_may_leave="no", prompted_score=0.7))
    assert said.kind == "cannot_tell"
    assert said.method in ("zero_shot", "few_shot", "retrieved_few_shot")
    assert "can only sort" in said.sentence
    assert "most kinds are no sorting" in said.undecided


def test_without_a_test_set_nobody_is_told_to_train_until_there_is_one() -> None:
    answers = TaskProfile(task_type="text_to_sql", serve_on="laptop", labelled_examples=0, data_may_leave="no")
    said = verdict(answers)
    assert said.kind == "evaluate_first"
    assert said.method == "lora"
    assert "until then" not in said.sentence
    assert "what looks best so far is to train" in said.sentence


def test_without_a_test_set_the_chance_is_other_peoples() -> None:
    answers = TaskProfile(task_type="classification", labelled_examples=40, evaluation_set="none")
    assert "no verdict on it yet" in verdict(answers).undecided


def test_a_verdict_has_nothing_to_excuse() -> None:
    said = advise(TaskProfile(task_type="generation", labelled_examples=400, well_specified="yes"), facts())
    assert (said.recommendation.kind, said.recommendation.undecided) == ("option", "")


SORTING = TaskProfile(
    task_type="classification", n_classes=12, languages=("de",), labelled_examples=1_500, evaluation_set="yes",
    requests_per_month=240_000, prompted_score=0.91, prompted_model="openai/gpt-4.1-mini", data_may_leave="yes",
)  # fmt: skip


def test_a_limit_that_an_assumed_time_may_break_is_what_to_find_out() -> None:
    said = verdict(replace(SORTING, latency_p95_ms=750))
    assert said.kind == "cannot_tell"
    assert said.then[0].startswith("Time some calls of")


def test_a_way_that_an_assumed_time_likely_rules_out_is_no_verdict() -> None:
    answers = TaskProfile(
        task_type="classification", n_classes=7, evaluation_set="some", well_specified="yes", labelled_examples=1_120,
        input_tokens=12, output_tokens=4, instruction_tokens=120, requests_per_month=300_000, latency_p95_ms=500,
        quality_target=0.93, budget_one_off_usd=20_000, budget_monthly_usd=1_500, horizon_months=12, days_to_launch=45,
    )  # fmt: skip
    open_ = verdict(answers)
    assert open_.kind == "cannot_tell"
    assert "because how fast Claude Opus 5.5 answers is not known" in open_.sentence
    assert "a few calls replace" in open_.undecided
    assert any(step.startswith("Time some calls of Claude Opus 5.5") for step in open_.then)
    timed = replace(answers, hosted_times=(HostedTime("Claude Opus 5.5", 300.0),))
    closed = verdict(timed)
    assert (closed.kind, closed.model) == ("option", open_.model)


def test_of_what_is_best_in_under_a_half_nothing_is_said_to_need_no_language_model() -> None:
    close, sure = (replace(SORTING, latency_p95_ms=ms) for ms in (600, 100))
    chances = [studied(profile).outcome.chance_by("family")["classical"] for profile in (close, sure)]
    assert chances[0] < 0.5 < chances[1]
    said = [verdict(profile) for profile in (close, sure)]
    assert [found.method for found in said] == ["classical", "classical"]
    assert "no language model" not in said[0].sentence
    assert said[1].sentence.startswith("You need no language model")


def test_shares_of_the_cases_in_which_something_fits_are_said_to_be_that() -> None:
    tight = replace(SORTING, prompted_score=None, prompted_model=None, budget_monthly_usd=300)
    for profile, words in ((SORTING, "of the cases we simulated"), (tight, "simulated cases in which something fits")):
        said = verdict(profile)
        assert (said.chance_nothing_fits >= 0.05) is (profile is tight)
        assert words in said.sentence


def test_a_typed_time_takes_the_place_of_what_is_assumed() -> None:
    """Only of prompting that model: it was measured, on another day it may be a fifth more or less."""
    timed = advise(replace(SORTING, latency_p95_ms=750, hosted_times=(HostedTime("gpt-6-luna", 300.0),)), facts())
    times = {(o.option.family, o.option.model): o.estimates["latency_p95_ms"] for o in timed.options}
    seen = times["prompting", "openai/gpt-6-luna"]
    assert seen.basis == "measured"
    assert (seen.value, seen.low, seen.high) == pytest.approx((300, 250, 360), rel=0.03)
    assert times["prompting", "openai/gpt-4.1-mini"].value is None
    quick = next(o for o in timed.options if o.option.model == "openai/gpt-6-luna" and o.option.method == "few_shot")
    assert not any(b.limit == "latency_p95_ms" and b.share > 0.01 for b in quick.blocked_by)


def test_a_time_that_breaks_the_limit_rules_its_model_out() -> None:
    slow = advise(replace(SORTING, latency_p95_ms=750, hosted_times=(HostedTime("gpt-6-luna", 2_000.0),)), facts())
    assert not any(o.feasible for o in slow.options if o.option.model == "openai/gpt-6-luna")
    assert not any("Time some calls of GPT-6 Luna" in step for step in slow.recommendation.then)


def test_a_timed_model_is_considered_however_it_is_spelled() -> None:
    """Where no hosted model is named: also one that is not among the usual."""
    timed = advise(replace(SORTING, prompted_model=None, hosted_times=(HostedTime("GPT 4.1-mini", 640.0),)), facts())
    assert any(o.option.model == "openai/gpt-4.1-mini" for o in timed.options)
    assert not any("hosted_times" in found.between for found in timed.contradictions)


def test_times_that_cannot_be_used_are_named() -> None:
    luna = HostedTime("gpt-6-luna", 300.0)
    for times, said in (
        ((HostedTime("gpt-6-lunar", 9.0),), "gpt-6-luna"),
        ((HostedTime("Qwen3-4B", 9.0),), "open model"),
        ((luna, HostedTime("openai/gpt-6-luna", 9.0)), "timed twice"),
    ):
        with pytest.raises(InputError, match="hosted_times.*" + said):
            advise(replace(SORTING, hosted_times=times), facts())
    elsewhere = advise(replace(SORTING, hosted_times=(luna,), hosted_models=("openai/gpt-4.1-mini",)), facts())
    assert any("hosted_times" in found.between for found in elsewhere.contradictions)


CLAIMS = TaskProfile(
    task_type="classification", n_classes=85, languages=("pl",), domain="insurance", well_specified="partly",
    labelled_examples=14_000, label_quality="gold", labels_follow_house_rules=True, input_tokens=350, output_tokens=4,
    requests_per_month=400_000, latency_p95_ms=800, data_may_leave="with_agreement", budget_one_off_usd=20_000,
)  # fmt: skip


def test_a_far_better_way_that_a_limit_may_break_is_named_beside_the_verdict() -> None:
    said = advise(CLAIMS, facts())
    scores = {o.option.id: o.estimates["quality"].value or 0.0 for o in said.options if not _fact(o)}
    ahead = max(scores.values()) - scores[said.recommendation.option or ""]
    assert ahead > FAR_HIGHER
    assert said.recommendation.given_up.startswith("A score of only about ")
    assert said.recommendation.given_up in json.dumps(said.as_json(), ensure_ascii=False)


def test_who_weighs_quality_alone_gives_none_up() -> None:
    quality = Priorities(quality=1, cost=0, latency=0, time_to_launch=0, maintenance=0)
    sure = advise(TaskProfile(task_type="generation", labelled_examples=400, priorities=quality), facts())
    assert sure.recommendation.given_up == ""


def _fact(option: OptionAdvice) -> bool:
    return any(not found.simulated for found in option.blocked_by)
