"""What an architecture consists of, counted: its linear layers and its parameters. Exact, without guesses."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from advisor.vocabulary.facts import Architecture

FUSED_QKV = {
    "phi3": "qkv_proj",
    "chatglm": "query_key_value",
    "falcon": "query_key_value",
    "gpt_neox": "query_key_value",
    "bloom": "query_key_value",
    "gpt2": "c_attn",
    "gpt_bigcode": "c_attn",
    "mpt": "Wqkv",
}
FUSED_GATE_UP = {"phi3": "gate_up_proj", "glm4": "gate_up_proj"}
# names of (attention output, up, down) where they differ from o_proj, up_proj, down_proj
OTHER_NAMES = {
    "falcon": ("dense", "dense_h_to_4h", "dense_4h_to_h"),
    "gpt_neox": ("dense", "dense_h_to_4h", "dense_4h_to_h"),
    "bloom": ("dense", "dense_h_to_4h", "dense_4h_to_h"),
    "gpt2": ("c_proj", "c_fc", "c_proj"),
    "gpt_bigcode": ("c_proj", "c_fc", "c_proj"),
    "phi": ("dense", "fc1", "fc2"),
    "opt": ("out_proj", "fc1", "fc2"),
    "mpt": ("out_proj", "up_proj", "down_proj"),
}


@dataclass(frozen=True, slots=True)
class Linear:
    """One linear layer of a block: its name, the parts it holds (q, k, v, o, gate, up, down), its sizes, its copies.

    `copies` counts experts; an adapter or a quantised weight exists once per copy.
    """

    name: str
    parts: tuple[str, ...]
    fan_in: int
    fan_out: int
    bias: bool = False
    copies: int = 1

    @property
    def weights(self) -> int:
        return self.fan_in * self.fan_out * self.copies


@functools.lru_cache(maxsize=1024)
def linear_layers(a: Architecture) -> tuple[Linear, ...]:
    """The linear layers of one transformer block; the language-model head is not among them."""
    return (*_attention(a), *_mlp(a))


@functools.lru_cache(maxsize=1024)
def linear_parameters(a: Architecture) -> int:
    """Weights (no biases) of the linear layers of all blocks: what quantisation shrinks."""
    return a.layers * sum(linear.weights for linear in linear_layers(a))


def embedding_parameters(a: Architecture) -> int:
    """The input table and, if untied, the head: they stay in 16 or 32 bits."""
    return a.vocabulary * a.width * (1 if a.tied_embeddings or a.classification else 2) + a.learned_positions * a.width


@functools.lru_cache(maxsize=1024)
def total_parameters(a: Architecture) -> int:
    """All parameters, as the published checkpoints hold them."""
    norm = a.width * (2 if a.layer_norm_bias else 1)
    per_block = a.norms_per_layer * norm + (2 * a.head_dim if a.query_key_norm else 0) + a.experts * a.width
    per_block += sum(linear.fan_out * linear.copies for linear in linear_layers(a) if linear.bias)
    per_block += a.width if a.shared_expert_width else 0  # the shared expert's gate (Qwen2-MoE)
    return linear_parameters(a) + a.layers * per_block + norm + embedding_parameters(a)


@functools.lru_cache(maxsize=1024)
def active_parameters(a: Architecture) -> int:
    """Parameters a token passes through: all of a dense model, the chosen experts of a mixture."""
    return total_parameters(a) - a.layers * (a.experts - a.experts_per_token) * _expert(a)


def shared_parameters(a: Architecture) -> int:
    """Parameters every token passes through: all of a dense model, a mixture without its experts."""
    return total_parameters(a) - a.layers * a.experts * _expert(a)


def _expert(a: Architecture) -> int:
    return a.width * a.mlp_width * (3 if a.gated_mlp else 2)


def query_width(a: Architecture) -> int:
    """Width of all query heads together."""
    return a.heads * a.head_dim


def key_width(a: Architecture) -> int:
    """Width of all key heads (or all value heads) together."""
    return a.kv_heads * a.head_dim


def _attention(a: Architecture) -> tuple[Linear, ...]:
    q, k = query_width(a), key_width(a)
    output = Linear(OTHER_NAMES.get(a.model_type, ("o_proj",))[0], ("o",), q, a.width, a.output_bias)
    if a.model_type in FUSED_QKV:
        fused = Linear(FUSED_QKV[a.model_type], ("q", "k", "v"), a.width, q + 2 * k, a.attention_bias)
        return (fused, output)
    return (
        Linear("q_proj", ("q",), a.width, q, a.attention_bias),
        Linear("k_proj", ("k",), a.width, k, a.attention_bias),
        Linear("v_proj", ("v",), a.width, k, a.attention_bias),
        output,
    )


def _mlp(a: Architecture) -> tuple[Linear, ...]:
    layers = _mlp_of_width(a, a.mlp_width, max(a.experts, 1), "")
    if a.shared_expert_width:
        layers += _mlp_of_width(a, a.shared_expert_width, 1, "shared_")
    return layers


def _mlp_of_width(a: Architecture, f: int, copies: int, prefix: str) -> tuple[Linear, ...]:
    _, up, down = OTHER_NAMES.get(a.model_type, ("", "up_proj", "down_proj"))
    last = Linear(prefix + down, ("down",), f, a.width, a.mlp_bias, copies)
    if not a.gated_mlp:
        return (Linear(prefix + up, ("up",), a.width, f, a.mlp_bias, copies), last)
    if a.model_type in FUSED_GATE_UP:
        fused = FUSED_GATE_UP[a.model_type]
        return (Linear(prefix + fused, ("gate", "up"), a.width, 2 * f, a.mlp_bias, copies), last)
    return (
        Linear(prefix + "gate_proj", ("gate",), a.width, f, a.mlp_bias, copies),
        Linear(prefix + up, ("up",), a.width, f, a.mlp_bias, copies),
        last,
    )
