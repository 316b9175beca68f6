"""The words of the decision: flips, chances, amounts, places, contradictions, currencies."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from advisor.advise import advise
from advisor.again import basis_of
from advisor.catalog import facts
from advisor.decision.axes import NOT_VARIED, axes
from advisor.decision.axis import Axis, Trial, ladder, shown
from advisor.decision.candidate import limits_of
from advisor.decision.contradictions import CHECKS, another_task, contradictions, first_step
from advisor.decision.currency import Currency
from advisor.decision.flips import Decide, Verdict, search
from advisor.decision.implausible import DOUBTS
from advisor.decision.pulls import PULLS
from advisor.decision.words import amount, missed, percent, place_words, roughly, ways
from advisor.decision.worth import pilot_noise
from advisor.estimators.chance import Chance
from advisor.questionnaire import QUESTIONS, profile_from_mapping
from advisor.rules import RULES
from advisor.study import study
from advisor.vocabulary import Blocked, Evidence, HostedTime, OwnGpu, Priorities, TaskProfile

EVIDENCE = Evidence("r", "classification", 7, "accuracy", 1 / 7, ())
PROMPT = Verdict(("prompting",), "prompt")
EUR = TaskProfile(currency="EUR", usd_per_currency_unit=1.25, budget_monthly_usd=500.0)


def test_flips_find_the_nearest_change_in_the_questions_unit() -> None:
    axis = Axis("requests_per_month", "", "requests a month", 10_000.0, ladder(10_000, 0, 1e12), number=True)
    other = Axis("data_may_leave", "", "", "yes", (Trial("no", 0.5),))

    def decide_again(key: str, value: object) -> Verdict:
        if key == "requests_per_month":
            return Verdict(("tuning",), "LoRA") if float(str(value)) > 210_000 else PROMPT
        return PROMPT

    flips, unmoved = search(PROMPT, (axis, other), decide_again)
    assert [f.trait for f in flips] == ["requests_per_month"]
    assert flips[0].before == "10,000 requests a month"
    assert 210_000 < float(flips[0].after.split()[0].replace(",", "")) <= 260_000
    assert flips[0].then == "LoRA"
    assert [(u.trait, u.now, u.tried) for u in unmoved] == [("data_may_leave", "yes", "no")]


def test_what_is_said_of_a_flip_is_what_was_tried() -> None:
    # the search stands only on values of two digits, so nothing that is shown was rounded after it was tried
    tried: list[float] = []

    def decide_again(key: str, value: object) -> Verdict:
        tried.append(float(str(value)))
        return Verdict(("tuning",), "LoRA") if tried[-1] < 1_234 else PROMPT

    axis = Axis("labelled_examples", "", "examples", 4_000, ladder(4_000, 0, 1e9), number=True, whole=True)
    flips, _ = search(PROMPT, (axis,), decide_again)
    assert all(value == float(f"{value:.2g}") for value in tried)
    assert float(flips[0].after.split()[0].replace(",", "")) in tried


def test_a_quick_look_that_misses_the_nearest_change_is_mended_by_the_full_one() -> None:
    axis = Axis("requests_per_month", "", "requests a month", 10_000.0, ladder(10_000, 0, 1e12), number=True)

    def turns_from(edge: float) -> Decide:
        return lambda key, value: Verdict(("tuning",), "LoRA") if float(str(value)) > edge else PROMPT

    flips, _ = search(PROMPT, (axis,), turns_from(70_000), turns_from(30_000))
    assert 30_000 < float(flips[0].after.split()[0].replace(",", "")) < 50_000


def test_for_a_number_nobody_gave_the_edge_is_named() -> None:
    trials = tuple(Trial(value, 1.0) for value in (0.3, 0.5, 0.7, 0.85))
    axis = Axis("prompted_score", "", "score, 0 to 1", None, trials, number=True)
    low = search(PROMPT, (axis,), lambda _, v: Verdict(("tuning",), "LoRA") if v < 0.61 else PROMPT)[0][0]
    assert (low.before, low.after, low.then) == ("unanswered", "0.60 or less", "LoRA")
    high = search(PROMPT, (axis,), lambda _, v: Verdict(("tuning",), "LoRA") if v > 0.61 else PROMPT)[0][0]
    assert high.after == "0.62 or more"
    every = search(PROMPT, (axis,), lambda *_: Verdict(("tuning",), "LoRA"))[0][0]
    assert every.after == "0.30"


def test_a_score_is_searched_in_hundredths() -> None:
    axis = Axis("prompted_score", "", "score, 0 to 1", 0.8, ladder(0.8, 0, 1, share=True), number=True)
    flips, _ = search(PROMPT, (axis,), lambda _, v: Verdict(("tuning",), "LoRA") if v < 0.66 else PROMPT)
    assert flips[0].before == "0.80"
    assert 0.60 <= float(flips[0].after) <= 0.65


def test_every_answered_question_is_varied() -> None:
    answers = {
        "task_type": "extraction", "n_classes": 5, "languages": ("de",), "domain": "legal", "gpus": (OwnGpu("L4"),),
        "priorities": Priorities(2, 1, 1, 1, 1), "hosted_models": (), "open_models": ("Qwen/Qwen3-4B",),
        "teacher_model": "GPT-6", "metric": "field_f1", "prompted_model": "x", "streaming": True, "currency": "EUR",
        "hosted_times": (HostedTime("x", 640.0),),
    }  # fmt: skip
    varied = {axis.key: axis for axis in axes(TaskProfile(**answers), QUESTIONS)}  # type: ignore[arg-type]
    assert set(answers) - set(NOT_VARIED) <= set(varied)
    assert all(axis.trials for axis in varied.values() if axis.now is not None)
    assert shown(varied["gpus"], (OwnGpu("L4"),)) == "1 × L4"
    assert shown(varied["hosted_times"], (HostedTime("x", 640.0),)) == "x 640 ms"


def test_weights_are_varied_in_words() -> None:
    (axis,) = (a for a in axes(TaskProfile(priorities=Priorities(2, 1, 0, 1, 1)), QUESTIONS) if a.key == "priorities")
    assert axis.trials[0].words == "quality weighted 2 times as much"
    assert not any("speed" in trial.words for trial in axis.trials), "what weighs nothing is not weighted otherwise"


def test_a_limit_says_how_often_it_is_missed_and_a_fact_stands_alone() -> None:
    limit = Blocked("quality_target", 0.83, "quality must be at least 0.9", simulated=True)
    assert missed(limit) == "quality must be at least 0.9, missed in 83 % of the futures"
    assert missed(replace(limit, share=1.0)).endswith("missed in over 99 % of the futures")
    assert missed(Blocked("data_may_leave", 1.0, "no data may leave.")) == "no data may leave"


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "under 1 %"), (0.004, "under 1 %"), (0.783, "78 %"), (0.996, "over 99 %")]
)
def test_chances_have_two_digits(share: float, words: str) -> None:
    assert percent(share) == words


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (0.04567, "0.046"), (9.96, "10"), (123_456, "120,000"), (0.5, "0.5")]
)
def test_amounts_have_two_digits(value: float, words: str) -> None:
    assert amount(value) == words


def test_places_and_ways_in_words() -> None:
    assert place_words("rented:L4×1") == "on a rented L4"
    assert place_words("own:A100-80GB×2") == "on your own 2 A100-80GB"
    assert place_words("api:openai") == "through OpenAI"
    assert place_words("cpu", "phone") == "on the phone itself"
    assert ways(("tuning", "classical")) == "training and a simple classifier"


def test_money_is_said_in_the_teams_currency() -> None:
    # 500 USD at 1.25 USD for one EUR: 400 EUR
    assert Currency.of(EUR).say(500) == "400 EUR"
    assert Currency.of(EUR).with_unit(1_234, "USD a month") == "990 EUR a month"
    assert Currency.of(EUR).with_unit(300, "ms") == "300 ms"
    assert [limit.said() for limit in limits_of(EUR)] == ["500 USD a month (about 400 EUR)"], (
        "a limit is quoted as typed"
    )
    assert Currency.of(TaskProfile(currency="EUR")).say(500) == "500 USD", "without a rate nothing is converted"
    (axis,) = (a for a in axes(EUR, QUESTIONS) if a.key == "budget_monthly_usd")
    assert shown(axis, 1_000.0) == "1,000 USD a month (about 800 EUR)"


# answers that contradict each other, and answers just beside them that do not
CONTRADICTING: tuple[tuple[dict[str, object], dict[str, object]], ...] = (
    ({"data_may_leave": "no", "hosted_models": ("x",), "open_models": ()}, {"data_may_leave": "yes"}),
    ({"serve_on": "phone", "hosted_models": ("x",), "open_models": ()}, {"serve_on": "server"}),
    ({"data_may_leave": "no", "hosted_models": ("x",)}, {"hosted_models": ()}),
    ({"data_may_leave": "no", "requests_per_month": 3e5}, {"gpus": (OwnGpu("L4"),)}),
    ({"labelled_examples": 0, "label_quality": "gold"}, {"labelled_examples": 1}),
    ({"labelled_examples": 0, "evaluation_set": "yes"}, {"evaluation_set": "some"}),
    ({"prompted_score": 0.8, "evaluation_set": "none"}, {"evaluation_set": "yes"}),
    ({"task_type": "classification", "n_classes": 4, "quality_target": 0.25}, {"quality_target": 0.26}),
    ({"n_classes": 50, "labelled_examples": 20}, {"labelled_examples": 500}),
    ({"task_type": "classification", "metric": "chrf"}, {"metric": "accuracy"}),
    ({"latency_p95_ms": 500, "may_wait_hours": 2}, {"may_wait_hours": 0}),
    ({"currency": "EUR"}, {"usd_per_currency_unit": 1.1}),
    ({"peak_requests_per_second": 0.1, "requests_per_month": 1e6}, {"peak_requests_per_second": 0.4}),
    ({"horizon_months": 1, "days_to_launch": 40}, {"days_to_launch": 30}),
    ({"well_specified": "yes", "labels_follow_house_rules": True}, {"well_specified": "partly"}),
    ({"task_type": "extraction", "n_classes": 5}, {"task_type": "classification"}),
)


# answers that can hardly be meant, what is said of them, and the nearest that is not doubted
DOUBTFUL: tuple[tuple[dict[str, object], str, object], ...] = (
    ({"requests_per_month": 0.0}, "No request", 1.0),
    ({"requests_per_month": 1e12}, "1,000,000,000,000 requests a month are 380,518 a second", 2e11),
    ({"peak_requests_per_second": 1e7}, "10,000,000 requests in one second", 1e5),
    ({"latency_p95_ms": 1.0}, "longer than 1 ms", 50.0),
    ({"output_tokens": 1_000_000, "task_type": "chat"}, "about 2,000 pages", 128_000),
    ({"output_tokens": 5_000, "task_type": "classification"}, "A label of 5,000 tokens", 1_000),
    ({"input_tokens": 10_000_000}, "about 20,000 pages", 1_000_000),
    ({"instruction_tokens": 10_000_000}, "about 20,000 pages", 1_000_000),
    ({"budget_monthly_usd": 0.0}, "nothing a month", 1.0),
    ({"budget_one_off_usd": 0.0}, "nothing to build", 1.0),
    ({"days_to_launch": 0.0}, "no time to test", 1.0),
)


@pytest.mark.parametrize(("answers", "words", "instead"), DOUBTFUL)
def test_an_answer_that_can_hardly_be_meant_is_doubted_in_one_sentence(
    answers: dict[str, object], words: str, instead: object
) -> None:
    profile = TaskProfile(**answers)  # type: ignore[arg-type]
    (found,) = contradictions(profile)
    (key, *_) = answers
    assert found.between == (key,)
    assert words in found.text
    assert first_step((found,), profile) == f"{found.text} {found.way_out}"
    assert contradictions(replace(profile, **{key: instead})) == ()  # type: ignore[arg-type]


def test_every_doubt_has_its_answer() -> None:
    assert len(DOUBTFUL) == len(DOUBTS)


@pytest.mark.parametrize(("answers", "instead"), CONTRADICTING)
def test_answers_that_contradict_each_other_are_named_with_the_way_out(
    answers: dict[str, object], instead: dict[str, object]
) -> None:
    (found,) = contradictions(TaskProfile(**answers))  # type: ignore[arg-type]
    assert set(found.between) <= {f.name for f in fields(TaskProfile)}
    assert found.text.endswith(".")
    assert found.way_out.endswith(".")
    only_words = "currency" in found.between  # how amounts are said is no step of four
    assert first_step((found,), TaskProfile()) == ("" if only_words else f"{found.text} {found.way_out}")
    assert contradictions(TaskProfile(**{**answers, **instead})) == ()  # type: ignore[arg-type]


def test_every_check_is_tried_above() -> None:
    assert len(CONTRADICTING) >= len(CHECKS)


def test_rules_that_pull_apart_are_shown_as_such() -> None:
    names = {rule.__name__ for rule in RULES}
    assert all({one, other} <= names for one, other, _, _ in PULLS)
    found = contradictions(TaskProfile(), ("volume_pays", "few_examples"))
    assert [c.between for c in found] == [("volume_pays", "few_examples")]
    assert first_step(found, TaskProfile()) == "", "rules that differ are no mistake of the team's"


def test_one_of_a_unit_is_no_plural() -> None:
    said = [Currency().typed(1, unit) for unit in ("days", "requests a month", "ms", "")]
    assert said == ["1 day", "1 request a month", "1 ms", "1"]
    assert Currency().with_unit(2, "days") == "2 days"


def test_labels_that_should_be_texts_are_named() -> None:
    base = {"task_type": "classification", "labelled_examples": 5_000}
    for answer, says in (({"output_format": "free_text"}, "free text"), ({"needs_citations": "yes"}, "their sources")):
        found = contradictions(profile_from_mapping({**base, **answer}))
        assert any(says in c.text and "question answering" in c.way_out for c in found), answer
    assert not contradictions(profile_from_mapping({**base, "output_format": "label"}))


def test_hours_of_upkeep_that_a_rule_adds_cost_money() -> None:
    asked = {"task_type": "classification", "labelled_examples": 5_000, "requests_per_month": 9_000}
    still, moving = (
        study(profile_from_mapping({**asked, "requirements_change": change}), facts(), None, Chance(1, 200))
        for change in ("never", "daily")
    )
    before, after = (
        next(c.draws for c in found.outcome.candidates if c.id.startswith("classical/")) for found in (still, moving)
    )
    hours = after["upkeep_hours_per_month"] / before["upkeep_hours_per_month"]
    assert np.median(hours) > 2
    np.testing.assert_allclose(after["upkeep_usd_per_month"], before["upkeep_usd_per_month"] * hours)
    more_usd = after["upkeep_usd_per_month"] - before["upkeep_usd_per_month"]
    np.testing.assert_allclose(after["monthly_cost_usd"] - before["monthly_cost_usd"], more_usd)
    np.testing.assert_allclose(
        after["cost_per_1k_requests_usd"] - before["cost_per_1k_requests_usd"], more_usd / 9.0, rtol=1e-6
    )


def test_only_what_is_open_is_asked_for_first() -> None:
    said = advise(profile_from_mapping({"labelled_examples": 1_000}), facts())
    assert said.recommendation.kind == "cannot_tell"
    assert said.chance_best_by_family["prompting"] == max(said.chance_best_by_family.values())
    assert said.recommendation.method in ("zero_shot", "few_shot", "retrieved_few_shot")
    (first,) = (step for step in said.recommendation.then if step.startswith("Answer first"))
    assert first == "Answer first: the kind of task, requests a month."


def test_a_coarse_chance_is_said_coarsely() -> None:
    said = [roughly(chance) for chance in (0.001, 0.06, 0.11, 0.5625, 0.62, 0.99)]
    assert said == ["under 1 %", "6 %", "about 10 %", "about 55 %", "about 60 %", "99 %"]


def test_a_pilot_on_few_rows_tells_less() -> None:
    assert pilot_noise(256, 200) == pytest.approx(0.345, abs=0.01)
    assert pilot_noise(27, 13) > 2 * pilot_noise(256, 200)
    assert pilot_noise(2_000, 200) < pilot_noise(256, 200)


def test_a_pilot_on_another_kind_of_task_is_named() -> None:
    (said,) = another_task(TaskProfile(task_type="extraction"), EVIDENCE)
    assert said.text.startswith("The pilot was on classification, yet you answered extraction")
    assert said.between == ("task_type",)  # named once, not "kind of task and kind of task"
    assert not another_task(TaskProfile(task_type="classification"), EVIDENCE)
    assert not another_task(TaskProfile(), EVIDENCE)
    assert not another_task(TaskProfile(task_type="extraction"), None)
    found = study(TaskProfile(task_type="extraction"), facts(), EVIDENCE, Chance(1, 50))
    assert basis_of(found).contradiction.startswith("The pilot was on classification")


def test_where_examples_are_few_the_test_set_leaves_some_to_learn_from() -> None:
    for labelled, says in ((80, "half of your examples"), (5_000, "at least 100 examples")):
        said = advise(profile_from_mapping({"task_type": "classification", "n_classes": 3, "evaluation_set": "some",
                                            "labelled_examples": labelled}), facts()).recommendation  # fmt: skip
        assert any(says in step for step in said.then), labelled
