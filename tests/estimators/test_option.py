"""Everything predicted about an option: keys, laws over all options, and one sum by hand."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.catalog import facts
from advisor.estimators.option import predict, spread_draws
from advisor.estimators.ranges import Spread
from advisor.options import plans
from advisor.vocabulary import ESTIMATED, OptionPlan, OwnGpu, TaskProfile
from tests.estimators.worlds import world

PROFILE = TaskProfile(task_type="generation", gpus=(OwnGpu("RTX-4090-24GB", 2),))


@pytest.fixture(scope="module")
def options() -> tuple[OptionPlan, ...]:
    return plans(PROFILE, facts())


def named(options: tuple[OptionPlan, ...], method: str, model: str, place: str) -> OptionPlan:
    return next(
        p for p in options if p.option.method == method and model in p.option.model and p.option.place.startswith(place)
    )


def test_every_key_but_quality_is_an_array_of_the_draws(options: tuple[OptionPlan, ...]) -> None:
    for plan in options:
        found = predict(plan, world(n=7))
        assert set(found) == {*ESTIMATED, "waiting_p95_ms", "requests_per_month"} - {"quality"}, plan.option.id
        for key, values in found.items():
            assert values.shape == (7,), (plan.option.id, key)
            assert not np.any(values < 0), (plan.option.id, key)


def test_an_open_model_is_known_all_through_and_a_hosted_latency_is_not(options: tuple[OptionPlan, ...]) -> None:
    for plan in options:
        found = predict(plan, world())
        unknown = {key for key, values in found.items() if np.isnan(values).any()}
        if plan.model.hosted:
            assert {"latency_p50_ms", "latency_p95_ms", "serving_memory_gib"} <= unknown
        elif not any(b.limit == "hardware" for b in plan.blocked):
            assert not unknown, (plan.option.id, unknown)


def test_the_cost_of_a_hosted_zero_shot_option_by_hand(options: tuple[OptionPlan, ...]) -> None:
    plan = named(options, "zero_shot", "claude-sonnet-5-5", "api:")
    price = plan.model.price
    assert price is not None
    found = predict(plan, world())
    # 100,000 requests of 300 + 200 tokens in (too short for the cache) and 50 out; 3 hours of upkeep at 600/8
    tokens = 100_000 * (500 * price.input_usd_per_mtok + 50 * price.output_usd_per_mtok) / 1e6
    assert found["monthly_cost_usd"][0] == pytest.approx(tokens + 3 * 600 / 8)
    assert found["one_off_cost_usd"][0] == pytest.approx(2 * 600)  # two engineer days, nothing else
    total = found["monthly_cost_usd"][0] + found["one_off_cost_usd"][0] / 12
    assert found["cost_per_1k_requests_usd"][0] == pytest.approx(total / 100)


def test_prompting_trains_nothing_and_tuning_buys_missing_labels(options: tuple[OptionPlan, ...]) -> None:
    prompting = predict(named(options, "few_shot", "Qwen3-4B", "own"), world(labelled_examples=100))
    assert prompting["training_hours"][0] == prompting["training_memory_gib"][0] == 0
    plan = named(options, "lora", "Qwen3-4B", "own")
    few, enough = (predict(plan, world(labelled_examples=n))["one_off_cost_usd"][0] for n in (40, 100))
    assert few - enough == pytest.approx(60.0)  # 60 labels at a dollar


def test_volume_moves_the_bill_of_an_api_and_not_of_a_machine_at_rest(options: tuple[OptionPlan, ...]) -> None:
    hosted, own = named(options, "zero_shot", "opus", "api:"), named(options, "zero_shot", "Qwen3-4B", "own")
    for plan, moves in ((hosted, True), (own, False)):
        low, high = (predict(plan, world(requests_per_month=n))["monthly_cost_usd"][0] for n in (1e3, 1e6))
        assert bool(high > 10 * low) is moves


def test_a_peak_needs_more_machines_and_faster_engines_fewer(options: tuple[OptionPlan, ...]) -> None:
    plan = named(options, "zero_shot", "Llama-3.1-8B", "rented:")
    quiet, busy, fast = (
        predict(plan, world(peak_requests_per_second=peak, serving_efficiency_factor=speed))
        for peak, speed in ((0.1, 1.0), (50.0, 1.0), (50.0, 2.0))
    )
    assert busy["monthly_cost_usd"][0] > fast["monthly_cost_usd"][0] > quiet["monthly_cost_usd"][0]
    assert fast["latency_p50_ms"][0] < busy["latency_p50_ms"][0]
    assert busy["latency_p50_ms"][0] > quiet["latency_p50_ms"][0]


def test_training_order_over_methods(options: tuple[OptionPlan, ...]) -> None:
    memory = {
        method: predict(named(options, method, "Qwen3-4B", "rented:"), world())["training_memory_gib"][0]
        for method in ("full_fine_tuning", "qlora")
    }
    assert memory["full_fine_tuning"] > memory["qlora"]
    pretrained = predict(named(options, "pretraining", "Llama-3.1-8B", "rented:"), world())
    assert pretrained["one_off_cost_usd"][0] > 100_000


def test_the_draws_of_a_range_hold_eighty_percent_of_it() -> None:
    draws = spread_draws(10.0, Spread(0.8, 1.5, ""), 10_000)
    assert np.quantile(draws, [0.1, 0.5, 0.9]) == pytest.approx([8.0, 10.0, 15.0], rel=0.01)


def test_what_is_assumed_of_a_hosted_answer_by_hand(options: tuple[OptionPlan, ...]) -> None:
    plan = named(options, "zero_shot", "claude-sonnet-5-5", "api:")
    # 0.7 s until the first token, and 40 tokens at 80 a second; a service twice as fast takes half of it
    assert predict(plan, world(output_tokens=40.0))["waiting_p95_ms"][0] == pytest.approx(700 + 500)
    quick = predict(plan, world(output_tokens=40.0, hosted_speed_factor=2.0))
    assert quick["waiting_p95_ms"][0] == pytest.approx(600)
    own = next(p for p in options if not p.model.hosted and p.serve is not None)
    found = predict(own, world())
    assert np.array_equal(found["waiting_p95_ms"], found["latency_p95_ms"])
