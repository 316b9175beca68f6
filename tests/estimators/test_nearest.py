"""The nearest published cases: same kind first, then how well prompting does; one study does not fill the list."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.catalog import facts
from advisor.estimators.nearest import Traits, distance, nearest_cases, traits_of
from advisor.vocabulary import PublishedResult, TaskProfile

PAIRS = facts().published
CASE = PublishedResult(
    *("lab/x/accuracy", "x", "classification", "legal", "accuracy", 10, 1_000.0, 2024),
    *(0.70, "prompted", 0.80, "tuned", "lora", "lab"),
)


def test_a_published_case_is_nearest_to_itself() -> None:
    for pair in PAIRS:
        same = Traits(pair.task_type, pair.n_classes, pair.domain, pair.n_train, pair.prompted_score)
        first = nearest_cases(same, PAIRS)[0]
        assert distance(same, first) <= distance(same, pair)
        assert (first.task_type, first.domain) == (pair.task_type, pair.domain)


def test_distance_by_hand() -> None:
    # one tenfold of classes 1.0, half of a tenfold of rows 0.4 × 0.5, 0.2 of prompted score × 4 = 0.8
    assert distance(Traits("classification", 100, "legal", 1_000 * 10**0.5, 0.90), CASE) == pytest.approx(2.0)
    assert distance(Traits("classification", 10, "legal", 1_000, 0.70), CASE) == 0.0
    # another kind 3.0 and another domain 0.6; classes are not compared then
    assert distance(Traits("code", 10, "general", 1_000, 0.70), CASE) == pytest.approx(3.6)


def test_kinds_come_first_and_words_of_both_spellings_meet() -> None:
    for task_type in ("classification", "extraction", "reasoning", "code"):
        assert nearest_cases(Traits(task_type), PAIRS)[0].task_type == task_type
    assert nearest_cases(Traits("question_answering"), PAIRS)[0].task_type == "qa"
    assert nearest_cases(Traits("text_to_sql"), PAIRS)[0].task_type == "code"


def test_one_study_does_not_fill_the_list() -> None:
    twins = tuple(replace(CASE, id=f"twin {k}") for k in range(5))
    near = replace(CASE, id="other lab", source="other", prompted_score=0.75)
    found = nearest_cases(Traits("classification", 10, "legal", 1_000, 0.70), (*twins, near))
    assert [pair.id for pair in found] == ["twin 0", "other lab", "twin 1"]


def test_a_profile_and_an_empty_table_are_answered() -> None:
    profile = TaskProfile(task_type="extraction", labelled_examples=500, domain="medical")
    assert nearest_cases(traits_of(profile), PAIRS)[0].task == "bc5cdr"
    assert 2 <= len(nearest_cases(traits_of(TaskProfile()), PAIRS)) <= 4
    assert nearest_cases(traits_of(profile), ()) == ()
