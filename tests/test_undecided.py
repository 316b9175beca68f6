"""Where there is no verdict, the advice says what its chances are of, and why they are no verdict."""

from __future__ import annotations

import json
from dataclasses import replace

from advisor.advise import advise
from advisor.catalog import facts
from advisor.vocabulary import TaskProfile


def test_without_the_kind_of_task_the_chance_is_of_a_mix_and_no_verdict() -> None:
    found = advise(TaskProfile(labelled_examples=300), facts())
    said = found.recommendation
    assert said.kind == "cannot_tell"
    assert "because the kind of task is not answered" in said.sentence
    assert "over a mix of all kinds of task" in said.undecided
    assert said.undecided in json.dumps(found.as_json())


def test_a_score_does_not_say_what_kind_of_task_it_is() -> None:
    """A classifier is best over a mix of all kinds where only small models are allowed, and no start for most."""
    said = advise(TaskProfile(data_may_leave="no", prompted_score=0.7), facts()).recommendation
    assert said.kind == "cannot_tell"
    assert said.method in ("zero_shot", "few_shot")
    assert "can only sort" in said.sentence
    assert "most kinds are no sorting" in said.undecided


def test_without_a_test_set_nobody_is_told_to_train_until_there_is_one() -> None:
    answers = TaskProfile(task_type="summarisation", serve_on="laptop", labelled_examples=0, latency_p95_ms=20_000,
                          input_tokens=2_500, output_tokens=150, data_may_leave="no")  # fmt: skip
    said = advise(answers, facts()).recommendation
    assert said.kind == "evaluate_first"
    assert said.method == "lora"
    assert "until then" not in said.sentence
    assert "what looks best so far is to train" in said.sentence


def test_without_a_test_set_the_chance_is_other_peoples() -> None:
    answers = TaskProfile(task_type="classification", labelled_examples=40, evaluation_set="none")
    assert "no verdict on it yet" in advise(answers, facts()).recommendation.undecided


def test_a_verdict_has_nothing_to_excuse() -> None:
    said = advise(TaskProfile(task_type="generation", labelled_examples=400, well_specified="yes"), facts())
    assert (said.recommendation.kind, said.recommendation.undecided) == ("option", "")


SORTING = TaskProfile(
    task_type="classification", n_classes=12, languages=("de",), labelled_examples=1_500, evaluation_set="yes",
    requests_per_month=240_000, prompted_score=0.91, prompted_model="openai/gpt-4.1-mini", data_may_leave="yes",
)  # fmt: skip


def test_a_limit_that_an_assumed_time_may_break_is_what_to_find_out() -> None:
    said = advise(replace(SORTING, latency_p95_ms=750), facts()).recommendation
    assert said.kind == "cannot_tell"
    assert said.then[0].startswith("Time some calls of")


def test_of_what_is_best_in_under_a_half_nothing_is_said_to_need_no_language_model() -> None:
    close, sure = (advise(replace(SORTING, latency_p95_ms=ms), facts()) for ms in (600, 100))
    assert {found.recommendation.method for found in (close, sure)} == {"classical"}
    assert close.recommendation.sentence.startswith("Train a simple text classifier")
    assert close.chance_best_by_family["classical"] < 0.5 < sure.chance_best_by_family["classical"]
    assert sure.recommendation.sentence.startswith("You need no language model")


def test_shares_of_the_cases_in_which_something_fits_are_said_to_be_that() -> None:
    tight = replace(SORTING, prompted_score=None, prompted_model=None, budget_monthly_usd=300)
    for profile, words in ((SORTING, "of the cases we simulated"), (tight, "simulated cases in which something fits")):
        said = advise(profile, facts()).recommendation
        assert (said.chance_nothing_fits >= 0.05) is (profile is tight)
        assert words in said.sentence
