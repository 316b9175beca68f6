"""Which options exist, where they run, and what blocks them."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.catalog import facts
from advisor.errors import UnknownName
from advisor.methods import METHODS
from advisor.options import plans
from advisor.questionnaire import task_draws
from advisor.vocabulary import OptionPlan, OwnGpu, TaskProfile


def asked(**answers: object) -> tuple[OptionPlan, ...]:
    return plans(TaskProfile(**answers), facts())  # type: ignore[arg-type]


def limits(plan: OptionPlan) -> set[str]:
    return {blocked.limit for blocked in plan.blocked}


def of(found: tuple[OptionPlan, ...], method: str = "", model: str = "", place: str = "") -> list[OptionPlan]:
    return [
        p
        for p in found
        if method in ("", p.option.method) and model in p.option.model and p.option.place.startswith(place)
    ]


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"data_may_leave": "no", "gpus": ()},
        {"serve_on": "phone"},
        {"open_models": ("Qwen/Qwen3-4B",), "hosted_models": ()},
        {"may_rent_gpus": False, "peak_requests_per_second": 500.0},
        {"input_tokens": 200_000},
    ],
)
def test_every_method_keeps_an_option_and_ids_are_unique(answers: dict[str, object]) -> None:
    found = asked(**answers)
    assert {p.option.method for p in found} == {m.name for m in METHODS}
    ids = [p.option.id for p in found]
    assert len(ids) == len(set(ids))


def test_six_open_and_three_hosted_models_at_one_place_of_each_kind() -> None:
    found = of(asked(gpus=(OwnGpu("A100-SXM4-80GB", 4),)), "zero_shot")
    assert len(found) == 6 * 2 + 3
    for model in {p.option.model for p in found}:
        places = [p.option.place.split(":")[0] for p in of(tuple(found), model=model)]
        assert places in (["api"], ["own", "rented"], ["cpu", "rented"]), model


def test_classical_and_features_run_on_a_cpu_without_a_gpu_or_a_big_model() -> None:
    found = asked()
    (classical,), (features,) = of(found, "classical"), of(found, "feature_extraction")
    assert classical.option.model == "tfidf-logistic-regression"
    assert features.option.model == "sentence-transformers/all-MiniLM-L6-v2"
    for plan in (classical, features):
        assert plan.option.place == plan.option.trained_at == "cpu"
        assert not plan.blocked


def test_when_no_data_may_leave_nothing_hosted_and_nothing_rented_remains() -> None:
    found = asked(data_may_leave="no", gpus=(OwnGpu("RTX-4090-24GB", 1),))
    for plan in found:
        outside = plan.option.place.startswith(("api:", "rented:")) or (plan.option.trained_at or "").startswith(
            ("api:", "rented:")
        )
        assert ("data_may_leave" in limits(plan)) or not outside, plan.option.id
    free = [p for p in found if not p.blocked]
    assert any(p.option.method == "qlora" and p.option.place.startswith("own:RTX-4090") for p in free)


def test_an_agreement_is_enough_for_a_hosted_model() -> None:
    assert not of(asked(data_may_leave="with_agreement"), "zero_shot", place="api:")[0].blocked


def test_renting_may_be_allowed_even_where_services_are_not() -> None:
    found = asked(data_may_leave="no", may_rent_gpus=True)
    assert not of(found, "zero_shot", "Llama-3.1-8B", "rented:")[0].blocked
    assert limits(of(asked(may_rent_gpus=False), "zero_shot", "Llama-3.1-8B", "rented:")[0]) == {"may_rent_gpus"}


def test_what_does_not_fit_the_teams_cards_stays_blocked_with_the_reason() -> None:
    found = asked(gpus=(OwnGpu("RTX-3060-12GB", 1),), may_rent_gpus=False, task_type="generation")
    (own,) = [p for p in of(found, "full_fine_tuning", "Qwen2.5-72B") if not p.option.place.startswith("rented:")]
    assert "hardware" in limits(own)
    assert all(b.share == 1.0 for b in own.blocked)
    assert all(b.text for b in own.blocked)


def test_hosted_tuning_is_shown_with_why_it_is_not_to_be_had() -> None:
    (ended,) = of(asked(hosted_models=("openai/gpt-4.1-mini",)), "lora", "gpt-4.1-mini")
    assert limits(ended) == {"hosted_tuning"}
    assert "2027-01-06" in ended.blocked[0].text
    (never,) = of(asked(), "lora", "claude-opus")
    assert "offers no tuning" in never.blocked[0].text
    assert not of(asked(), "qlora", place="api:")


def test_a_licence_blocks_production_and_not_a_prototype() -> None:
    models = ("Qwen/Qwen2.5-3B-Instruct",)
    assert "licence" in limits(of(asked(open_models=models), "zero_shot", "Qwen2.5-3B")[0])
    assert "licence" not in limits(of(asked(open_models=models, stage="prototype"), "zero_shot", "Qwen2.5-3B")[0])


def test_a_context_too_short_blocks() -> None:
    found = asked(open_models=("meta-llama/Llama-2-7b-chat-hf",), input_tokens=5000)
    assert all("context" in limits(p) for p in of(found, "zero_shot", "Llama-2"))


@pytest.mark.parametrize(("device", "small", "large"), [("laptop", "Qwen3-4B", "Qwen3-32B"), ("phone", "0.5B", "8B")])
def test_laptops_and_phones_take_small_models_on_their_own_processor(device: str, small: str, large: str) -> None:
    found = asked(serve_on=device, task_type="classification", requests_per_month=1000)
    assert any(not p.blocked for p in of(found, "zero_shot", small, "cpu"))
    assert all(p.blocked for p in of(found, "zero_shot", large))
    assert all("serve_on" in limits(p) for p in of(found, place="api:"))
    assert all("serve_on" in limits(p) for p in of(found, place="rented:"))


def test_the_cheapest_card_that_fits_is_rented_and_a_load_asks_for_more() -> None:
    quiet, busy = (
        of(asked(peak_requests_per_second=peak, task_type="generation"), "zero_shot", "Llama-3.1-8B", "rented:")[0]
        for peak in (0.1, 60.0)
    )
    prices = {g.id: g.usd_per_hour for g in facts().gpus}
    assert quiet.serve is not None
    assert busy.serve is not None
    assert (prices[quiet.serve.gpu.id] or 9) < 1.0
    assert busy.serve.count * (prices[busy.serve.gpu.id] or 0) > quiet.serve.count * (prices[quiet.serve.gpu.id] or 0)


def test_answers_that_may_wait_level_the_load() -> None:
    answers = {"task_type": "extraction", "requests_per_month": 2_000_000}
    peaks = {}
    for wait in (None, 0.0, 1.0, 24.0, 720.0):
        profile = TaskProfile(**answers, may_wait_hours=wait)  # type: ignore[arg-type]
        peaks[wait] = float(np.median(task_draws(profile, np.random.default_rng(1), 500).peak_requests_per_second))
    mean = 2_000_000 / (730 * 3_600)
    assert peaks[None] == peaks[0.0] > 3 * mean
    assert mean * 1.2 < peaks[1.0] < peaks[None]
    assert peaks[24.0] == peaks[720.0] == pytest.approx(mean)
    for wait, typed_peak in ((0.0, 5.0), (24.0, mean), (720.0, mean)):
        typed = TaskProfile(**answers, may_wait_hours=wait, peak_requests_per_second=5.0)  # type: ignore[arg-type]
        drawn = task_draws(typed, np.random.default_rng(1), 9).peak_requests_per_second
        assert float(drawn.max()) == pytest.approx(typed_peak)
    low = TaskProfile(**answers, may_wait_hours=24.0, peak_requests_per_second=0.1)  # type: ignore[arg-type]
    # a peak below the month's mean cannot be: over a day the mean is what comes
    assert float(task_draws(low, np.random.default_rng(1), 9).peak_requests_per_second.max()) == pytest.approx(mean)


def test_a_latency_limit_chooses_a_faster_place() -> None:
    slow, fast = (
        of(asked(task_type="generation", output_tokens=300, latency_p95_ms=limit), "zero_shot", "Llama-3.1-8B", place)
        for limit, place in ((None, "rented:"), (4000.0, "rented:"))
    )
    assert slow[0].serve is not None
    assert fast[0].serve is not None
    assert fast[0].serve.gpu.bandwidth_gb_s > slow[0].serve.gpu.bandwidth_gb_s


def test_pretraining_is_costed_on_a_thousand_rented_cards() -> None:
    plan = of(asked(), "pretraining", "Llama-3.1-8B", "rented:")[0]
    assert plan.train is not None
    assert plan.train.count >= 1000
    assert plan.option.trained_at is not None
    assert plan.option.trained_at.startswith("rented:")


def test_models_and_cards_are_named_as_people_do_and_unknown_ones_are_an_error() -> None:
    assert of(asked(open_models=("qwen3-4b",), gpus=(OwnGpu("a100", 1),)), "zero_shot", "Qwen3-4B")
    with pytest.raises(UnknownName, match="open model"):
        asked(open_models=("nobody/nothing",))
    with pytest.raises(UnknownName, match="GPU"):
        asked(gpus=(OwnGpu("Voodoo 2", 1),))


def test_asking_for_some_pairs_gives_the_same_options_as_picking_them_out() -> None:
    pairs = {("lora", "Qwen/Qwen3-4B"), ("zero_shot", "anthropic/claude-opus-5-5"), ("classical", "nobody")}
    profile = TaskProfile(task_type="generation")
    everything = plans(profile, facts())
    picked = tuple(p for p in everything if (p.option.method, p.option.model) in pairs)
    assert plans(profile, facts(), only=pairs) == picked
    assert len(picked) == 3


def test_no_hosted_model_is_offered_for_answers_faster_than_a_network() -> None:
    fast = plans(TaskProfile(task_type="classification", latency_p95_ms=1.0), facts())
    hosted = [plan for plan in fast if plan.model.hosted]
    assert hosted
    assert all("over the network alone" in plan.blocked[-1].text for plan in hosted if not plan.card.hosted_tuning)
    waiting = plans(TaskProfile(task_type="classification", latency_p95_ms=1.0, may_wait_hours=2.0), facts())
    assert any(not plan.blocked for plan in waiting if plan.model.hosted)


def test_the_model_whose_prompt_was_measured_is_an_option_unless_the_team_names_others() -> None:
    catalog = facts()
    own = next(m for m in catalog.models if m.hosted and not m.default)
    measured = TaskProfile(prompted_score=0.8, prompted_model=own.name)
    assert own.id in {plan.option.model for plan in plans(measured, catalog)}
    assert own.id not in {plan.option.model for plan in plans(TaskProfile(), catalog)}
    others = TaskProfile(prompted_score=0.8, prompted_model=own.name, hosted_models=())
    assert own.id not in {plan.option.model for plan in plans(others, catalog)}
