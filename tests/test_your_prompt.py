"""The prompt a team has measured is an option: against its limits, and beside the best."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.advise import advise
from advisor.catalog import facts
from advisor.decision.present import options_advice
from advisor.errors import UnknownName
from advisor.report import Contents, section_blocks
from advisor.vocabulary import Bullets, TaskProfile
from tests.verdicts import studied, verdict

MEASURED = TaskProfile(
    task_type="classification", n_classes=9, labelled_examples=2_500, requests_per_month=9_000,
    prompted_score=0.81, prompted_model="gpt-6-luna", quality_target=0.9,
)  # fmt: skip


def test_a_measured_prompt_that_misses_the_target_says_so_and_stands_beside_the_best() -> None:
    found = advise(MEASURED, facts())
    own = found.your_prompt
    assert own is not None
    assert own.option == "few_shot/openai/gpt-6-luna@api:openai"
    assert own.meets_target is False
    (score, target, limits, best) = own.sentences
    # 0.81 ± 1.28 × √(0.81 × 0.19 / 200) = 0.81 ± 0.036
    assert score.startswith("Your prompt scores 0.81 with GPT-6 Luna.")
    assert "between 0.77 and 0.85 (80 %)" in score
    assert target == "It misses the 0.9 you ask for by 0.09."
    assert "USD a month, nearly all of it hours of your own people." in limits
    assert "scores higher than your prompt in" in best
    (listed,) = (b for b in section_blocks("your_prompt", Contents(found)) if isinstance(b, Bullets))
    assert listed.items == own.sentences


def test_a_prompt_within_the_choice_of_rows_of_its_target_is_called_unsure() -> None:
    found = advise(replace(MEASURED, quality_target=0.8), facts()).your_prompt
    assert found is not None
    assert found.meets_target is True
    assert "It meets the 0.8 you ask for, with 0.01 to spare. That is less than" in found.sentences[1]


def test_the_same_model_that_is_expected_to_do_no_better_is_no_reason_to_change() -> None:
    many = replace(MEASURED, n_classes=12, labelled_examples=2_000, requests_per_month=3_000_000, quality_target=None)
    found = advise(replace(many, prompted_score=0.96), facts())
    assert found.recommendation.model == "openai/gpt-6-luna"
    assert found.your_prompt is not None
    assert "is the same model prompted in another way" in found.your_prompt.sentences[-1]
    assert found.your_prompt.sentences[-1].endswith("change it only for one that scores higher on your test set.")


def test_an_unnamed_model_and_no_target_are_said_to_be_so() -> None:
    found = advise(replace(MEASURED, prompted_model=None, quality_target=None), facts()).your_prompt
    assert found is not None
    assert (found.option, found.meets_target) == (None, None)
    assert "you did not name" in found.sentences[0]
    assert advise(TaskProfile(task_type="chat"), facts()).your_prompt is None


def test_an_unknown_model_is_named_beside_all_other_unknown_names_with_a_score_or_without() -> None:
    for score in (None, 0.8):
        profile = TaskProfile(prompted_model="a model of our own", prompted_score=score, hosted_models=("nobody's",))
        with pytest.raises(UnknownName, match=r"(?s)^2 names .*nobody's.*a model of our own"):
            advise(profile, facts())


ENOUGH = TaskProfile(
    task_type="classification", n_classes=12, labelled_examples=1_500, evaluation_set="yes", quality_target=0.9,
    requests_per_month=800_000, prompted_score=0.93, prompted_model="openai/gpt-6-luna",
)  # fmt: skip


def test_a_measured_prompt_is_a_measurement_of_that_prompt() -> None:
    found = studied(ENOUGH)
    options = options_advice(found.outcome, found.measured, ENOUGH.quality_target)
    own = next(o for o in options if o.option.id == "few_shot/openai/gpt-6-luna@api:openai")
    quality = own.estimates["quality"]
    # 0.93 ± 1.28 × √(0.93 × 0.07 / 200) = 0.93 ± 0.023
    assert (quality.basis, quality.value) == ("measured", pytest.approx(0.93, abs=0.003))
    assert (quality.low, quality.high) == (pytest.approx(0.905, abs=0.006), pytest.approx(0.95, abs=0.006))
    assert "your own prompt" in quality.source
    # another prompt of the same model is no measurement
    other = next(o for o in options if o.option.id == "zero_shot/openai/gpt-6-luna@api:openai")
    assert other.estimates["quality"].basis == "estimated"


def test_a_prompt_that_meets_its_target_is_not_given_up_for_a_dearer_one() -> None:
    said = verdict(ENOUGH)
    assert (said.method, said.model) == ("few_shot", "openai/gpt-6-luna")
    assert said.then[0].startswith("You can stop here")


def test_a_target_met_by_a_hair_is_measured_on_more_rows_first() -> None:
    said = verdict(replace(ENOUGH, prompted_score=0.91))
    (step,) = (s for s in said.then if "GPT-6 Luna) on more rows" in s)
    assert "already meets" not in step


def test_a_score_of_a_model_nobody_named_measures_no_option() -> None:
    found = studied(replace(ENOUGH, prompted_model=None))
    assert {o.estimates["quality"].basis for o in options_advice(found.outcome, found.measured, 0.9)} == {"estimated"}
