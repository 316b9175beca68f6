"""What a pilot measured moves: a classifier says something about training, and training about a classifier."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from advisor.catalog import facts
from advisor.estimators.chance import Chance
from advisor.questionnaire import profile_from_mapping
from advisor.study import Study, study
from advisor.vocabulary import Evidence, Measurement

ANSWERS = {"task_type": "classification", "n_classes": 20, "labelled_examples": 4_000}
WORDS, QWEN = "tfidf-logistic-regression", "Qwen/Qwen3-4B"
NOTHING = Evidence("r", "classification", 20, "accuracy", 0.05, ())


def measured(method: str, model: str, value: float) -> Study:
    seen = Measurement(method, method, model, "cpu", "accuracy", 4_000, 300, value, value - 0.03, value + 0.03, 0.02)
    return studied(replace(NOTHING, measurements=(seen,)))


def studied(evidence: Evidence | None) -> Study:
    return study(profile_from_mapping(ANSWERS), facts(), evidence, Chance(1, 2_000))


def score(found: Study, method: str, model: str = "") -> tuple[float, float]:
    """Median and spread of the first option of this method."""
    draws = next(
        c.draws["quality"]
        for c in found.outcome.candidates
        if c.plan.option.method == method and model in c.plan.option.model
    )
    return float(np.median(draws)), float(np.std(draws))


def test_a_measured_classifier_moves_what_training_is_expected_to_reach() -> None:
    before = score(studied(None), "lora", QWEN)
    low, high = (score(measured("classical", WORDS, value), "lora", QWEN) for value in (0.5, 0.95))
    assert low[0] < before[0] < high[0]
    # word counts tell little of a model of billions: less than the measured model tells of itself
    assert high[1] > 2 * score(measured("lora", QWEN, 0.95), "lora", QWEN)[1]


def test_what_training_reached_moves_the_classifier_but_does_not_measure_it() -> None:
    before = score(studied(None), "classical")
    after = score(measured("lora", QWEN, 0.95), "classical")
    assert after[0] > before[0]
    assert after[1] > 0.02


def test_a_measured_classifier_moves_no_prompt() -> None:
    before = score(studied(None), "zero_shot", "claude-opus")
    assert score(measured("classical", WORDS, 0.95), "zero_shot", "claude-opus") == before
