"""Trained parameters, by hand arithmetic and against what peft and litgpt print."""

from __future__ import annotations

import pytest

from advisor.catalog import architecture_from_config, find_model
from advisor.errors import UnknownName
from advisor.methods import card
from advisor.methods.counting import targeted
from advisor.vocabulary import Architecture, TrainingSettings, total_parameters


def shape(model: str) -> Architecture:
    found = find_model(model).architecture
    assert found is not None
    return found


def test_lora_of_rank_8_on_one_square_layer_of_4096() -> None:
    # 8·(4096 + 4096) = 65,536 in each of 32 blocks; of 4096² that is 0.39 %
    llama = shape("Llama-2-7B")
    trained = card("lora").trainable_parameters(llama, TrainingSettings(rank=8, target_modules=("q_proj",)))
    assert trained / llama.layers == 65_536
    assert pytest.approx(0.39, abs=0.001) == 100 * 65_536 / 4096**2


@pytest.mark.parametrize(
    ("model", "rank", "published"),
    [
        ("meta-llama/Llama-3.2-3B", 32, 9_175_040),  # huggingface/peft method_comparison, lora rank 32 on q and v
        ("microsoft/phi-1_5", 8, 1_572_864),  # litgpt
    ],
)
def test_counts_match_what_libraries_print(model: str, rank: int, published: int) -> None:
    settings = TrainingSettings(rank=rank, target_modules=("q_proj", "v_proj"))
    assert card("lora").trainable_parameters(shape(model), settings) == published


def test_qlora_trains_what_lora_trains() -> None:
    for model in ("Qwen2.5-0.5B", "Llama-3.1-8B", "Falcon-40B"):
        settings = TrainingSettings(rank=8)
        assert card("qlora").trainable_parameters(shape(model), settings) == card("lora").trainable_parameters(
            shape(model), settings
        )


def test_prefix_adapters_full_and_nothing() -> None:
    llama = shape("Llama-2-7B")
    settings = TrainingSettings(virtual_tokens=20)
    # 20 tokens · 32 blocks · (key 4096 + value 4096)
    assert card("prefix_tuning").trainable_parameters(llama, settings) == 20 * 32 * 8192
    # bottleneck 4096/16 = 256: 2·(2·4096·256 + 256 + 4096) a block
    assert card("adapters").trainable_parameters(llama, settings) == 32 * 2 * (2 * 4096 * 256 + 256 + 4096)
    assert card("adapters").trainable_parameters(llama, TrainingSettings(bottleneck=64)) < 32 * 2 * 2 * 4096 * 65
    assert card("full_fine_tuning").trainable_parameters(llama, settings) == total_parameters(llama)
    assert card("few_shot").trainable_parameters(llama, settings) == 0


def test_grouped_heads_and_fused_layers_are_counted_as_they_are() -> None:
    attention = TrainingSettings(rank=1, target_modules=("attention",))
    # Llama-3-8B: q 4096+4096, k and v 4096+1024 each, o 4096+4096
    assert card("lora").trainable_parameters(shape("Llama-3-8B"), attention) == 32 * (8192 + 2 * 5120 + 8192)
    # Phi-3: one layer of 3072 → 3·3072, and the output
    assert card("lora").trainable_parameters(shape("Phi-3-mini"), attention) == 32 * (4 * 3072 + 2 * 3072)


def test_rank_scales_and_a_wider_target_never_trains_less() -> None:
    small = shape("Qwen3-4B")
    one, two = (card("lora").trainable_parameters(small, TrainingSettings(rank=r)) for r in (8, 16))
    assert two == 2 * one
    attention = card("lora").trainable_parameters(small, TrainingSettings(rank=8, target_modules=("attention",)))
    assert attention < one


def test_a_layer_the_model_does_not_have_is_named_with_those_it_has() -> None:
    with pytest.raises(UnknownName, match="q_proj"):
        targeted(shape("Llama-2-7B"), TrainingSettings(target_modules=("Wqkv",)))


def test_adapters_in_16_bits_share_their_inputs_and_in_32_each_keeps_a_copy() -> None:
    tiny = architecture_from_config(
        {
            "model_type": "llama",
            "hidden_size": 8,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "intermediate_size": 16,
            "vocab_size": 10,
        }
    )
    saved = card("lora").saved_values_per_token
    assert saved is not None
    settings = TrainingSettings(rank=1)
    # seven adapted layers keep one rank value each; inputs q, k, v, o, gate, up of 8 and down of 16
    assert saved(tiny, settings, True) == 7 + 6 * 8 + 16
    # shared: the two norm outputs and the MLP's product; the attention's output is kept by the attention
    assert saved(tiny, settings, False) == 7 + 8 + 8 + 16
