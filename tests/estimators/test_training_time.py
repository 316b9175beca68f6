"""Time: FLOPs by hand, against measured runs, and laws."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.catalog import find_gpu
from advisor.estimators.training_time import flops_per_token, seconds_per_step, step, training_hours
from advisor.methods import card
from advisor.vocabulary import TrainingSettings
from tests.estimators.shapes import shape

A100 = find_gpu("A100-80GB")
PLAIN = TrainingSettings(batch_size=4, seq_len=1024, gradient_checkpointing=False)


def test_work_per_position_by_hand() -> None:
    llama = shape("Llama-2-7B")
    # N without the input table: 6,738,415,616 - 32,000·4,096 = 6,607,343,616; attention 32·4,096·1,024 = 134,217,728
    n = 6_607_343_616 + 134_217_728
    assert flops_per_token(card("full_fine_tuning"), llama, PLAIN) == 6 * n
    assert flops_per_token(card("full_fine_tuning"), llama, replace(PLAIN, gradient_checkpointing=True)) == 8 * n
    trained = card("lora").trainable_parameters(llama, PLAIN)
    assert flops_per_token(card("lora"), llama, PLAIN) == 4 * n + 6 * trained
    assert flops_per_token(card("feature_extraction"), llama, PLAIN) == 2 * n
    assert flops_per_token(card("zero_shot"), llama, PLAIN) == 0


@pytest.mark.parametrize(
    ("method", "model", "settings", "measured_s"),
    [
        # Qwen README, "Profiling of Memory and Speed", A100, LoRA rank 64, 8 rows per step, checkpointing
        ("lora", "Qwen-14B", {"seq_len": 2048}, 8.4),
        ("lora", "Qwen-14B", {"seq_len": 256}, 1.6),
        ("lora", "Qwen-7B", {"seq_len": 1024}, 2.8),
    ],
)
def test_measured_steps(method: str, model: str, settings: dict[str, int], measured_s: float) -> None:
    run = TrainingSettings(batch_size=1, gradient_accumulation=8, rank=64, **settings)  # type: ignore[arg-type]
    timing = step(card(method), shape(model), run, A100)
    assert timing.step_ms.value == pytest.approx(1000 * measured_s, rel=0.35)
    assert (timing.step_ms.low or 0) <= 1000 * measured_s <= (timing.step_ms.high or 0) * 1.02


def test_checkpointing_and_four_bits_cost_time_and_lora_saves_some() -> None:
    llama = shape("Llama-2-7B")
    full = seconds_per_step(card("full_fine_tuning"), llama, PLAIN, A100)
    lora = seconds_per_step(card("lora"), llama, PLAIN, A100)
    qlora = seconds_per_step(card("qlora"), llama, PLAIN, A100)
    again = seconds_per_step(card("lora"), llama, replace(PLAIN, gradient_checkpointing=True), A100)
    assert lora < full
    assert lora < qlora
    assert lora < again


def test_unpacking_is_paid_per_pass_and_not_per_token() -> None:
    llama = shape("Llama-2-7B")
    short, long = (replace(PLAIN, batch_size=1, seq_len=n) for n in (256, 8192))
    loss = [
        seconds_per_step(card("qlora"), llama, s, A100) / seconds_per_step(card("lora"), llama, s, A100)
        for s in (short, long)
    ]
    assert loss[0] > 1.3
    assert loss[1] < 1.15


def test_a_better_card_is_never_slower_and_more_tokens_never_faster() -> None:
    llama = shape("Llama-3.1-8B")
    times = [seconds_per_step(card("lora"), llama, PLAIN, find_gpu(g)) for g in ("T4", "L4", "A100", "H100", "B200")]
    assert times == sorted(times, reverse=True)
    assert seconds_per_step(card("lora"), llama, replace(PLAIN, batch_size=8), A100) > times[2]


def test_tokens_per_second_count_all_gpus_and_all_micro_batches() -> None:
    settings = replace(PLAIN, gradient_accumulation=2, sharding="fsdp")
    timing = step(card("lora"), shape("Llama-2-7B"), settings, A100, 4)
    assert timing.step_ms.value is not None
    assert timing.tokens_per_s.value == pytest.approx(4 * 2 * 4 * 1024 / (timing.step_ms.value / 1000))
    assert (timing.tokens_per_s.low or 0) < timing.tokens_per_s.value < (timing.tokens_per_s.high or 0)


def test_hours_of_a_run() -> None:
    # 3.6 million positions at 1,000 a second are one hour; setting up comes on top
    assert training_hours(3.6e6, 1000.0) == pytest.approx(1.15)
    assert training_hours(3.6e6, 1000.0, 2.0) == pytest.approx(0.65)
