"""Latency: the roofline by hand, against measured runs, and laws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from advisor.catalog import find_gpu
from advisor.estimators.engines import ENGINES, GENERIC, engine_of
from advisor.estimators.latency import (
    answer_ms,
    latency,
    loaded_ttft_ms,
    read_bytes,
    requests_per_s,
    served,
    throughput_tokens_per_s,
    tpot_ms,
    ttft_ms,
)
from advisor.vocabulary import ServingSettings
from tests.estimators.shapes import shape

A100, H100 = find_gpu("A100"), find_gpu("H100")
SETTINGS = ServingSettings(engine="vllm", input_tokens=1000, output_tokens=100)


def test_a_token_costs_reading_all_weights_once() -> None:
    s = served(shape("Llama-2-7B"), SETTINGS, A100)
    # (6,738,415,616 - 131,072,000) · 2 bytes / (2,039 GB/s · 0.78) + 32 · 0.1 ms; no context
    assert float(tpot_ms(s, 0.0)) == pytest.approx(1000 * 13.2147e9 / (2039e9 * 0.78) + 3.2, rel=1e-4)


def test_the_prompt_costs_two_operations_per_weight_and_token() -> None:
    s = served(shape("Llama-2-7B"), SETTINGS, A100)
    # 2·6.6073e9·2,000 + 2·32·4,096·2,000² = 2.7478e13 FLOPs at 312e12 · 0.62, and 3.2 ms
    assert float(ttft_ms(s, 2000.0)) == pytest.approx(1000 * 2.7478e13 / (312e12 * 0.62) + 3.2, rel=1e-3)


@pytest.mark.parametrize(
    ("engine", "gpu", "model", "measured_tokens_per_s"),
    [
        # LMDeploy documentation, TurboMind, A100, batch 1, 2,048 tokens out
        ("lmdeploy", "A100", "Llama-2-7B", 101.0),
        # llama-bench (XiongjieDai), Q4_K_M 8B on an RTX 4090: 127.7 tokens/s
        ("llama.cpp", "RTX 4090", "Llama-3-8B", 127.7),
    ],
)
def test_measured_decoding_alone(engine: str, gpu: str, model: str, measured_tokens_per_s: float) -> None:
    held = "int4" if engine == "llama.cpp" else "fp16"
    settings = ServingSettings(engine=engine, weight_dtype=held, input_tokens=128, output_tokens=512)
    figures = latency(shape(model), settings, find_gpu(gpu))
    assert (figures.tpot_ms.low or 0) <= 1000 / measured_tokens_per_s <= (figures.tpot_ms.high or 0)


def test_a_cached_prefix_is_not_read_again() -> None:
    s = served(shape("Llama-3.1-8B"), SETTINGS, A100)
    assert float(ttft_ms(s, 4000.0, 3500.0)) < float(ttft_ms(s, 4000.0)) / 4


def test_more_work_takes_longer_and_a_faster_card_less() -> None:
    s = served(shape("Llama-3.1-8B"), SETTINGS, A100)
    fast = served(shape("Llama-3.1-8B"), SETTINGS, H100)
    assert ttft_ms(s, 2000.0) > ttft_ms(s, 1000.0) > ttft_ms(fast, 1000.0)
    assert tpot_ms(s, 8000.0) > tpot_ms(s, 100.0) > tpot_ms(fast, 100.0)
    assert answer_ms(s, 1000.0, 200.0) > answer_ms(s, 1000.0, 100.0)
    assert loaded_ttft_ms(s, 1000.0, 16.0) > loaded_ttft_ms(s, 1000.0, 1.0)


def test_sharing_a_replica_slows_each_and_serves_more() -> None:
    s = served(shape("Llama-3.1-8B"), SETTINGS, A100)
    k = np.array([1.0, 4.0, 16.0, 32.0])
    assert np.all(np.diff(answer_ms(s, 1000.0, 100.0, k)) > 0)
    assert np.all(np.diff(throughput_tokens_per_s(s, 1000.0, 100.0, k)) > 0)
    assert np.all(np.diff(requests_per_s(s, 1000.0, 100.0, k)) > 0)


def test_more_cards_are_faster_but_not_in_proportion() -> None:
    one, four = (served(shape("Llama-3.1-70B"), SETTINGS, A100, n) for n in (2, 8))
    assert 1.5 < float(tpot_ms(one, 100.0) / tpot_ms(four, 100.0)) < 4


def test_arrays_and_numbers_agree() -> None:
    s = served(shape("Qwen2.5-7B"), SETTINGS, A100)
    many = answer_ms(s, np.array([100.0, 1000.0]), np.array([10.0, 100.0]), np.array([1.0, 8.0]))
    assert many[1] == pytest.approx(float(answer_ms(s, 1000.0, 100.0, 8.0)))


@pytest.mark.parametrize("name", ["vLLM 0.9.1", "TensorRT-LLM 1.0 (pytorch backend)", "trtllm 1.3", "Ollama"])
def test_engine_spellings(name: str) -> None:
    assert engine_of(name) in ENGINES.values()


def test_an_unknown_engine_gets_the_generic_roofline_wider_and_with_a_note() -> None:
    assert engine_of("homemade") is GENERIC
    assert engine_of("") is GENERIC
    wide = latency(shape("Qwen2.5-7B"), replace(SETTINGS, engine="homemade"), A100).tpot_ms
    known = latency(shape("Qwen2.5-7B"), SETTINGS, A100).tpot_ms
    assert (wide.high or 0) / (wide.low or 1) > (known.high or 0) / (known.low or 1)


def test_a_mixture_reads_the_experts_its_tokens_chose() -> None:
    s = served(shape("Mixtral-8x7B"), SETTINGS, A100, 2)
    everything = read_bytes(s, 1e6)
    # 2 of 8 experts for one token; 1 - (3/4)² = 7/16 of them for two
    assert read_bytes(s, 1.0) == pytest.approx(s.shared_bytes + s.expert_bytes / 4)
    assert read_bytes(s, 2.0) == pytest.approx(s.shared_bytes + s.expert_bytes * 7 / 16)
    # all weights but the input table, in 16 bits
    assert everything == pytest.approx(2 * (46_702_792_704 - 32_000 * 4096), rel=1e-3)
    dense = served(shape("Llama-2-7B"), SETTINGS, A100)
    assert read_bytes(dense, 1.0) == read_bytes(dense, 100.0)


def test_an_engine_that_splits_layers_gets_no_faster_with_more_cards() -> None:
    lazy = replace(SETTINGS, engine="llama.cpp", weight_dtype="int4")
    one, four = (served(shape("Llama-3-8B"), lazy, find_gpu("RTX 4090"), n) for n in (1, 4))
    assert float(tpot_ms(one, 100.0)) == float(tpot_ms(four, 100.0))
