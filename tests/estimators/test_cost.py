"""Money and prompts, by hand arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.catalog import find_gpu
from advisor.estimators.cost import (
    api_usd_per_request,
    labels_usd,
    machines_usd_per_month,
    pretraining_flops,
    pretraining_gpu_hours,
    pretraining_usd,
    relabelling_usd,
    training_usd,
    upkeep_usd_per_month,
)
from advisor.estimators.prompts import Prompt, cached_share, prompt_of
from advisor.methods import card
from advisor.vocabulary import Source, TokenPrice
from tests.estimators.shapes import shape
from tests.estimators.worlds import world

PRICE = TokenPrice(2.0, 10.0, 0.2, Source("a price list", "https://example.org", "2026-11-25"))


def test_the_prompt_is_instructions_shots_and_input() -> None:
    generation = world(input_tokens=100, output_tokens=50, instruction_tokens=300, n_classes=1)
    assert prompt_of(card("zero_shot"), generation, 32_768).tokens[0] == 400
    # 300 + 8·(100 + 50 + 8) + 100
    few = prompt_of(card("few_shot"), generation, 32_768)
    assert few.tokens[0] == 300 + 8 * 158 + 100
    assert few.fixed[0] == 300 + 8 * 158
    retrieved = prompt_of(card("retrieved_few_shot"), generation, 32_768)
    assert retrieved.tokens[0] == few.tokens[0]
    assert retrieved.fixed[0] == 300  # shots that change cannot be cached
    assert prompt_of(card("retrieval_augmented"), generation, 32_768).tokens[0] == 300 + 1500 + 100
    # tuning keeps 0.3 of the instructions, 0.1 where labels are asked for
    assert prompt_of(card("lora"), generation, 32_768).tokens[0] == pytest.approx(90 + 100)
    labels = world(input_tokens=100, output_tokens=4, instruction_tokens=300, n_classes=5)
    assert prompt_of(card("lora"), labels, 32_768).tokens[0] == pytest.approx(30 + 100)


@pytest.mark.parametrize(("classes", "shots"), [(2, 8), (8, 8), (30, 30), (150, 64)])
def test_one_shot_per_class_between_8_and_64(classes: int, shots: int) -> None:
    task = world(input_tokens=20, output_tokens=4, instruction_tokens=0, n_classes=classes)
    assert prompt_of(card("few_shot"), task, 1_000_000).fixed[0] == shots * 32


def test_shots_fill_at_most_half_of_the_context() -> None:
    task = world(input_tokens=200, output_tokens=42, instruction_tokens=0, n_classes=1)
    # an example is 250 tokens, half of 1,024 holds two
    assert prompt_of(card("few_shot"), task, 1024).fixed[0] == 500


def test_a_request_costs_its_tokens_and_caching_cuts_the_fixed_part() -> None:
    once = np.array([1.0])
    prompt = Prompt(np.array([3000.0]), np.array([2000.0]), np.array([100.0]))
    # 3,000·2 + 100·10 USD per million
    assert api_usd_per_request(prompt, PRICE, once)[0] == pytest.approx(0.007, rel=1e-3)
    # ten a second: always warm, 2,000 of the tokens at 0.2: 1,000·2 + 2,000·0.2 + 1,000 = 3,400
    busy = np.array([10 * 730 * 3600.0])
    assert api_usd_per_request(prompt, PRICE, busy)[0] == pytest.approx(0.0034, rel=1e-6)
    short = Prompt(np.array([3000.0]), np.array([1000.0]), np.array([100.0]))
    assert api_usd_per_request(short, PRICE, busy)[0] == pytest.approx(0.007)


def test_the_cache_is_warm_as_often_as_requests_come() -> None:
    prompt = Prompt(np.array([3000.0]), np.array([2000.0]), np.array([100.0]))
    # one in 300 s: 1 - exp(-1)
    assert cached_share(prompt, np.array([1 / 300]))[0] == pytest.approx(0.632, abs=0.001)


def test_sums() -> None:
    assert machines_usd_per_month(2, 1.5) == 2190.0
    assert training_usd(10.0, 4, 2.0) == 240.0  # three runs of ten hours on four cards
    assert labels_usd(np.array([100.0, -5.0]), 0.5).tolist() == [50.0, 0.0]
    assert upkeep_usd_per_month(16.0, 500.0) == 1000.0
    assert relabelling_usd(np.array([1000.0, 20_000.0]), 2.0).tolist() == [400.0, 600.0]


def test_pretraining_is_six_operations_per_parameter_and_token() -> None:
    llama = shape("Llama-2-7B")
    assert pretraining_flops(llama, 2e12) == 6 * 6_738_415_616 * 2e12
    # Llama 2's paper: 184,320 A100 hours
    hours = pretraining_gpu_hours(llama, 2e12, find_gpu("A100-80GB"))
    assert hours.value is not None
    assert 1 / 1.5 < hours.value / 184_320 < 1.5
    assert (hours.low or 0) < 184_320 < (hours.high or 0)
    assert not pretraining_usd(llama, 2e12, find_gpu("A10")).known  # nobody rents it out in the catalog
