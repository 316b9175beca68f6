"""`quality --batch` and `advise` answer the same case alike: one hosted model prompted, one open model tuned.

Published prompts have few or no examples, so the batch's answer must lie where `advise` puts LoRA against prompting the
hosted model without examples and with a few. Looked-up examples, which only `advise` considers, can only be better.
"""

from __future__ import annotations

import csv

import numpy as np
import pytest

from advisor.catalog import facts
from advisor.catalog.quality import TABLES, quality_priors
from advisor.commands.quality import answer, case_from
from advisor.decision.chances import chance_tuning_wins
from advisor.estimators.chance import Chance
from advisor.questionnaire import profile_from_mapping
from advisor.study import study

HOSTED, TUNED, TUNED_B = "anthropic/claude-sonnet-5-5", "Qwen/Qwen3-8B", 8.2
# 4,000 draws know a chance to ± 0.02; the rest: a typed score is one prompt's, and the hosted model's year is a class's
NOISE = 0.06
KINDS = ("classification", "extraction", "summarisation", "question_answering", "reasoning", "code", "text_to_sql")


@pytest.mark.parametrize("score", [None, 0.6, 0.9])
@pytest.mark.parametrize("task_type", KINDS)
def test_the_same_case_has_the_same_chance(task_type: str, score: float | None) -> None:
    traits = {"task_type": task_type, "prompted_score": score} | ({"n_classes": 10} if "class" in task_type else {})
    line = {**traits, "n_train": 5_000, "tuned_model_b": TUNED_B, "method": "lora", "year": 2026, "n_test": 200}
    batch = answer(case_from(line))["chance_tuning_wins"]
    known = {key: value for key, value in traits.items() if value is not None}
    models = {"hosted_models": [HOSTED], "open_models": [TUNED], "may_rent_gpus": "yes"}
    outcome = study(
        profile_from_mapping({**known, **models, "labelled_examples": 5_000}), facts(), None, Chance(1, 4_000)
    ).outcome
    quality = {(c.plan.option.method, c.plan.model.id): c.draws["quality"] for c in outcome.candidates}
    against = [float(np.mean(quality["lora", TUNED] > quality[method, HOSTED])) for method in ("few_shot", "zero_shot")]
    assert against[0] - NOISE <= batch <= against[1] + NOISE
    assert chance_tuning_wins(outcome) <= batch + NOISE


def test_a_size_and_a_year_count_the_same_in_both() -> None:
    with (TABLES / "capability.csv").open(encoding="utf-8") as file:
        scale = {row["quantity"]: float(row["value"]) for row in csv.DictReader(file)}
    priors = quality_priors()
    assert priors.open_per_decade_of_size == scale["per_decade_of_parameters"]
    assert priors.open_per_year == scale["per_year_open"]
