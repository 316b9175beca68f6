"""config.json → shape: what it says, what its type implies, and clear errors for what is no model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from advisor.catalog import architecture_from_config, model_from
from advisor.errors import ModelError
from advisor.vocabulary import Architecture, linear_layers, total_parameters

TINY = {
    "model_type": "llama",
    "hidden_size": 8,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "intermediate_size": 16,
    "vocab_size": 10,
    "tie_word_embeddings": False,
    "max_position_embeddings": 64,
}


def test_a_tiny_llama_is_counted_by_hand() -> None:
    # attention 8·8 + 8·4 + 8·4 + 8·8 = 192, MLP 3·8·16 = 384, norms 2·8 = 16 → 592 a block
    # two blocks 1184, tables 2·10·8 = 160, last norm 8 → 1352
    assert total_parameters(architecture_from_config(TINY)) == 1352


def test_what_the_type_implies_is_added() -> None:
    qwen = architecture_from_config({**TINY, "model_type": "qwen2"})
    assert total_parameters(qwen) == 1352 + 2 * (8 + 4 + 4)  # biases of q, k, v
    phi = architecture_from_config({**TINY, "model_type": "phi3"})
    assert [linear.name for linear in linear_layers(phi)] == ["qkv_proj", "o_proj", "gate_up_proj", "down_proj"]
    assert total_parameters(phi) == 1352


def test_a_config_may_say_otherwise() -> None:
    assert architecture_from_config({**TINY, "tie_word_embeddings": True}).tied_embeddings
    biased = architecture_from_config({**TINY, "attention_bias": True})
    assert biased.attention_bias
    assert biased.output_bias


def test_the_language_half_of_a_multimodal_model_is_taken() -> None:
    nested = {"model_type": "llava", "text_config": TINY}
    assert architecture_from_config(nested).width == 8


def test_experts_are_counted_and_their_router_too() -> None:
    dense = architecture_from_config(TINY)
    mixture = architecture_from_config({**TINY, "num_local_experts": 4, "num_experts_per_tok": 2})
    # three more experts of 384 weights and a router of 4·8 in each of two blocks
    assert total_parameters(mixture) == total_parameters(dense) + 2 * (3 * 384 + 32)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"hidden_size": None}, "hidden_size"),
        ({"num_hidden_layers": "two"}, "num_hidden_layers"),
        ({"num_attention_heads": -2}, "num_attention_heads"),
        ({"vocab_size": None}, "vocab_size"),
        ({"num_attention_heads": 3, "num_key_value_heads": 2}, "key-value heads"),
    ],
)
def test_what_cannot_be_counted_is_named(change: dict[str, object], named: str) -> None:
    with pytest.raises(ModelError, match=named):
        architecture_from_config({**TINY, **change})


def test_a_folder_a_file_and_a_name_give_a_card(tmp_path: Path) -> None:
    folder = tmp_path / "my-model"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(TINY), encoding="utf-8")
    for given in (folder, folder / "config.json"):
        card = model_from(str(given))
        assert card.name == "my-model"
        assert isinstance(card.architecture, Architecture)
        assert card.parameters_b == pytest.approx(1352e-9)
    assert model_from("Qwen2.5-7B").id == "Qwen/Qwen2.5-7B-Instruct"


def test_a_folder_that_is_no_model_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no config\.json"):
        model_from(str(tmp_path))
    bad = tmp_path / "config.json"
    for content in ("{", "[]", '{"a": 1}', '{"model_type": "vit"}'):
        bad.write_text(content, encoding="utf-8")
        with pytest.raises(ModelError):
            model_from(str(bad))
    bad.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError):
        model_from(str(bad))
