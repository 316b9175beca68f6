"""Where there is no verdict, the advice says what its chances are of, and why they are no verdict."""

from __future__ import annotations

import json

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


def test_without_a_test_set_the_chance_is_other_peoples() -> None:
    answers = TaskProfile(task_type="classification", labelled_examples=40, evaluation_set="none")
    assert "no verdict on it yet" in advise(answers, facts()).recommendation.undecided


def test_a_verdict_has_nothing_to_excuse() -> None:
    said = advise(TaskProfile(task_type="generation", labelled_examples=400, well_specified="yes"), facts())
    assert (said.recommendation.kind, said.recommendation.undecided) == ("option", "")
