"""Memory: by hand, against measured runs, and laws over all methods."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.catalog import facts
from advisor.errors import UnknownName
from advisor.estimators.activations import activation_bytes
from advisor.estimators.memory import training_memory
from advisor.estimators.serving_memory import kv_bytes_per_token, serving_memory
from advisor.estimators.storage import bits_per_weight, dtype_name, linear_shrink, weight_bytes
from advisor.methods import METHODS, card
from advisor.vocabulary import (
    GIB,
    ServingSettings,
    TrainingSettings,
    embedding_parameters,
    linear_parameters,
    total_parameters,
)
from tests.estimators.shapes import shape

TRAINED = [m for m in METHODS if m.trained in ("adapter", "all")]
LIGHT = TrainingSettings(batch_size=1, seq_len=512)


def peak(method: str, model: str, settings: TrainingSettings, gpus: int = 1) -> float:
    value = training_memory(card(method), shape(model), settings, gpus).peak.value
    assert value is not None
    return value


def test_full_fine_tuning_of_mistral_takes_ten_bytes_per_parameter_while_it_steps() -> None:
    # weights 2 + gradients 2 + two moments 2·2 + the foreach copy 2 = 10 bytes: measured 67.46 GiB
    # (fms-acceleration, Mistral-7B, one A100, liger loss)
    settings = TrainingSettings(batch_size=4, seq_len=4096, loss="fused", framework="trl")
    assert peak("full_fine_tuning", "Mistral-7B", settings) == pytest.approx(67.46, rel=0.01)


def test_fused_adam_saves_the_copy_and_eight_bits_save_the_moments() -> None:
    settings = TrainingSettings(batch_size=1, seq_len=128)
    foreach, fused, eight = (
        peak("full_fine_tuning", "Mistral-7B", replace(settings, optimizer=name))
        for name in ("adamw", "adamw_fused", "adamw_8bit")
    )
    parameters = total_parameters(shape("Mistral-7B")) / GIB
    assert foreach - fused == pytest.approx(2 * parameters, rel=0.01)
    # in 8 bits: 2.06 instead of 4 bytes
    assert fused - eight == pytest.approx((4 - 2.06) * parameters, rel=0.01)


def test_the_peak_is_one_of_two_moments_and_not_the_sum() -> None:
    memory = training_memory(card("full_fine_tuning"), shape("Qwen2.5-7B"), LIGHT)
    parts = memory.weights + memory.gradients + memory.optimizer + memory.activations + memory.logits
    assert memory.peak.value is not None
    assert memory.peak.value < parts + 2 * total_parameters(shape("Qwen2.5-7B")) / GIB


# (method, model, rows, tokens, rank, attention, measured GiB): fitcheck's runs on a T4, most allocated, fp16, adapters
# on the attention, checkpointing, no double quantisation (github.com/Anassbzdd/fitcheck)
ON_A_T4 = [
    ("qlora", "TinyLlama-1.1B", 2, 512, 32, "eager", 1.8057),
    ("qlora", "Qwen2.5-1.5B", 2, 1024, 32, "sdpa", 6.6631),
    ("qlora", "Qwen2.5-Coder-1.5B", 1, 1024, 16, "sdpa", 4.1359),
    ("qlora", "SmolLM2-360M", 1, 4096, 32, "sdpa", 3.9237),
    ("lora", "TinyLlama-1.1B", 2, 2048, 32, "sdpa", 4.2521),
    ("lora", "SmolLM2-1.7B", 4, 1024, 32, "eager", 6.3835),
]


@pytest.mark.parametrize("run", ON_A_T4, ids=lambda run: f"{run[0]}-{run[1]}-{run[2]}x{run[3]}")
def test_measured_runs_on_a_t4(run: tuple[str, str, int, int, int, str, float]) -> None:
    method, model, rows, tokens, rank, attention, measured_gib = run
    settings = TrainingSettings(
        batch_size=rows,
        seq_len=tokens,
        rank=rank,
        target_modules=("attention",),
        dtype="fp16",
        double_quant=False,
        attention="eager" if attention == "eager" else "sdpa",
        framework="peft",
    )
    memory = training_memory(card(method), shape(model), settings)
    assert memory.peak.value == pytest.approx(measured_gib, rel=0.13)
    assert (memory.peak.low or 0) <= measured_gib <= (memory.peak.high or 0) * 1.03


@pytest.mark.parametrize(
    ("targets", "rank", "measured_gib"),
    [(("q_proj", "v_proj"), 32, 20.75), (("gate_proj", "up_proj", "down_proj"), 10, 23.00)],
)
def test_what_is_adapted_matters_more_than_its_rank(targets: tuple[str, ...], rank: int, measured_gib: float) -> None:
    # huggingface/peft method comparison, Llama-3.2-3B on an L40S, 4 rows of at most 768 tokens, most reserved
    settings = TrainingSettings(
        batch_size=4, seq_len=768, rank=rank, target_modules=targets, gradient_checkpointing=False, framework="peft"
    )
    memory = training_memory(card("lora"), shape("Llama-3.2-3B"), settings)
    assert memory.reserved.value == pytest.approx(measured_gib, rel=0.12)


@pytest.mark.parametrize("name", [m.name for m in TRAINED])
def test_more_never_needs_less(name: str) -> None:
    base = TrainingSettings(batch_size=2, seq_len=512, rank=8)
    for larger in (
        replace(base, batch_size=4),
        replace(base, seq_len=1024),
        replace(base, rank=64),
        replace(base, gradient_checkpointing=False),
        replace(base, attention="eager"),
        replace(base, gradient_accumulation=4),
        replace(base, dtype="fp32"),
    ):
        assert peak(name, "Qwen2.5-1.5B", larger) >= peak(name, "Qwen2.5-1.5B", base) - 1e-9
    assert peak(name, "Qwen2.5-7B", base) > peak(name, "Qwen2.5-1.5B", base)


def test_full_needs_more_than_lora_needs_more_than_qlora_from_one_billion_on() -> None:
    for model in facts().models:
        if model.architecture and model.parameters_b and model.parameters_b >= 1:
            full, lora, qlora = (
                training_memory(card(m), model.architecture, LIGHT).device.value or 0.0
                for m in ("full_fine_tuning", "lora", "qlora")
            )
            assert full > lora > qlora, model.name


def test_a_four_bit_weight_takes_4_127_bits_and_without_double_quantisation_4_5() -> None:
    assert bits_per_weight("nf4") == pytest.approx(4.127, abs=0.001)
    assert bits_per_weight("nf4", double_quant=False) == 4.5
    assert 3.5 <= linear_shrink("nf4", False) < linear_shrink("nf4") <= 3.9


def test_what_is_not_quantised_stays_wide() -> None:
    a = shape("Qwen2.5-7B")
    # fitcheck's measured breakdown: 4,197.77 MiB unquantised in fp32, of which 4,158 are the two tables
    assert embedding_parameters(a) * 4 / 2**20 == pytest.approx(4158, rel=0.001)
    kept = weight_bytes(a, "nf4", True, 4.0) - linear_parameters(a) * bits_per_weight("nf4") / 8
    assert kept / 2**20 == pytest.approx(4158, rel=0.001)
    assert weight_bytes(a, "nf4", True, 2.0) == pytest.approx(weight_bytes(a, "nf4", True, 4.0) - kept / 2)


def test_the_vocabulary_makes_the_loss_and_a_fused_loss_removes_it() -> None:
    settings = TrainingSettings(batch_size=1, seq_len=4096)
    full = activation_bytes(card("lora"), shape("Qwen2.5-7B"), settings)
    # 3 fp32 copies of 4,096 × 152,064 logits
    assert full.logits == 4096 * 152_064 * 12
    fused = activation_bytes(card("lora"), shape("Qwen2.5-7B"), replace(settings, loss="fused"))
    chunked = activation_bytes(card("lora"), shape("Qwen2.5-7B"), replace(settings, loss="chunked"))
    assert fused.logits < chunked.logits < full.logits / 7


def test_checkpointing_keeps_one_block_input_per_block() -> None:
    a = shape("Llama-2-7B")
    kept = activation_bytes(card("full_fine_tuning"), a, LIGHT).kept
    # 32 blocks and the last norm's two tensors, 512 tokens of 4,096 values in 16 bits
    assert kept == (32 + 2) * 512 * 4096 * 2


def test_a_frozen_base_keeps_less_than_a_trained_one_and_adapters_keep_their_inputs() -> None:
    plain = TrainingSettings(batch_size=1, seq_len=512, gradient_checkpointing=False)
    a = shape("Llama-2-7B")
    full = activation_bytes(card("full_fine_tuning"), a, plain).kept
    prefix = activation_bytes(card("prefix_tuning"), a, plain).kept
    narrow = activation_bytes(card("lora"), a, replace(plain, target_modules=("q_proj",))).kept
    wide = activation_bytes(card("lora"), a, plain).kept
    assert prefix < narrow < wide
    assert prefix < full
    # one adapted layer: its input in fp32 and rank 16, per token and block
    assert narrow - prefix == 32 * 512 * (4096 + 16) * 4


def test_sharding_divides_what_it_shards() -> None:
    settings = TrainingSettings(batch_size=1, seq_len=512)
    alone = training_memory(card("full_fine_tuning"), shape("Llama-2-7B"), settings)
    zero2 = training_memory(card("full_fine_tuning"), shape("Llama-2-7B"), replace(settings, sharding="zero2"), 4)
    fsdp = training_memory(card("full_fine_tuning"), shape("Llama-2-7B"), replace(settings, sharding="fsdp"), 4)
    assert zero2.weights == alone.weights
    assert zero2.optimizer == pytest.approx(alone.optimizer / 4)
    assert fsdp.weights < alone.weights / 2
    assert fsdp.activations == alone.activations
    width = [((m.peak.high or 0) - (m.peak.low or 0)) / (m.peak.value or 1) for m in (alone, fsdp)]
    assert width[1] > 2 * width[0]


def test_a_paged_optimizer_is_outside_of_the_allocator_but_on_the_card() -> None:
    settings = TrainingSettings(batch_size=1, seq_len=512, optimizer="paged_adamw_8bit")
    paged = training_memory(card("full_fine_tuning"), shape("Qwen2.5-7B"), settings)
    held = training_memory(card("full_fine_tuning"), shape("Qwen2.5-7B"), replace(settings, optimizer="adamw_8bit"))
    assert (held.peak.value or 0) - (paged.peak.value or 0) == pytest.approx(paged.optimizer)
    assert (paged.device.value or 0) > (paged.reserved.value or 0) + paged.optimizer


def test_an_unknown_framework_is_answered_wider() -> None:
    known = training_memory(card("lora"), shape("Qwen2.5-7B"), replace(LIGHT, framework="trl")).peak
    unknown = training_memory(card("lora"), shape("Qwen2.5-7B"), replace(LIGHT, framework="homemade")).peak
    assert unknown.value == known.value
    assert (unknown.high or 0) > (known.high or 0)


def test_the_cache_of_keys_and_values_by_hand() -> None:
    # Llama-3-8B: 2 · 32 blocks · 8 heads · 128 · 2 bytes = 131,072 bytes a token
    assert kv_bytes_per_token(shape("Llama-3.1-8B")) == 131_072
    settings = ServingSettings(input_tokens=8000, output_tokens=192, concurrency=16)
    memory = serving_memory(shape("Llama-3.1-8B"), settings)
    assert memory.kv_cache == pytest.approx(131_072 * 8192 * 16 / GIB)
    assert serving_memory(shape("Llama-3.1-8B"), replace(settings, kv_dtype="fp8")).kv_cache == memory.kv_cache / 2


def test_a_sliding_window_caps_the_cache() -> None:
    long, longer = (
        serving_memory(shape("Mistral-7B"), ServingSettings(input_tokens=n, output_tokens=1)).kv_cache
        for n in (8_000, 16_000)
    )
    assert long == longer


@pytest.mark.parametrize(
    ("model", "tokens", "measured_gib"),
    # Qwen2.5 speed benchmark, transformers, bf16, one card, 2,048 tokens generated
    [("Qwen2.5-7B", 1, 14.38), ("Qwen2.5-1.5B", 1, 2.95), ("Qwen2.5-0.5B", 1, 0.97)],
)
def test_serving_memory_against_published_measurements(model: str, tokens: int, measured_gib: float) -> None:
    settings = ServingSettings(engine="transformers", input_tokens=tokens, output_tokens=2048)
    assert serving_memory(shape(model), settings).peak.value == pytest.approx(measured_gib, rel=0.05)


@pytest.mark.parametrize(("spelling", "name"), [("bfloat16", "bf16"), ("torch.float16", "fp16"), ("NF4", "nf4")])
def test_data_types_resolve(spelling: str, name: str) -> None:
    assert dtype_name(spelling) == name


def test_an_unknown_data_type_lists_the_known() -> None:
    with pytest.raises(UnknownName, match="bf16"):
        dtype_name("float7")
