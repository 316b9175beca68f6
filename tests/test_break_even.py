"""From which volume on training is cheaper: by hand, and between ways of like quality."""

from __future__ import annotations

import re

import numpy as np

from advisor.break_even import AS_GOOD, break_even_of
from advisor.catalog import facts
from advisor.decision.break_even import ALWAYS, EITHER, NEVER, UNKNOWN, VOLUMES, Sides, break_even
from advisor.decision.words import short_words
from advisor.estimators.chance import Chance
from advisor.questionnaire import profile_from_mapping
from advisor.study import Study, study
from advisor.vocabulary import BreakEven


def test_break_even_by_hand() -> None:
    # prompting 0.001 USD a request, training 500 USD a month whatever comes: 500,000 requests
    rate = np.full(300, 0.001)
    found = break_even(lambda volume: (volume * rate, np.full(300, 500.0)))
    assert isinstance(found, BreakEven)
    # the search interpolates between volumes on a log grid, so it lands between 300,000 and 1,000,000
    assert 300_000 < found.requests_per_month < 1_000_000
    assert break_even(lambda volume: (volume * rate, volume * rate + 1)) == Sides().say(NEVER)
    assert break_even(lambda volume: (volume * rate, volume * rate / 2)) == Sides().say(ALWAYS)
    # a third of the draws each: training always cheaper, never, and a crossing
    thirds = np.repeat([-0.01, 1e6, 500.0], 100)
    assert break_even(lambda volume: (volume * rate, np.where(thirds < 0, 0.0, thirds))) == Sides().say(EITHER)
    assert break_even(lambda volume: None) == UNKNOWN
    beside = Sides("a", "b", 0.8, "a classifier")
    assert break_even(lambda v: (v * rate, np.full(300, 500.0)), beside).text.endswith(
        "recommended here (a classifier)."
    )
    assert break_even(lambda v: (v * rate, v * rate + 1), beside).endswith("recommended here (a classifier).")
    assert min(VOLUMES) <= 100


def studied(**answers: object) -> Study:
    return study(profile_from_mapping(answers), facts(), None, Chance(1, 1_000))


def test_the_cheapest_of_each_kind_that_is_as_good_is_compared() -> None:
    found = studied(
        task_type="extraction", evaluation_set="yes", labelled_examples=8_000, requests_per_month=200_000,
        output_tokens=80, input_tokens=400, priorities={"quality": 5, "cost": 1},
    )  # fmt: skip
    even = break_even_of(found)
    said = even if isinstance(even, str) else even.text
    score = float(re.findall(r"a score of about (0[.][0-9]+)", said)[0])
    outcome = found.outcome
    middles = [float(np.median(c.draws["quality"])) for c in outcome.candidates]
    for family in ("prompting", "tuning"):
        able = [
            row
            for row, c in enumerate(outcome.candidates)
            if c.family == family and outcome.feasible[row] and middles[row] >= score - AS_GOOD - 0.005
        ]
        cheapest = min(able, key=lambda row: outcome.monthly_total[row])
        assert short_words(outcome.candidates[cheapest].plan) in said
