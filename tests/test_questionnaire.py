"""The questionnaire: every question reaches a field, every file reads back, every mistake is named."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.errors import ProfileError
from advisor.questionnaire import (
    QUESTIONS,
    profile_from_mapping,
    profile_from_yaml,
    profile_to_yaml,
    quantile_draws,
    task_draws,
    template,
)
from advisor.vocabulary import OwnGpu, Priorities, TaskProfile


def test_every_field_has_one_question_and_every_question_a_field() -> None:
    fields = [field.name for field in dataclasses.fields(TaskProfile)]
    assert sorted(q.key for q in QUESTIONS) == sorted(fields)
    assert all(q.when_unanswered or q.assumed for q in QUESTIONS)


def test_ranges_are_ordered_and_inside_their_bounds() -> None:
    for question in QUESTIONS:
        if drawn := question.when_unanswered:
            assert drawn.low < drawn.typical < drawn.high, question.key
            assert question.low is not None
            assert question.low <= drawn.low, question.key


def test_the_template_is_an_empty_profile_and_names_every_key() -> None:
    text = template()
    assert profile_from_yaml(text) == TaskProfile()
    assert all(f"\n{q.key}:" in text for q in QUESTIONS)


def test_yes_and_no_stay_words_and_numbers_may_be_written_short() -> None:
    profile = profile_from_yaml(
        "languages: [no, en]\ndata_may_leave: no\nevaluation_set: yes\nstreaming: yes\nmay_rent_gpus: false\n"
        "requests_per_month: 2e5\ngpus: [{name: A100-80GB, count: 2}, {name: L4}]\npriorities: {quality: 3, cost: 1}\n"
    )
    assert profile.languages == ("no", "en")
    assert (profile.data_may_leave, profile.evaluation_set) == ("no", "yes")
    assert (profile.streaming, profile.may_rent_gpus) == (True, False)
    assert profile.requests_per_month == 200_000
    assert profile.gpus == (OwnGpu("A100-80GB", 2), OwnGpu("L4", 1))
    assert profile.priorities == Priorities(3, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("task_type: chat\nlabeled_examples: 3", 2, ("labeled_examples", "'labelled_examples'")),
        ("n_classes: 1", 1, ("n_classes", "from 2 to 100,000")),
        ("n_classes: 2.5", 1, ("whole number",)),
        ("n_classes: .nan", 1, ("n_classes",)),
        ("prompted_score: 85", 1, ("Did you mean 0.85?",)),
        ("requests_per_month: 20k", 1, ("such as 20000",)),
        ("task_type: clasification", 1, ("'classification'",)),
        ("streaming: maybe", 1, ("yes, no",)),
        ("name: a\nname: b", 2, ("twice", "line 1")),
        ("gpus: [{name: L4, count: 0}]", 1, ("gpus", "count")),
        ("gpus: [{name: L4, name: T4}]", 1, ("twice",)),
        ("hosted_times: [gpt-6-luna]", 1, ("hosted_times", "p95_ms: 640")),
        ("hosted_times: [{model: a, p95_ms: 0}]", 1, ("p95_ms", "from 1 to")),
        ("hosted_times: [{model: a, p95_ms: .nan}]", 1, ("p95_ms", "from 1 to")),
        ("hosted_times: [{model: a, p95_ms: 9}, {model: A, p95_ms: 8}]", 1, ("each model once",)),
        ("priorities: {qualty: 1}", 1, ("'quality'",)),
        ("priorities: {quality: 0}", 1, ("above 0",)),
        ("- a\n- b", 1, ("keys and values",)),
        ("just words", 1, ("keys and values",)),
        ("name: [a\nstage", 2, ("not valid YAML",)),
        ("domain: &d x\nname: *d", 2, ("alias",)),
        ("labelled_examples: true", 1, ("labelled_examples",)),
    ],
)
def test_a_mistake_names_its_key_line_and_what_is_allowed(text: str, line: int, words: tuple[str, ...]) -> None:
    with pytest.raises(ProfileError) as error:
        profile_from_yaml(text)
    assert error.value.line == line
    assert all(word in str(error.value) for word in words), str(error.value)


@pytest.mark.parametrize("text", ["\x00", "!!python/object/apply:os.system [ls]", "? [a]\n: b", "a: " + "[" * 5000])
def test_hostile_files_are_refused_with_a_message(text: str) -> None:
    with pytest.raises(ProfileError):
        profile_from_yaml(text)


def test_all_mistakes_are_named_at_once() -> None:
    with pytest.raises(ProfileError) as caught:
        profile_from_yaml("task_typ: chat\nname: x\nlabelled_examples: many\nquality_target: 96\n")
    said = str(caught.value)
    assert said.startswith("3 answers of the profile cannot be used")
    assert all(word in said for word in ("'task_type'", "line 1", "line 3", "'quality_target' in line 4 is 96"))
    assert caught.value.line == 1


def test_a_page_gets_the_same_checks() -> None:
    assert profile_from_mapping({"streaming": True, "labelled_examples": 12}).labelled_examples == 12
    with pytest.raises(ProfileError, match="labelled_examples"):
        profile_from_mapping({"labelled_examples": -1})


answers = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=40).map(
            str.strip
        ),
        "languages": st.lists(st.sampled_from(["no", "en", "yes", "on"]), min_size=1, max_size=3),
        "streaming": st.booleans(),
        "data_may_leave": st.sampled_from(["yes", "no", "with_agreement"]),
        "labelled_examples": st.integers(0, 10**9),
        "prompted_score": st.floats(0, 1),
        "priorities": st.fixed_dictionaries({"quality": st.floats(0.1, 10), "cost": st.floats(0, 10)}),
        "gpus": st.lists(st.builds(dict, name=st.just("L4"), count=st.integers(1, 9)), max_size=2),
        "hosted_times": st.lists(st.builds(dict, model=st.just("x"), p95_ms=st.floats(1, 1e6)), max_size=1),
    },
)


@given(answers)
@settings(max_examples=60, deadline=None)
def test_what_is_written_reads_back_the_same(mapping: dict[str, object]) -> None:
    profile = profile_from_mapping(mapping)
    assert profile_from_yaml(profile_to_yaml(profile)) == profile


def test_quantile_draws_put_a_tenth_below_and_a_tenth_above() -> None:
    draws = quantile_draws((10, 100, 200), np.random.default_rng(1).standard_normal(200_000))
    assert np.mean(draws < 10) == pytest.approx(0.1, abs=0.005)
    assert np.mean(draws < 100) == pytest.approx(0.5, abs=0.005)
    assert np.mean(draws > 200) == pytest.approx(0.1, abs=0.005)


def test_an_answer_is_constant_and_leaves_all_other_draws_alone() -> None:
    before = task_draws(TaskProfile(), np.random.default_rng(7), 500)
    after = task_draws(TaskProfile(labelled_examples=40), np.random.default_rng(7), 500)
    assert set(after.labelled_examples) == {40.0}
    for field in dataclasses.fields(before):
        if field.name != "labelled_examples":
            assert np.array_equal(getattr(before, field.name), getattr(after, field.name)), field.name


def test_the_peak_follows_from_the_month() -> None:
    # 2,628,000 requests a month are 1 a second (730 h × 3600 s); the busiest second has 3 to 15 times as many
    draws = task_draws(TaskProfile(requests_per_month=2_628_000), np.random.default_rng(1), 20_000)
    assert np.quantile(draws.peak_requests_per_second, 0.1) == pytest.approx(3, rel=0.05)
    assert np.quantile(draws.peak_requests_per_second, 0.9) == pytest.approx(15, rel=0.05)


def test_tasks_without_labels_have_one_class() -> None:
    assert set(task_draws(TaskProfile(task_type="chat"), np.random.default_rng(1), 9).n_classes) == {1.0}
    assert task_draws(TaskProfile(task_type="classification"), np.random.default_rng(1), 99).n_classes.min() >= 2


def test_shared_causes_have_median_one() -> None:
    draws = task_draws(TaskProfile(), np.random.default_rng(3), 50_000)
    for name in ("gpu_price_factor", "training_efficiency_factor", "serving_efficiency_factor", "effort_factor"):
        assert math.isclose(float(np.median(getattr(draws, name))), 1.0, rel_tol=0.02), name


def test_a_unit_that_was_written_is_answered_with_the_one_that_counts() -> None:
    for answers, unit in (
        ("latency_p95_ms: 2 seconds", "it counts in ms"),
        ("budget_monthly_usd: 5 EUR", "in USD a month"),
    ):
        with pytest.raises(ProfileError, match=unit):
            profile_from_yaml(answers)
