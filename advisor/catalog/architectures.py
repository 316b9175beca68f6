"""From a published config.json to the shape we count with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from advisor.errors import ModelError
from advisor.vocabulary import Architecture

# What a model type implies that its config.json does not say; from the modelling code of transformers 5.23.
TRAITS: dict[str, dict[str, Any]] = {
    "qwen2": {"attention_bias": True},
    "qwen2_moe": {"attention_bias": True},
    "qwen3": {"query_key_norm": True},
    "qwen3_moe": {"query_key_norm": True},
    "olmo2": {"query_key_norm": True},
    "olmo3": {"query_key_norm": True},
    "gemma": {"tied_embeddings": True},
    "gemma2": {"tied_embeddings": True, "norms_per_layer": 4},
    "gemma3_text": {"tied_embeddings": True, "norms_per_layer": 4, "query_key_norm": True},
    "phi": {
        "gated_mlp": False,
        "attention_bias": True,
        "output_bias": True,
        "mlp_bias": True,
        "norms_per_layer": 1,
        "layer_norm_bias": True,
    },
    "falcon": {"gated_mlp": False, "layer_norm_bias": True},
    "gpt_neox": {
        "gated_mlp": False,
        "attention_bias": True,
        "output_bias": True,
        "mlp_bias": True,
        "layer_norm_bias": True,
    },
    "gpt2": {
        "gated_mlp": False,
        "attention_bias": True,
        "output_bias": True,
        "mlp_bias": True,
        "layer_norm_bias": True,
        "tied_embeddings": True,
    },
    "gpt_bigcode": {
        "gated_mlp": False,
        "attention_bias": True,
        "output_bias": True,
        "mlp_bias": True,
        "layer_norm_bias": True,
        "tied_embeddings": True,
    },
    "opt": {
        "gated_mlp": False,
        "attention_bias": True,
        "output_bias": True,
        "mlp_bias": True,
        "layer_norm_bias": True,
        "tied_embeddings": True,
    },
    "bloom": {
        "gated_mlp": False,
        "attention_bias": True,
        "output_bias": True,
        "mlp_bias": True,
        "layer_norm_bias": True,
        "tied_embeddings": True,
    },
    "mpt": {"gated_mlp": False, "tied_embeddings": True},
    "starcoder2": {
        "gated_mlp": False,
        "attention_bias": True,
        "output_bias": True,
        "mlp_bias": True,
        "layer_norm_bias": True,
        "tied_embeddings": True,
    },
    "bert": {
        "gated_mlp": False,
        "attention_bias": True,
        "output_bias": True,
        "mlp_bias": True,
        "layer_norm_bias": True,
        "tied_embeddings": True,
    },
}
LEARNED_POSITIONS = ("gpt2", "gpt_bigcode", "opt", "bert")
WIDTH = ("hidden_size", "n_embd", "d_model")
LAYERS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers")
HEADS = ("num_attention_heads", "n_head", "n_heads")
MLP = ("ffn_hidden_size", "intermediate_size", "n_inner", "ffn_dim")
VOCABULARY = ("vocab_size", "padded_vocab_size")
POSITIONS = ("max_position_embeddings", "n_positions", "max_seq_len", "seq_length")


def architecture_from_config(config: Mapping[str, Any]) -> Architecture:
    """The shape a config.json describes; `ModelError` names the key that is missing or impossible."""
    if isinstance(config.get("text_config"), Mapping):  # a multimodal model: its language half is what we count
        config = {**config["text_config"], "model_type": config["text_config"].get("model_type", config["model_type"])}
    model_type = str(config.get("model_type", "unknown"))
    traits = {**TRAITS.get(model_type, {}), **_said(config, model_type)}
    width = _whole(config, WIDTH)
    heads = _whole(config, HEADS)
    shape = Architecture(
        model_type=model_type,
        width=width,
        layers=_whole(config, LAYERS),
        heads=heads,
        kv_heads=_kv_heads(config, model_type, heads),
        head_dim=_whole(config, ("head_dim",), width // heads),
        mlp_width=_mlp_width(config, width),
        vocabulary=_whole(config, VOCABULARY),
        max_positions=_whole(config, POSITIONS, 0),
        sliding_window=config.get("sliding_window") if config.get("use_sliding_window", True) else None,
        experts=_whole(config, ("num_local_experts", "num_experts", "n_routed_experts"), 0),
        experts_per_token=_whole(config, ("num_experts_per_tok", "num_experts_per_token"), 0),
        shared_expert_width=_whole(config, ("shared_expert_intermediate_size", "shared_intermediate_size"), 0),
        **traits,
    )
    if shape.heads % max(shape.kv_heads, 1):
        raise ModelError(
            f"This config.json has {shape.heads} attention heads over {shape.kv_heads} key-value heads.",
            "The first must be a multiple of the second; check the file.",
        )
    return shape


def _said(config: Mapping[str, Any], model_type: str) -> dict[str, Any]:
    """What the config states itself, which goes before what the type implies."""
    said: dict[str, Any] = {}
    if isinstance(config.get("tie_word_embeddings"), bool):
        said["tied_embeddings"] = config["tie_word_embeddings"]
    if isinstance(config.get("attention_bias"), bool):
        said["attention_bias"] = said["output_bias"] = config["attention_bias"]
    if isinstance(config.get("mlp_bias"), bool):
        said["mlp_bias"] = config["mlp_bias"]
    if config.get("mlp_mats") == 2:  # two matrices, no gate (AFM)
        said["gated_mlp"] = False
    if model_type == "falcon":
        one_norm = bool(config.get("parallel_attn", True)) and not config.get("new_decoder_architecture", False)
        said["norms_per_layer"] = 1 if one_norm else 2
        if config.get("bias"):
            said |= {"attention_bias": True, "output_bias": True, "mlp_bias": True}
    if model_type in LEARNED_POSITIONS:
        said["learned_positions"] = _whole(config, POSITIONS, 0)
    return said


def _kv_heads(config: Mapping[str, Any], model_type: str, heads: int) -> int:
    if config.get("multi_query") and not config.get("new_decoder_architecture"):
        return 1
    if model_type == "falcon" and not config.get("new_decoder_architecture"):
        return 1 if config.get("multi_query", True) else heads
    return _whole(config, ("num_kv_heads", "num_key_value_heads"), heads)


def _mlp_width(config: Mapping[str, Any], width: int) -> int:
    if config.get("moe_intermediate_size"):
        return _whole(config, ("moe_intermediate_size",))
    if isinstance(config.get("expansion_ratio"), int):  # MPT
        return width * int(config["expansion_ratio"])
    return _whole(config, MLP, 4 * width)


def _whole(config: Mapping[str, Any], keys: tuple[str, ...], default: int | None = None) -> int:
    """The first of `keys` the config has, as a whole number above zero (zero and null mean absent)."""
    for key in keys:
        value = config.get(key)
        if isinstance(value, list) and value:  # a few models give one number per layer; all alike in practice
            value = value[0]
        if value is None or value == 0:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ModelError(
                f"This config.json has {key} = {value!r}; a whole number above zero is needed.", "Check the file."
            )
        return value
    if default is None:
        raise ModelError(
            f"This config.json does not say {keys[0]}, so it is not a language model we can count.",
            "Give the config.json of a decoder-only model, or a name from `python -m advisor models`.",
        )
    return default
