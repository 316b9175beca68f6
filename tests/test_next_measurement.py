"""Every answer names the measurement that would tell most, and the published cases nearest to it."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from advisor.advise import advise
from advisor.catalog import facts
from advisor.commands.advise import show
from advisor.decision.words import percent
from advisor.questionnaire import profile_from_mapping
from advisor.report import advice_report, as_json
from advisor.vocabulary import Advice, Evidence, Measurement

STARTER = "HuggingFaceTB/SmolLM2-135M-Instruct"
SORTING = {"task_type": "classification", "n_classes": 7, "labelled_examples": 2000, "requests_per_month": 20_000}


@cache
def asked(**answers: object) -> Advice:
    return advise(profile_from_mapping({**SORTING, **answers}), facts())


def measured(*seen: tuple[str, str, float]) -> Advice:
    rows = [
        Measurement(m, m, model, "cpu", "accuracy", 256, 200, score, score - 0.05, score + 0.05, 0.03)
        for m, model, score in seen
    ]
    evidence = Evidence("run-1", "classification", 7, "accuracy", 1 / 7, tuple(rows))
    return advise(profile_from_mapping(SORTING), facts(), evidence)


def test_it_speaks_of_the_chance_that_is_shown() -> None:
    following = asked().next_measurement
    assert following is not None
    assert following.chance == pytest.approx(asked().chance_tuning_wins, abs=0.02)
    assert following.chance_low < following.chance < following.chance_high
    assert f"{percent(following.chance)} now" in following.sentence


def test_a_score_comes_first_then_a_pilot() -> None:
    first = asked().next_measurement
    assert first is not None
    assert first.measurement == "prompted_score"
    assert first.step in asked().recommendation.then
    then = asked(prompted_score=0.8).next_measurement
    assert then is not None
    assert (then.measurement, then.rows) == ("pilot", 256)
    assert not any("enter the score" in step for step in asked(prompted_score=0.8).recommendation.then)


def test_forty_rows_are_the_fewest_to_train_on() -> None:
    assert asked(labelled_examples=39, prompted_score=0.8).next_measurement is None
    pilot = asked(labelled_examples=60, prompted_score=0.8).next_measurement
    assert pilot is not None
    assert pilot.rows == 60


def test_after_a_pilot_on_a_stand_in_only_a_real_candidate_is_named() -> None:
    answer = measured(("few_shot", STARTER, 0.3), ("lora", STARTER, 0.9))
    following = answer.next_measurement
    assert following is not None
    assert STARTER not in following.of
    assert following.measurement == "prompted_score"
    assert following.step in answer.recommendation.then
    assert "stand-in" in following.step


def test_what_was_measured_is_not_asked_for_again() -> None:
    before = asked().next_measurement
    assert before is not None
    method, _, model = before.of.partition("@")[0].partition("/")
    again = measured((method, model, 0.85)).next_measurement
    assert again is None or again.of != before.of
    assert again is None or "stand-in" not in again.sentence


def test_the_price_is_that_of_a_hundred_requests_in_the_teams_currency() -> None:
    fixed = {"input_tokens": 1_000, "output_tokens": 10, "instruction_tokens": 200, "data_may_leave": "yes"}
    in_usd = asked(**fixed).next_measurement
    in_half_dollars = asked(**fixed, currency="HUF", usd_per_currency_unit=0.5).next_measurement
    assert in_usd is not None
    assert in_half_dollars is not None
    price = float(in_usd.step.split("about ")[1].split(" USD")[0])
    # a hundred prompts of 1,200 tokens and more at 1 to 30 USD a million: from 0.1 to some 10 USD, no machine's rent
    assert 0.1 < price < 30
    assert float(in_half_dollars.step.split("about ")[1].split(" HUF")[0]) == pytest.approx(2 * price, rel=0.06)


def test_where_nothing_moves_the_chance_it_says_so() -> None:
    phone = {"task_type": "extraction", "labelled_examples": 3_000, "serve_on": "phone", "requests_per_month": 1_000}
    sure = advise(profile_from_mapping(phone), facts())
    assert sure.next_measurement is not None
    assert sure.chance_tuning_wins > 0.95
    assert "No single cheap measurement" in sure.next_measurement.sentence
    assert sure.next_measurement.step == ""


def test_a_score_of_no_named_model_is_asked_about() -> None:
    named = "anthropic/claude-opus-5-5"
    steps = [asked(prompted_score=0.8, prompted_model=model).recommendation.then for model in (None, named)]
    assert any("which model reached the 0.80" in step for step in steps[0])
    assert not any("which model reached" in step for step in steps[1])


def test_limits_of_nothing_name_the_option_that_misses_them_least() -> None:
    # no service offers to tune its largest model: its unknown price must not make it the nearest to a budget of 0
    limits = {"budget_monthly_usd": 0, "budget_one_off_usd": 0, "days_to_launch": 0}
    said = advise(
        profile_from_mapping({"task_type": "chat", "requests_per_month": 1, **limits}), facts()
    ).recommendation
    assert said.kind == "nothing_fits"
    assert said.nearest is not None
    assert said.nearest.startswith("zero_shot/")
    assert "no tuning" not in said.sentence


@pytest.mark.parametrize("task_type", ["extraction", "summarisation"])
def test_the_nearest_case_is_of_the_same_kind(task_type: str) -> None:
    cases = advise(profile_from_mapping({"task_type": task_type}), facts()).nearest_cases
    assert len(cases) == 3
    assert cases[0].task_type == task_type


def test_document_terminal_and_report_carry_both(capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked()
    document = answer.as_json()
    assert document["next_measurement"]["sentence"] == answer.next_measurement.sentence  # type: ignore[union-attr]
    nearest = document["nearest_cases"][0]
    assert {"task", "prompted", "tuned", "n_train", "source"} <= set(nearest)
    show(answer)
    terminal = " ".join(capsys.readouterr().out.split())
    report = str(as_json(advice_report(answer)))
    for text in (terminal, report):
        assert nearest["task"] in text
        assert f"{percent(document['next_measurement']['chance'])} now" in text.replace("\u00a0", " ")
    assert nearest["source"] in report


def test_every_side_has_known_scores_or_nothing_is_compared() -> None:
    # no hosted and no open model can be prompted for a classifier alone: still an answer, never a crash
    answer = asked(data_may_leave="no", may_rent_gpus="no", serve_on="laptop")
    following = answer.next_measurement
    assert following is None or np.isfinite(following.chance)


OVER_BUDGET = {"stage": "prototype", "task_type": "generation", "output_format": "house_style", "input_tokens": 300,
               "labelled_examples": 180, "output_tokens": 170, "requests_per_month": 900, "budget_monthly_usd": 200,
               "days_to_launch": 21}  # fmt: skip


def test_where_only_money_is_missing_no_pilot_shows_that_something_fits() -> None:
    found = advise(profile_from_mapping(OVER_BUDGET), facts())
    assert found.recommendation.kind == "nothing_fits"
    assert found.pilot.chance_it_changes_the_decision == 0
    assert not found.pilot.worth_it


def test_what_would_do_is_asked_before_a_pilot_is_run() -> None:
    answers = {"task_type": "extraction", "metric": "field_f1", "labelled_examples": 2_500, "prompted_score": 0.86,
               "quality_target": 0.95, "data_may_leave": "no", "gpus": [{"name": "A10G", "count": 1}],
               "input_tokens": 1_200, "output_tokens": 180, "evaluation_set": "yes"}  # fmt: skip
    found = advise(profile_from_mapping(answers), facts())
    assert found.recommendation.kind == "nothing_fits"
    first, second, third = found.recommendation.then[:3]
    assert first.startswith("Ask first whether a quality of 0.")
    assert second.startswith("Run a pilot")
    assert third.startswith("Say which model reached the 0.86")


def test_an_assumed_time_to_answer_is_not_paid_for_with_a_higher_budget() -> None:
    """The budget that is named is the one with which the way fits, as the advice itself counts."""
    answers = {"task_type": "classification", "n_classes": 85, "labelled_examples": 14_000, "input_tokens": 350,
               "output_tokens": 4, "requests_per_month": 400_000, "latency_p95_ms": 800, "budget_monthly_usd": 200,
               "evaluation_set": "yes"}  # fmt: skip
    said = advise(profile_from_mapping(answers), facts()).recommendation
    assert said.kind == "nothing_fits"
    assert "its time to answer aside, which is assumed," in said.sentence
    found = re.search(r"running cost could be ([\d,]+) USD", said.sentence)
    assert found is not None
    enough = {**answers, "budget_monthly_usd": float(found[1].replace(",", ""))}
    assert advise(profile_from_mapping(enough), facts()).recommendation.kind != "nothing_fits"


def test_no_score_is_asked_for_of_prompts_that_are_too_slow_whatever_they_score() -> None:
    slow = asked(latency_p95_ms=25.0, may_rent_gpus=False)
    assert not any(o.feasible for o in slow.options if o.option.family == "prompting")
    following = slow.next_measurement
    assert following is None or following.measurement == "pilot"
    assert not any("enter the score" in step for step in slow.recommendation.then)
