"""Quality before anything is measured: the published patterns come out, and measurements move what they should."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from advisor.catalog import find_model
from advisor.catalog.quality import quality_priors
from advisor.estimators.chance import Chance, expit, logit
from advisor.estimators.conditioning import see_prompted_score, see_tuned_score
from advisor.estimators.quality import World, as_quality, learned, option_logit, tells_about, world_of
from advisor.questionnaire import task_draws
from advisor.vocabulary import Draws, TaskProfile

PRIORS = quality_priors()
HOSTED = find_model("anthropic/claude-sonnet-5-5")
OPEN_8B = find_model("meta-llama/Llama-3.1-8B-Instruct")
STARTER = find_model("HuggingFaceTB/SmolLM2-135M-Instruct")


def world(n: int = 4000, **answers: object) -> World:
    profile = TaskProfile(**answers)  # type: ignore[arg-type]
    chance = Chance(5, n)
    return world_of(profile, task_draws(profile, chance.rng("answers"), n), PRIORS, chance)


def quality(given: World, method: str, model: object = OPEN_8B) -> Draws:
    return as_quality(given, option_logit(given, method, model))  # type: ignore[arg-type]


def wins(given: World, tuned: str = "lora") -> float:
    return float(np.mean(quality(given, tuned) > quality(given, "few_shot", HOSTED)))


def test_every_method_and_kind_of_task_has_a_prior() -> None:
    from advisor.methods import METHODS
    from advisor.questionnaire import BY_KEY

    assert set(PRIORS.methods) == {card.name for card in METHODS}
    assert set(BY_KEY["task_type"].choices) | {"any", "generation_judged"} == set(PRIORS.tasks)


def test_learned_by_hand() -> None:
    # LoRA, 6 labels, 460 rows: 6^0.85 = 4.586; 100.3 per class; -0.85 × ln(1 + 100 / 100.3) = -0.588
    assert float(learned(PRIORS.methods["lora"], 460.0, 6.0)) == pytest.approx(-0.588, abs=0.002)


def test_more_examples_never_hurt_and_more_labels_never_help() -> None:
    for prior in PRIORS.methods.values():
        by_rows = [float(learned(prior, n, 10.0)) for n in (0, 10, 100, 1_000, 10_000)]
        by_classes = [float(learned(prior, 500.0, k)) for k in (2.0, 10.0, 77.0)]
        assert by_rows == sorted(by_rows)
        assert by_classes == sorted(by_classes, reverse=True)


def test_training_on_no_examples_loses_and_on_thousands_of_few_labels_is_strong() -> None:
    assert wins(world(task_type="classification", n_classes=6, labelled_examples=0)) < 0.10
    assert wins(world(task_type="classification", n_classes=4, labelled_examples=20_000)) > 0.45
    assert quality(world(task_type="classification", n_classes=3, labelled_examples=1_000), "classical").mean() > 0.7


def test_large_prompted_models_win_where_size_matters() -> None:
    for task_type in ("code", "reasoning", "question_answering", "chat"):
        assert wins(world(task_type=task_type, labelled_examples=5_000)) < 0.45, task_type
    assert wins(world(task_type="extraction", labelled_examples=5_000)) > 0.55


def test_size_hardly_matters_where_text_is_scored_by_overlap() -> None:
    # LoRA Land: of a capability 0.23 showed in prompted overlap, 0.84 in prompted classification
    def gain(task_type: str) -> float:
        given = world(task_type=task_type, labelled_examples=5_000)
        apart = option_logit(given, "zero_shot", HOSTED) - option_logit(given, "zero_shot", STARTER)  # type: ignore[arg-type]
        return float(np.median(apart))

    assert gain("summarisation") == pytest.approx(0.25 * gain("classification"), rel=0.15)


def test_a_method_that_cannot_do_the_task_has_no_quality() -> None:
    assert np.isnan(option_logit(world(task_type="chat"), "classical", OPEN_8B)).all()
    assert not np.isnan(option_logit(world(task_type="classification"), "classical", OPEN_8B)).any()


def test_no_quality_is_below_guessing() -> None:
    given = world(task_type="classification", n_classes=2, labelled_examples=4)
    assert quality(given, "lora", STARTER).min() >= 0.5


def test_a_prompted_score_is_met_by_the_model_it_was_measured_on() -> None:
    given = see_prompted_score(world(task_type="classification", n_classes=5), HOSTED, "few_shot", 0.62, 0.02)
    scores = quality(given, "few_shot", HOSTED)
    assert np.median(scores) == pytest.approx(0.62, abs=0.04)
    assert np.std(scores) < 0.10


def test_a_low_prompted_score_makes_training_likelier() -> None:
    base = world(task_type="classification", n_classes=6, labelled_examples=5_000)
    low, high = (see_prompted_score(base, HOSTED, "few_shot", s, 0.02) for s in (0.45, 0.92))
    assert wins(low) > 0.80
    assert wins(high) < 0.60
    assert wins(low) > wins(base) > wins(high)


def test_a_small_models_prompt_says_nothing_about_one_ten_times_its_size() -> None:
    # 0.135B against 8.03B is 59 times, against a hosted one more
    assert tells_about(0.135, 8.03) == 0.0
    assert tells_about(8.0, 4.0) == 1.0
    assert 0.0 < tells_about(8.0, 32.0) < 1.0
    base = world(task_type="classification", n_classes=6, labelled_examples=1_000)
    for score in (0.2, 0.6):
        seen = see_prompted_score(base, STARTER, "few_shot", score, 0.03)
        for model in (HOSTED, OPEN_8B):
            assert np.array_equal(quality(seen, "few_shot", model), quality(base, "few_shot", model))
        assert np.array_equal(seen.tuned, base.tuned)


def test_a_tuned_score_moves_other_models_less_than_it_surprises() -> None:
    base = world(task_type="classification", n_classes=6, labelled_examples=1_000)
    seen = see_tuned_score(base, OPEN_8B, "lora", (0.97, 0.01, 1_000))
    moved = float(np.median(option_logit(seen, "lora", STARTER)) - np.median(option_logit(base, "lora", STARTER)))
    surprise = float(logit(0.97) - np.median(option_logit(base, "lora", OPEN_8B)))
    assert 0.2 * surprise < moved < 0.9 * surprise
    # the starter is 1.7 decades below 7B: its own score moves the others less still
    from_starter = see_tuned_score(base, STARTER, "lora", (0.97, 0.01, 1_000))
    assert np.std(from_starter.tuned) > np.std(seen.tuned)


def test_draws_do_not_depend_on_what_else_is_drawn() -> None:
    chance = Chance(1, 10)
    first = chance.normal("a").copy()
    chance.normal("b")
    assert np.array_equal(Chance(1, 10).normal("a"), first)
    assert not np.array_equal(Chance(2, 10).normal("a"), first)
    assert float(expit(logit(0.3))) == pytest.approx(0.3)


@pytest.mark.parametrize("shift", [-0.6, 0.4])
def test_what_a_rule_says_of_prompting_is_in_a_measured_score_already(shift: float) -> None:
    """The measured prompt keeps its score; a prompt that scores so in spite of a rule tells of an easier task."""
    plain = world(task_type="extraction", labelled_examples=2_000)
    rules = dict.fromkeys(("zero_shot", "few_shot"), np.full(4_000, shift))
    seen = {
        name: see_prompted_score(given, HOSTED, "few_shot", 0.86, 0.02)
        for name, given in (("plain", plain), ("ruled", replace(plain, ruled=rules)))
    }
    scores = {name: float(np.median(quality(given, "few_shot", HOSTED))) for name, given in seen.items()}
    assert scores["ruled"] == pytest.approx(scores["plain"], abs=0.012)
    assert scores["plain"] == pytest.approx(0.86, abs=0.02)
    tuned = {name: float(np.median(quality(given, "lora"))) for name, given in seen.items()}
    assert (tuned["ruled"] > tuned["plain"]) is (shift < 0)
