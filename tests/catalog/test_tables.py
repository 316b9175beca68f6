"""The tables: enough rows, each with its source and date, and parameters that match what was published."""

from __future__ import annotations

import re

import pytest

from advisor.catalog import facts, find_model, sources
from advisor.catalog.reader import every_model, rows
from advisor.vocabulary import total_parameters

DATE = re.compile(r"\d{4}-\d{2}-\d{2}$")
# 10⁹ parameters as the model cards state them
PUBLISHED_B = {
    "HuggingFaceTB/SmolLM2-135M-Instruct": 0.1345,
    "Qwen/Qwen2.5-0.5B-Instruct": 0.494,
    "Qwen/Qwen2.5-7B-Instruct": 7.616,
    "Qwen/Qwen2.5-72B-Instruct": 72.706,
    "Qwen/Qwen3-8B": 8.191,
    "meta-llama/Llama-3.1-8B-Instruct": 8.030,
    "meta-llama/Llama-3.1-70B-Instruct": 70.554,
    "meta-llama/Llama-3.1-405B-Instruct": 405.853,
    "mistralai/Mistral-7B-Instruct-v0.3": 7.248,
    "mistralai/Mixtral-8x7B-Instruct-v0.1": 46.703,
    "Qwen/Qwen3-30B-A3B": 30.532,
    "google/gemma-2-9b-it": 9.242,
    "microsoft/phi-2": 2.780,
    "tiiuae/falcon-7b-instruct": 7.217,
    "mosaicml/mpt-7b": 6.649,
}


def test_there_are_enough_rows() -> None:
    known = facts()
    open_models = [m for m in known.models if not m.hosted]
    assert len(open_models) >= 40
    assert len([m for m in known.models if m.hosted]) >= 3
    assert len([g for g in known.gpus if g.kind == "gpu"]) >= 44
    assert [g.id for g in known.gpus if g.kind == "cpu"] == ["cpu"]
    assert len(known.published) >= 50


@pytest.mark.parametrize("table", ["models.csv", "hosted.csv", "gpus.csv", "capability.csv"])
def test_every_row_has_a_source_an_address_and_a_date(table: str) -> None:
    for row in rows(table):
        assert row["source"], row
        assert row["source_url"].startswith("https://"), row
        assert DATE.match(row["checked"]), row


def test_every_rent_has_its_own_source_and_a_band_in_order() -> None:
    rented = [gpu for gpu in facts().gpus if gpu.usd_per_hour is not None]
    assert len(rented) >= 20
    for gpu in rented:
        assert gpu.price_source is not None
        assert DATE.match(gpu.price_source.checked), gpu.id
        assert 0 < (gpu.usd_per_hour_low or 0) <= (gpu.usd_per_hour or 0) <= (gpu.usd_per_hour_high or 0), gpu.id


def test_six_open_and_three_hosted_models_are_taken_when_none_is_named() -> None:
    defaults = [m for m in facts().models if m.default]
    sizes = sorted(m.parameters_b for m in defaults if m.parameters_b)
    assert len(sizes) == 6
    assert len([m for m in defaults if m.hosted]) == 3
    assert sizes[0] < 1 < 70 < sizes[-1]
    assert all(m.commercial_use for m in defaults)


@pytest.mark.parametrize(("model", "billions"), PUBLISHED_B.items())
def test_counted_parameters_are_those_the_model_card_states(model: str, billions: float) -> None:
    assert find_model(model).parameters_b == pytest.approx(billions, rel=5e-4)


def test_every_open_model_has_an_architecture_that_adds_up() -> None:
    for model in every_model():
        if model.architecture is not None:
            assert model.parameters_b == pytest.approx(total_parameters(model.architecture) / 1e9)
            assert model.context_tokens > 0


def test_hosted_prices_are_positive_and_caching_is_cheaper() -> None:
    for model in facts().models:
        if model.hosted:
            assert model.price is not None
            assert 0 < model.price.input_usd_per_mtok < model.price.output_usd_per_mtok
            cached = model.price.cached_input_usd_per_mtok
            assert cached is None or cached < model.price.input_usd_per_mtok


def test_larger_and_newer_models_are_more_capable_and_the_unknown_ones_less_sure() -> None:
    small, large = find_model("Qwen2.5-0.5B").capability, find_model("Qwen2.5-72B").capability
    assert small.mean < large.mean
    assert find_model("Llama-2-7B").capability.mean < find_model("Qwen2.5-7B").capability.mean
    hosted = find_model("anthropic/claude-opus-5-5").capability
    assert hosted.mean > large.mean
    assert hosted.sd > find_model("Llama-2-7B").capability.sd


def test_every_model_has_a_capability_with_its_spread_and_source() -> None:
    for model in every_model():
        assert -6 < model.capability.mean < 6, model.id
        assert 0.3 < model.capability.sd <= 2.5, model.id
        assert model.capability.source, model.id
    for model in every_model():
        if model.hosted:  # GPT-4 of 2023 is the newest hosted model that the evidence places on the scale
            assert "no published row" in model.capability.source
            # an anchor of ± 0.35 and what one model does on one task, ± 0.33: 0.48; and a year of trend or more
            assert model.capability.sd > 0.48, model.id


def test_published_pairs_hold_scores_between_zero_and_one() -> None:
    results = facts().published
    assert len({result.id for result in results}) == len(results)
    for result in results:
        assert 0 <= result.prompted_score <= 1
        assert 0 <= result.tuned_score <= 1
        assert result.source


def test_openai_tuning_has_its_end_date() -> None:
    assert find_model("openai/gpt-4.1-mini").tuning_ends == "2027-01-06"
    assert find_model("anthropic/claude-opus-5-5").tuning_ends is None


def test_sources_are_listed_once_and_cover_every_kind_of_fact() -> None:
    found = sources()
    assert {"open models", "hosted models", "token prices", "GPU figures", "GPU rent", "capability"} <= {
        cited.about for cited in found
    }
    assert sum(c.facts for c in found if c.about == "GPU figures") == len(facts().gpus)
