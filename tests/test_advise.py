"""The walk: one seed, one answer; what evidence may change, and what it may not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from advisor.advise import advise, moved, study
from advisor.catalog import facts
from advisor.estimators.chance import Chance
from advisor.questionnaire import profile_from_mapping
from advisor.report import Contents, section_blocks
from advisor.vocabulary import ESTIMATED, Advice, BreakEven, Evidence, Measurement, OptionAdvice, Table, TaskProfile

STARTER = "HuggingFaceTB/SmolLM2-135M-Instruct"
LLAMA = "meta-llama/Llama-3.1-8B-Instruct"
SNIPS = {"task_type": "classification", "n_classes": 7, "labelled_examples": 2000, "requests_per_month": 20_000}


@cache
def base() -> Advice:
    return advise(profile_from_mapping(SNIPS), facts())


def measurement(method: str, value: float, model: str = STARTER, place: str = "cpu", **more: object) -> Measurement:
    rows = 0 if method in ("zero_shot", "few_shot") else 256
    return Measurement(
        method,
        method,
        model,
        place,
        "accuracy",
        rows,
        200,
        value,
        value - 0.05,
        value + 0.05,
        0.03,
        **more,  # type: ignore[arg-type]
    )


def evidence(*measurements: Measurement, **more: object) -> Evidence:
    return Evidence("run-1", "classification", 7, "accuracy", 1 / 7, measurements, **more)  # type: ignore[arg-type]


def after(*measurements: Measurement, **more: object) -> Advice:
    return advise(profile_from_mapping(SNIPS), facts(), evidence(*measurements, **more))


def test_the_seed_fixes_everything() -> None:
    again = advise(profile_from_mapping(SNIPS), facts())
    assert again.as_json() == base().as_json()
    other = advise(profile_from_mapping(SNIPS), facts(), seed=5)
    assert other.chance_best_by_family != base().chance_best_by_family
    assert other.recommendation.option == base().recommendation.option


def test_every_option_has_every_estimate_with_unit_and_reason() -> None:
    for option in base().options:
        assert set(option.estimates) == set(ESTIMATED)
        for key, estimate in option.estimates.items():
            assert estimate.unit, key
            if estimate.value is None:
                assert estimate.why_unknown, (option.option.id, key)
            else:
                assert estimate.low is not None
                assert estimate.high is not None
                assert estimate.low <= estimate.value <= estimate.high
                assert estimate.source, key


def test_all_methods_and_all_default_models_are_there() -> None:
    from advisor.methods import METHODS

    assert {o.option.method for o in base().options} == {card.name for card in METHODS}
    defaults = {m.id for m in facts().models if m.default}
    assert defaults <= {o.option.model for o in base().options}


def test_the_document_of_the_contract() -> None:
    document = base().as_json()
    keys = "recommendation options chance_best_by_method chance_best_by_family chance_tuning_wins reasons flips"
    assert set(f"{keys} break_even pilot catalog_date".split()) <= set(document)
    assert sum(document["chance_best_by_family"].values()) == pytest.approx(1)
    assert all({"trait", "from", "to", "then"} == set(flip) for flip in document["flips"])


def test_what_a_quality_is_a_score_in_is_said() -> None:
    assert base().as_json()["quality_metric"] == "accuracy"
    found = base()
    open_metric = replace(found, profile=replace(found.profile, metric=None), quality_metric="field_f1")
    (table, *_) = (block for block in section_blocks("options", Contents(open_metric)) if isinstance(block, Table))
    assert "Field F1, from 0 to 1: the usual score of this kind of task." in (table.note or "")


def test_a_starters_few_shot_score_hardly_moves_the_chance_against_a_hosted_model() -> None:
    low, high = (after(measurement("few_shot", score)) for score in (0.2, 0.6))
    assert abs(low.chance_tuning_wins - high.chance_tuning_wins) <= 0.10


def latencies(advice: Advice, keep: object) -> dict[str, object]:
    return {o.option.id: o.estimates["latency_p95_ms"] for o in advice.options if keep(o)}  # type: ignore[operator]


def test_a_cpu_latency_changes_no_gpu_option() -> None:
    slow = measurement("zero_shot", 0.4, LLAMA, "cpu", latency_p50_ms=9_000.0, latency_p95_ms=12_000.0)

    def on_gpu(option: OptionAdvice) -> bool:
        return option.option.place != "cpu"

    plain = replace(slow, latency_p50_ms=None, latency_p95_ms=None)
    assert latencies(after(slow), on_gpu) == latencies(after(plain), on_gpu)


def test_a_latency_replaces_that_of_exactly_its_place() -> None:
    chosen = next(o for o in base().options if o.option.model == LLAMA and o.option.method == "zero_shot")
    seen = measurement("zero_shot", 0.4, LLAMA, chosen.option.place, latency_p50_ms=200.0, latency_p95_ms=333.0)
    for option in after(seen).options:
        is_it = option.option.id == chosen.option.id
        assert (option.estimates["latency_p95_ms"].basis == "measured") == is_it, option.option.id
        if is_it:
            seen_ms = option.estimates["latency_p95_ms"]
            assert seen_ms.value == pytest.approx(333.0, rel=0.02)
            # another day or machine: a fifth more or less, 333 / 1.2 = 278 and 333 × 1.2 = 400
            assert (seen_ms.low, seen_ms.high) == (pytest.approx(278, rel=0.02), pytest.approx(400, rel=0.02))


def test_a_verdict_from_the_starter_alone_names_the_next_cheapest_measurement() -> None:
    said = after(measurement("few_shot", 0.3), measurement("lora", 0.93)).recommendation
    step = next(s for s in said.then if "stand-in" in s)
    assert "100 test rows" in step
    assert "USD" in step


def test_a_measured_head_on_features_is_no_language_model_measured() -> None:
    said = after(measurement("feature_extraction", 0.93, "sentence-transformers/all-MiniLM-L6-v2")).recommendation
    assert any("stand-in" in step for step in said.then)


def test_a_measured_candidate_needs_no_such_step() -> None:
    said = after(measurement("lora", 0.93, LLAMA, "rented:L4×1")).recommendation
    assert not any("stand-in" in step for step in said.then)


def quality_of(advice: Advice, method: str, model: str) -> float:
    found = next(o for o in advice.options if (o.option.method, o.option.model) == (method, model))
    value = found.estimates["quality"].value
    assert value is not None
    return value


def test_a_measurement_replaces_the_quality_of_its_method_and_model() -> None:
    found = after(measurement("few_shot", 0.71, LLAMA))
    assert quality_of(found, "few_shot", LLAMA) == pytest.approx(0.71, abs=0.02)
    bases = {(o.option.method, o.option.model): o.estimates["quality"].basis for o in found.options}
    assert bases["few_shot", LLAMA] == "measured"
    assert [pair for pair, basis in bases.items() if basis == "measured"] == [("few_shot", LLAMA)]


def test_training_measured_on_few_rows_is_carried_to_all_rows() -> None:
    # 256 of 2,000 rows: the curve still rises, so more is expected than was measured
    assert quality_of(after(measurement("lora", 0.80, LLAMA)), "lora", LLAMA) > 0.82


def test_a_learning_curve_says_where_training_ends() -> None:
    curve = ((64, 0.70, 0.02), (128, 0.80, 0.02), (256, 0.86, 0.02))
    rising = after(measurement("lora", 0.86, LLAMA), curve=curve, curve_method="lora")
    flat = ((64, 0.855, 0.01), (128, 0.858, 0.01), (256, 0.86, 0.01))
    level = after(measurement("lora", 0.86, LLAMA), curve=flat, curve_method="lora")
    assert quality_of(rising, "lora", LLAMA) > quality_of(level, "lora", LLAMA)


def test_a_two_point_gain_on_a_hundred_rows_is_not_certain() -> None:
    def rows(method: str, value: float) -> Measurement:
        return replace(measurement(method, value, LLAMA, "rented:L4×1"), n_test=100, sd=0.04, n_train=2_000)

    hosted = replace(rows("few_shot", 0.80), model="anthropic/claude-opus-5-5", place="api:anthropic", n_train=0)
    found = after(rows("lora", 0.82), hosted)
    assert 0.3 < found.chance_tuning_wins < 0.85


def test_what_moved_is_said_with_its_reason() -> None:
    pilot = evidence(measurement("few_shot", 0.3), measurement("lora", 0.95))
    later = advise(profile_from_mapping(SNIPS), facts(), pilot)
    changes = moved(base(), later, pilot)
    assert changes
    assert all(change.before != change.after and change.why for change in changes)
    assert moved(base(), base(), pilot) == ()


def test_a_pilot_on_another_kind_of_task_is_left_out_and_said() -> None:
    pilot = evidence(measurement("few_shot", 0.3), measurement("lora", 0.95))
    asked = replace(profile_from_mapping(SNIPS), task_type="extraction")
    alone, found = advise(asked, facts()), advise(asked, facts(), pilot)
    assert found.chance_best_by_family == alone.chance_best_by_family
    assert [o.estimates for o in found.options] == [o.estimates for o in alone.options]
    assert found.evidence_run is None
    assert found.contradictions[0].text.endswith("its scores are left out of this answer.")
    assert found.recommendation.then[0].startswith("The pilot was on classification")
    assert not [m for m in moved(alone, found, pilot) if m.what != "Verdict"]
    report = Contents(found, evidence=pilot, before=alone)
    assert "was on another kind of task and is left out." in str(section_blocks("title", report))
    assert section_blocks("before_after", report) == ()
    assert "a pilot on the team's own data (run run-1)" in str(
        section_blocks("title", Contents(alone, evidence=replace(pilot, task_type="extraction")))
    )


def test_where_training_becomes_cheaper_is_part_of_what_moved() -> None:
    pilot = evidence(measurement("lora", 0.9))
    never = replace(base(), break_even=None, no_break_even="At every volume prompting costs less.")
    some = replace(base(), break_even=BreakEven(1e5, 5e4, 2e5, "From about 100,000 requests a month on."))
    change = next(m for m in moved(never, some, pilot) if m.what == "Where training becomes cheaper")
    assert (change.before, change.after) == (never.no_break_even, some.break_even.text)


def test_evidence_fills_in_what_was_left_open() -> None:
    pilot = evidence(measurement("lora", 0.95), rows_available=500, input_tokens=9.0, output_tokens=1.0)
    found = advise(TaskProfile(), facts(), pilot)
    assert found.recommendation.kind != "cannot_tell" or found.chance_best_by_family
    assert not any(line.startswith("How many categories?") for line in found.assumed)
    assert found.evidence_run == "run-1"
    assert found.profile == TaskProfile()


def test_a_model_nobody_knows_is_ignored_without_harm() -> None:
    found = after(measurement("lora", 0.9, "our-own-model"))
    assert np.isclose(sum(o.chance_best for o in found.options), 1)


def test_small_changes_of_an_answer_move_chances_a_little() -> None:
    chances = [
        advise(profile_from_mapping({**SNIPS, "labelled_examples": n}), facts(), seed=1).chance_tuning_wins
        for n in (2_000, 2_100, 2_200)
    ]
    assert max(chances) - min(chances) < 0.03


def test_a_flip_really_flips() -> None:
    from advisor.questionnaire import BY_KEY

    found = base()
    assert found.flips == tuple(sorted(found.flips, key=lambda f: f.distance))
    for flip in found.flips:
        assert flip.trait in BY_KEY
        assert flip.before != flip.after


def test_measured_prompts_are_not_called_unmeasured() -> None:
    def first(advice: Advice) -> list[str]:
        return [r.text for r in advice.reasons if r.rule == "prompt_first"]

    assert "stand-in only" in first(after(measurement("few_shot", 0.3)))[0]
    assert first(after(measurement("few_shot", 0.7, LLAMA))) == []


def test_what_the_next_step_asks_for_is_not_said_not_to_matter() -> None:
    found = after(measurement("few_shot", 0.3), measurement("lora", 0.93))
    assert found.next_measurement is not None
    assert found.next_measurement.measurement == "prompted_score"
    assert "prompted_score" not in {u.trait for u in found.matters_not}


def test_less_is_asked_only_of_what_stands_in_the_way() -> None:
    def steps(**limits: object) -> str:
        return " ".join(advise(profile_from_mapping({**SNIPS, **limits}), facts()).recommendation.then)

    assert "ask for less" not in steps(quality_target=0.999)
    assert "ask for less" not in steps(budget_monthly_usd=1.0), "people's hours alone cost more"
    many = {"task_type": "generation", "requests_per_month": 5_000_000, "open_models": []}
    assert "ask for less: fewer requests." in steps(**many, budget_monthly_usd=600.0)


def test_without_a_prompt_that_fits_no_costs_are_compared() -> None:
    found = advise(profile_from_mapping({**SNIPS, "data_may_leave": "no", "hosted_models": []}), facts())
    assert (found.break_even is None) == bool(found.no_break_even)
    short = advise(profile_from_mapping({**SNIPS, "budget_monthly_usd": 1}), facts())
    assert "stays within the limits" in short.no_break_even or short.break_even is not None


def test_what_was_carried_to_all_rows_is_not_called_measured() -> None:
    seen = measurement("lora", 0.80, LLAMA, "rented:L4×1", train_hours=0.1)
    found = next(o for o in after(seen).options if (o.option.method, o.option.model) == ("lora", LLAMA))
    quality = found.estimates["quality"]
    assert quality.basis == "estimated"
    assert quality.source == "your pilot: 0.80 measured after training on 256 rows, extrapolated to 2,000 rows"
    everything = after(replace(seen, n_train=2_000)).options
    whole = next(o for o in everything if (o.option.method, o.option.model) == ("lora", LLAMA))
    assert (whole.estimates["quality"].basis, whole.estimates["quality"].source) == ("measured", "your pilot")


def test_a_training_time_grows_with_the_rows() -> None:
    place = next(o.option.place for o in base().options if o.option.method == "classical")
    model = next(o.option.model for o in base().options if o.option.method == "classical")
    found = after(measurement("classical", 0.8, model, place, train_hours=0.1))
    hours = next(o for o in found.options if o.option.method == "classical").estimates["training_hours"]
    # 2,000 rows instead of 256: 0.1 × 2,000 / 256 = 0.78 hours, half to double of it
    assert hours.basis == "estimated"
    assert hours.value == pytest.approx(0.78, rel=0.05)
    assert (hours.low, hours.high) == (pytest.approx(0.39, rel=0.06), pytest.approx(1.56, rel=0.06))


def test_a_limit_that_nothing_was_held_against_is_said_with_what_to_do() -> None:
    answers = {"task_type": "generation", "evaluation_set": "yes", "prompted_score": 0.8, "requests_per_month": 1_000}
    hosted = advise(profile_from_mapping({**answers, "output_tokens": 5, "latency_p95_ms": 2_500}), facts())
    assert hosted.recommendation.place.startswith("api:")
    assert any("it keeps your limit of 2,500 ms with a chance of" in step for step in hosted.recommendation.then)
    free = advise(profile_from_mapping(answers), facts())
    assert not any("Time some calls" in step for step in free.recommendation.then)


def test_no_example_at_all_is_no_test_set() -> None:
    none = advise(profile_from_mapping({"task_type": "classification", "labelled_examples": 0}), facts())
    assert none.recommendation.kind == "evaluate_first"
    assert "no_test_set_yet" in {reason.rule for reason in none.reasons}


@pytest.mark.parametrize("device", ["phone", "laptop"])
def test_a_device_that_is_there_already_is_not_rented(device: str) -> None:
    asked = {"task_type": "extraction", "serve_on": device, "labelled_examples": 3_000, "requests_per_month": 1_000}
    found = advise(profile_from_mapping(asked), facts())
    (small,) = (o for o in found.options if o.option.id.startswith("lora/Qwen/Qwen2.5-0.5B-Instruct@cpu"))
    month, hours = (small.estimates[key].value or 0.0 for key in ("monthly_cost_usd", "upkeep_hours_per_month"))
    assert month == pytest.approx(hours * 75, rel=0.15)  # people's hours, at 600 USD a day, and nothing else


def test_a_gpu_of_ones_own_takes_nothing_from_a_laptop() -> None:
    laptop = {"task_type": "text_to_sql", "serve_on": "laptop", "data_may_leave": "no", "labelled_examples": 1_200}
    with_gpu = {**laptop, "gpus": [{"name": "RTX 4090", "count": 1}]}
    said = advise(profile_from_mapping(with_gpu), facts()).recommendation
    assert said.kind == "option"
    assert said.place == "cpu"


def test_no_hosted_model_writes_a_long_answer_in_an_instant() -> None:
    quick = {"task_type": "generation", "output_tokens": 300, "labelled_examples": 4_000, "latency_p95_ms": 100}
    found = advise(profile_from_mapping(quick), facts())
    assert not any(o.feasible for o in found.options if o.option.place.startswith("api:"))
    soon = advise(profile_from_mapping({**quick, "latency_p95_ms": 1_000}), facts())
    assert not any(o.feasible for o in soon.options if o.option.place.startswith("api:"))
    slower = advise(profile_from_mapping({**quick, "latency_p95_ms": 6_000}), facts())
    assert any(o.feasible for o in slower.options if o.option.place.startswith("api:"))


def test_a_pilot_not_worth_it_is_no_next_step() -> None:
    phone = {"task_type": "classification", "n_classes": 20, "serve_on": "phone", "data_may_leave": "no",
             "labelled_examples": 3_000, "latency_p95_ms": 100, "requests_per_month": 1_000_000}  # fmt: skip
    found = advise(profile_from_mapping(phone), facts())
    assert not found.pilot.worth_it
    assert not any("pilot" in step for step in found.recommendation.then)


def test_a_pilot_worth_it_is_a_next_step() -> None:
    dear = {"task_type": "classification", "n_classes": 20, "labelled_examples": 20_000, "evaluation_set": "yes",
            "prompted_score": 0.95, "quality_target": 0.93, "requests_per_month": 5_000_000}  # fmt: skip
    found = advise(profile_from_mapping(dear), facts())
    assert found.pilot.worth_it
    assert any("pilot" in step for step in found.recommendation.then)
    assert any(
        step.startswith("Only if its price or its speed is not good enough") for step in found.recommendation.then
    )


def test_nobody_must_train_on_every_row() -> None:
    many, more = (decided_on({"task_type": "classification", "labelled_examples": n}) for n in (100_000, 100_000_000))
    assert many == more


def test_who_reached_a_score_does_not_change_with_what_is_allowed() -> None:
    answers = {"task_type": "text_to_sql", "labelled_examples": 5_000, "prompted_score": 0.62}
    free, private = (
        expected_quality("lora", "Qwen3-1.7B", {**answers, **more}) for more in ({}, {"data_may_leave": "no"})
    )
    assert private == pytest.approx(free)


def decided_on(answers: dict[str, object]) -> dict[str, float]:
    found = study(profile_from_mapping(answers), facts(), None, Chance(1, 500))
    return found.outcome.chance_by("family")


def expected_quality(method: str, model: str, answers: dict[str, object]) -> float:
    found = study(profile_from_mapping(answers), facts(), None, Chance(1, 500))
    plans = (c for c in found.outcome.candidates if c.plan.option.method == method and model in c.plan.option.model)
    return float(np.mean(next(plans).draws["quality"]))
