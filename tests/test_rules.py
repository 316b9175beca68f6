"""Every rule speaks when its condition holds, stays silent when it does not, and says where it has it from."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from advisor.rules import RULES, Situation, reasons_for
from advisor.rules.situation import Prompted
from advisor.vocabulary import OwnGpu, TaskProfile

CLASSES = {"task_type": "classification", "n_classes": 5}


def situation(labelled: float = 300, classes: float = 5, taught: float = 0, **answers: object) -> Situation:
    return Situation(TaskProfile(**answers), labelled, classes, taught)  # type: ignore[arg-type]


# rule → a situation in which it speaks
SPEAKS: dict[str, Situation] = {
    "no_test_set_yet": situation(evaluation_set="none"),
    "prompt_first": situation(),
    "prompting_nearly_there": situation(prompted_score=0.85),
    "prompting_far_away": situation(prompted_score=0.59),
    "target_in_reach": situation(prompted_score=0.8, quality_target=0.8),
    "goal_unclear": situation(0, well_specified="no", labelled_examples=0),
    "retrieval_for_facts": situation(facts_change="weekly"),
    "prompts_lack_facts": situation(facts_change="monthly"),
    "cannot_cite": situation(needs_citations=True),
    "training_facts_in": situation(facts_change="daily"),
    "style_is_learned": situation(output_format="house_style"),
    "house_rules_are_learned": situation(labels_follow_house_rules=True),
    "words_are_enough": situation(well_specified="yes"),
    "words_are_not_enough": situation(50, well_specified="no"),
    "rules_do_not_fit": situation(instruction_tokens=3_000),
    "form_and_facts": situation(facts_change="monthly", output_format="house_style"),
    "fixed_form": situation(task_type="extraction"),
    "broad_reasoning": situation(task_type="reasoning"),
    "clinical_text": situation(task_type="extraction", domain="medical"),
    "exam_questions": situation(task_type="question_answering", domain="legal"),
    "finance_text": situation(domain="finance", task_type="classification"),
    "legal_labels": situation(domain="legal", task_type="multi_label_classification"),
    "one_schema": situation(task_type="text_to_sql"),
    "small_classifier_enough": situation(200, **CLASSES),
    "frozen_features": situation(100, **CLASSES),
    "nothing_to_learn_from": situation(0, labelled_examples=0, unlabelled_examples=0),
    "nothing_to_train_on": situation(0, labelled_examples=0, unlabelled_examples=0),
    "examples_to_be_made": situation(0, labelled_examples=0),
    "few_examples": situation(99, labelled_examples=99),
    "enough_examples": situation(150, labelled_examples=150, **CLASSES),
    "many_categories": situation(999, 50, task_type="classification", n_classes=50),
    "taught_labels": situation(100, taught=2_000, labelled_examples=100),
    "start_small": situation(50, labelled_examples=50),
    "examples_in_the_prompt": situation(20, labelled_examples=20, task_type="extraction"),
    "more_hardly_helps": situation(500, labelled_examples=500, **CLASSES),
    "more_still_helps": situation(1_000, 50, task_type="classification"),
    "full_at_scale_nears": situation(20_000),
    "open_models_learn": situation(50, data_may_leave="no"),
    "base_matters_more": situation(200),
    "measure_forgetting": situation(50, task_type="chat"),
    "thinking_off": situation(task_type="extraction", latency_p95_ms=2_000),
    "written_text_is_learned": situation(500, task_type="summarisation"),
    "format_first": situation(task_type="text_to_sql"),
    "inputs_drift": situation(requirements_change="monthly", **CLASSES),
    "frontier_ahead_lately": situation(**CLASSES),
    "english_evidence": situation(languages=("en", "pl"), task_type="summarisation"),
    "english_features": situation(languages=("de",), **CLASSES),
    "embedder_reads_the_start": situation(input_tokens=257, **CLASSES),
    "noisy_labels": situation(label_quality="noisy"),
    "seeds_differ": situation(299, labelled_examples=299),
    "lora_by_default": situation(50),
    "full_at_scale": situation(100_000),
    "qlora_saves_memory": situation(gpus=(OwnGpu("L4"),)),
    "soft_prompts_fragile": situation(50),
    "no_pretraining": situation(),
    "prompts_then_weights": situation(200, team_experience="training"),
    "teach_a_small_one": situation(teacher_model="GPT-6"),
    "teacher_terms": situation(label_quality="synthetic"),
    "volume_pays": situation(requests_per_month=200_000),
    "long_static_prompt": situation(instruction_tokens=1_000),
    "speed_needs_small": situation(latency_p95_ms=800),
    "upkeep_recurs": situation(),
    "task_keeps_changing": situation(requirements_change="monthly"),
    "first_training": situation(team_experience="none"),
    "data_stays_here": situation(data_may_leave="no"),
    "hosted_tuning_ends": situation(),
    "licences_bind": situation(stage="production"),
    "must_be_small": situation(serve_on="phone"),
}
# rule → a situation just beside it, in which it is silent
SILENT: dict[str, Situation] = {
    "no_test_set_yet": situation(evaluation_set="some"),
    "prompt_first": situation(prompted_score=0.5),
    "prompting_nearly_there": situation(prompted_score=0.84),
    "prompting_far_away": situation(prompted_score=0.60),
    "target_in_reach": situation(prompted_score=0.79, quality_target=0.8),
    "retrieval_for_facts": situation(facts_change="never", needs_citations=False),
    "words_are_enough": situation(well_specified="yes", labels_follow_house_rules=True),
    "words_are_not_enough": situation(49, well_specified="no"),
    "rules_do_not_fit": situation(instruction_tokens=2_999),
    "small_classifier_enough": situation(199, **CLASSES),
    "frozen_features": situation(5 * 65, **CLASSES),
    "nothing_to_train_on": situation(0, labelled_examples=0, unlabelled_examples=10),
    "few_examples": situation(100, labelled_examples=100),
    "enough_examples": situation(149, labelled_examples=149, **CLASSES),
    "many_categories": situation(1_000, 50, task_type="classification", n_classes=50),
    "full_at_scale": situation(99_999),
    "volume_pays": situation(requests_per_month=199_999),
    "speed_needs_small": situation(latency_p95_ms=801),
    "task_keeps_changing": situation(requirements_change="yearly"),
    "data_stays_here": situation(data_may_leave="yes"),
    "clinical_text": situation(task_type="chat", domain="medical"),
    "cannot_cite": situation(needs_citations=True, **CLASSES),
    "retrieval_for_facts_from_the_input": situation(facts_change="daily", task_type="extraction"),
    "taught_labels": situation(2_000, taught=2_000, labelled_examples=2_000),
    "start_small": situation(300, labelled_examples=300),
    "examples_in_the_prompt": situation(500, labelled_examples=500, task_type="extraction"),
    "more_hardly_helps": situation(500, 21, labelled_examples=500, task_type="classification"),
    "more_still_helps": situation(1_000, 49, task_type="classification"),
    "full_at_scale_nears": situation(100_000),
    "open_models_learn": situation(50, data_may_leave="yes"),
    "base_matters_more": situation(199),
    "measure_forgetting": situation(50, task_type="extraction"),
    "thinking_off": situation(task_type="extraction"),
    "written_text_is_learned": situation(499, task_type="summarisation"),
    "format_first": situation(task_type="chat"),
    "inputs_drift": situation(requirements_change="yearly", **CLASSES),
    "frontier_ahead_lately": situation(data_may_leave="no", **CLASSES),
    "english_evidence": situation(languages=("en",), task_type="summarisation"),
    "english_features": situation(languages=("en", "en-GB"), **CLASSES),
    "embedder_reads_the_start": situation(input_tokens=256, **CLASSES),
}
BY_NAME = {rule.__name__: rule for rule in RULES}


def test_every_rule_has_its_situation() -> None:
    assert set(SPEAKS) == set(BY_NAME)
    assert len(RULES) >= 60


@pytest.mark.parametrize("name", sorted(SPEAKS))
def test_a_rule_speaks_with_text_strength_and_source(name: str) -> None:
    reason = BY_NAME[name](SPEAKS[name])
    assert reason is not None
    assert reason.rule == name
    assert reason.text.endswith(".")
    assert reason.source
    assert (reason.weight > 0) == (reason.shift is not None or reason.direction == "rules_out")


@pytest.mark.parametrize("name", sorted(SILENT))
def test_a_rule_is_silent_beside_its_condition(name: str) -> None:
    assert BY_NAME[name.removesuffix("_from_the_input")](SILENT[name]) is None


@pytest.mark.parametrize("name", sorted(SPEAKS))
def test_every_source_has_an_address_and_a_date_or_is_the_teams_own(name: str) -> None:
    reason = BY_NAME[name](SPEAKS[name])
    assert reason is not None
    for part in reason.source.split("; "):
        own = part.startswith(("your ", "assumption:"))
        assert own or re.search(r", \S+.* \(read \d{4}-\d\d-\d\d\)$", part), part


def test_citations_take_every_way_without_documents_out() -> None:
    (reason,) = (r for r in reasons_for(situation(needs_citations=True)) if r.rule == "cannot_cite")
    assert reason.direction == "rules_out"
    assert set(reason.removes) == {"zero_shot", "few_shot", "retrieved_few_shot", "tuning", "classical"}


@pytest.mark.parametrize("task_type", ["summarisation", "extraction", "text_to_sql"])
def test_what_is_made_from_the_input_cites_the_input(task_type: str) -> None:
    said = {r.rule for r in reasons_for(situation(needs_citations=True, task_type=task_type))}
    assert not said & {"cannot_cite", "retrieval_for_facts", "training_facts_in"}


def test_rules_that_restate_evidence_have_no_weight() -> None:
    restating = ("prompting_nearly_there", "prompting_far_away", "fixed_form", "broad_reasoning", "few_examples")
    for name in (*restating, "many_categories", "volume_pays", "one_schema"):
        reason = BY_NAME[name](SPEAKS[name])
        assert reason is not None
        assert reason.weight == 0, name


def test_stronger_evidence_shifts_more() -> None:
    from advisor.rules.situation import STEP

    sizes = [STEP[strength][0] for strength in "ABCD"]
    assert sizes == sorted(sizes, reverse=True)


def test_facts_favour_documents_and_lower_training_and_bare_prompts() -> None:
    shifts = {r.rule: r.shift for r in reasons_for(situation(facts_change="weekly")) if r.shift}
    assert shifts["retrieval_for_facts"].size > 0
    assert shifts["training_facts_in"].size < 0
    assert set(shifts["training_facts_in"].methods) == {"tuning", "classical"}
    assert shifts["prompts_lack_facts"].size < 0
    assert "retrieval_augmented" not in shifts["prompts_lack_facts"].methods


def test_what_rules_out_comes_first_and_what_only_explains_last() -> None:
    weights = [r.direction == "rules_out" for r in reasons_for(situation(label_quality="noisy"))]
    assert weights == sorted(weights, reverse=True)
    assert reasons_for(situation(label_quality="noisy"))[-1].weight == 0


def test_prompts_measured_in_a_pilot_are_not_called_unmeasured() -> None:
    def said(prompted: Prompted) -> list[str]:
        return [r.text for r in reasons_for(replace(situation(), prompted=prompted)) if r.rule == "prompt_first"]

    assert said("candidate") == []
    (text,) = said("stand_in")
    assert "small stand-in only" in text
    assert "No prompt has been measured" in said("nothing")[0]
