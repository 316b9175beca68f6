"""What a rule did is said with its contradictions: nothing speaks against a way and quietly raises its chance."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.decision.candidate import Candidate, limits_of
from advisor.decision.effects import effect_of
from advisor.decision.simulate import Outcome, simulate
from advisor.rules.situation import explains, shifts
from advisor.vocabulary import Reason, TaskProfile
from tests.test_decision import YARDSTICK, N, option

HALF = np.arange(N) < N // 2
PLENTY = TaskProfile(quality_target=0.7)


def decided(*candidates: Candidate) -> Outcome:
    return simulate(candidates, PLENTY, limits_of(PLENTY), YARDSTICK)


def against(method: str, *methods: str) -> Reason:
    return shifts(explains("some_rule", method, "Some text.", "B", "some source"), methods, -1)


@pytest.mark.parametrize(
    ("method", "moved", "steps", "direction"),
    [
        ("prompting", "tuning", -1, "favours"),  # lowering the one side speaks for the other
        ("tuning", "tuning", -1, "against"),
        ("prompting", "few_shot", -1, "against"),
        ("tuning", "tuning", 1, "favours"),
    ],
)
def test_a_rule_speaks_for_or_against_the_way_it_names(method: str, moved: str, steps: int, direction: str) -> None:
    assert shifts(explains("r", method, "t", "B", "s"), (moved,), steps).direction == direction


def test_a_share_that_rises_because_less_fits_is_said_to_rise_for_that() -> None:
    # without the rule both fit in their halves; with it the prompt falls below the target of 0.7 in a quarter
    prompt, tuned = np.where(HALF, 0.8, 0.1), np.where(HALF, 0.1, 0.8)
    weaker = np.where(np.arange(N) < N // 4, 0.6, tuned)
    without = decided(option("few_shot", prompt), option("lora", tuned))
    given = decided(option("few_shot", np.where(np.arange(N) < N // 4, 0.6, prompt)), option("lora", weaker))
    said = effect_of(against("tuning", "tuning"), given, without, None).text
    assert "contrary to what it speaks against: training is best in 67 % of the cases instead of 50 %" in said
    assert "something fits in 75 % of the cases instead of over 99 %" in said
    assert "Of all cases it is 50 % instead of 50 %" in said


def test_a_share_that_rises_by_what_rivals_lose_is_called_an_interaction() -> None:
    without = decided(option("few_shot", 0.9), option("lora", 0.8))
    given = decided(option("few_shot", 0.75), option("lora", 0.79))
    said = effect_of(against("tuning", "tuning", "prompting"), given, without, None).text
    assert "interaction" in said


def test_an_effect_as_it_should_be_has_nothing_to_explain() -> None:
    without = decided(option("few_shot", 0.8), option("lora", 0.9))
    given = decided(option("few_shot", 0.8), option("lora", 0.75))
    assert "contrary" not in effect_of(against("tuning", "tuning"), given, without, None).text
