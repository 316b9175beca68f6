"""What is cheap and quick but wrong is worth nothing; and the cheaper way must score as well."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from advisor.decision.simulate import NOTICED
from advisor.decision.utility import Yardstick, concern_utilities
from advisor.vocabulary import Priorities, TaskProfile
from tests.test_decision import YARDSTICK, best, decide, option
from tests.verdicts import verdict

DEAR = {"monthly_cost_usd": 4_000.0, "latency_p95_ms": 4_000.0}


def test_below_half_of_what_the_task_allows_the_other_merits_count_in_proportion() -> None:
    # the task allows 0.9, so half of it is 0.45: at 0.15 a third of the other merits counts, at 0.45 and above all
    scores = np.array([0.0, 0.15, 0.45, 0.9])
    allowed = Yardstick(np.ones(4), np.zeros(4), np.full(4, 0.9))
    assert allowed.useful(scores, 0.2) == pytest.approx([0.0, 1 / 3, 1.0, 1.0])
    assert allowed.useful(scores, 0.1) == pytest.approx([0.0, (1 / 3) ** 0.5, 1.0, 1.0])
    assert (allowed.useful(scores, 0.0) == 1.0).all(), "who gives quality no weight does not mind"
    # where guessing gets a half, 0.7 of 0.9 is 0.4 of a possible 0.8
    guessed = replace(allowed, guessed=np.full(4, 0.5))
    assert guessed.useful(guessed.quality(np.full(4, 0.6)), 0.2) == pytest.approx(np.full(4, 0.5))


def test_a_way_that_is_mostly_wrong_is_not_named_for_its_price() -> None:
    wrong, right = option("zero_shot", 0.15), option("retrieval_augmented", 0.91, **DEAR)
    assert best(decide(wrong, right)) == "retrieval_augmented"
    assert best(decide(option("zero_shot", 0.75), right)) == "zero_shot", "of two useful ones the cheaper and quicker"
    nobody_minds = Priorities(quality=0, cost=1, latency=1, time_to_launch=1, maintenance=1)
    assert best(decide(wrong, right, priorities=nobody_minds)) == "zero_shot"


def test_a_higher_score_is_never_worth_less() -> None:
    worth = [float(decide(option("lora", score)).utility.mean()) for score in np.linspace(0, 1, 21)]
    assert worth == sorted(worth)


def test_the_derivation_adds_up_to_what_is_compared() -> None:
    outcome = decide(option("lora", 0.2))
    parts = concern_utilities(outcome.weighed[0], TaskProfile(), YARDSTICK)
    assert sum(parts.values()) / 5 == pytest.approx(outcome.utility[0])
    assert parts["quality"].mean() < 0.2


def test_the_cheaper_of_two_nearly_alike_must_score_as_well() -> None:
    dear = {"monthly_cost_usd": 500.0}
    alike = decide(option("few_shot", 0.90, **dear), option("zero_shot", 0.90 - NOTICED / 2))
    assert best(alike) == "zero_shot"
    # four points are 0.008 of the utility, less than the hundredth within which the cheaper is taken
    lower = decide(option("few_shot", 0.90, monthly_cost_usd=150.0), option("zero_shot", 0.86))
    assert lower.regret[1] - lower.regret[0] < 0.01
    assert best(lower) == "few_shot"
    money = Priorities(quality=0, cost=1, latency=1, time_to_launch=1, maintenance=1)
    assert best(decide(option("few_shot", 0.90, **dear), option("zero_shot", 0.5), priorities=money)) == "zero_shot"


def test_a_chat_about_weekly_facts_looks_them_up() -> None:
    chat = TaskProfile(
        task_type="chat", requests_per_month=3_000_000, input_tokens=600, output_tokens=150, instruction_tokens=1_200,
        latency_p95_ms=4_000, labelled_examples=5_000, label_quality="noisy", data_may_leave="with_agreement",
        budget_monthly_usd=2_800, horizon_months=24, facts_change="weekly",
    )  # fmt: skip
    said = verdict(chat)
    assert said.method == "retrieval_augmented"
    assert said.given_up == ""
