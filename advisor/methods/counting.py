"""How the trained parameters of a method are counted. Exact; every formula is shared by the cards that use it."""

from __future__ import annotations

from advisor.errors import UnknownName
from advisor.vocabulary import (
    Architecture,
    Linear,
    TrainingSettings,
    key_width,
    linear_layers,
    total_parameters,
)

ATTENTION_PARTS = ("q", "k", "v", "o")
PART_NAMES = {
    "q_proj": "q",
    "k_proj": "k",
    "v_proj": "v",
    "o_proj": "o",
    "gate_proj": "gate",
    "up_proj": "up",
    "down_proj": "down",
}
# which tensor of the block a part of it reads
INPUT_OF = {"q": "norm1", "k": "norm1", "v": "norm1", "o": "attention", "gate": "norm2", "up": "norm2", "down": "mlp"}
BOTTLENECK_SHARE = 16  # adapters: bottleneck = width / 16 unless given; Houlsby et al. 2019 tried 8 to 256 of 1,024
HEAD_CLASSES = 10  # assumption: classes of a trained head while the task is not known


def nothing(a: Architecture, settings: TrainingSettings) -> int:
    """Prompting trains nothing; nor does TF-IDF train any parameter of a language model."""
    return 0


def everything(a: Architecture, settings: TrainingSettings) -> int:
    """All parameters of the model."""
    return total_parameters(a)


def head(a: Architecture, settings: TrainingSettings) -> int:
    """A linear classifier on the last hidden state, ten classes."""
    return (a.width + 1) * HEAD_CLASSES


def low_rank(a: Architecture, settings: TrainingSettings) -> int:
    """LoRA: two thin matrices, rank × (in + out), beside every targeted linear layer of every block."""
    pairs = sum((linear.fan_in + linear.fan_out) * linear.copies for linear in targeted(a, settings))
    return a.layers * settings.rank * pairs


def low_rank_saved(a: Architecture, settings: TrainingSettings, cast: bool) -> int:
    """Values per token and block: the inputs of the adapted layers and each adapter's rank-sized product.

    With `cast` every adapted layer keeps a copy of its own; without, layers that read one input share it, and the
    input of the attention output (saved by the attention) costs nothing more.
    """
    layers = targeted(a, settings)
    active = {linear: (a.experts_per_token if linear.copies > 1 else 1) for linear in layers}
    ranks = sum(settings.rank * active[linear] for linear in layers)
    if cast:
        return ranks + sum(linear.fan_in * active[linear] for linear in layers)
    inputs = {INPUT_OF[linear.parts[0]]: linear.fan_in * active[linear] for linear in layers}
    return ranks + sum(size for source, size in inputs.items() if source != "attention")


def prefix(a: Architecture, settings: TrainingSettings) -> int:
    """A trained key and value for every virtual token in every block (no reparameterisation)."""
    return settings.virtual_tokens * a.layers * 2 * key_width(a)


def bottleneck(a: Architecture, settings: TrainingSettings) -> int:
    """Two bottlenecks per block (after attention, after MLP): down, up, and their biases."""
    m = bottleneck_width(a, settings)
    return a.layers * 2 * (2 * a.width * m + m + a.width)


def bottleneck_saved(a: Architecture, settings: TrainingSettings, cast: bool) -> int:
    """Values per token and block: the input of each bottleneck, and its inside before and after the activation."""
    return 2 * (a.width + 2 * bottleneck_width(a, settings))


def bottleneck_width(a: Architecture, settings: TrainingSettings) -> int:
    """The inner width of the adapters: as given, else a sixteenth of the model's."""
    return settings.bottleneck or max(1, a.width // BOTTLENECK_SHARE)


def targeted(a: Architecture, settings: TrainingSettings) -> tuple[Linear, ...]:
    """The linear layers that carry an adapter; `UnknownName` lists those the model has."""
    layers = linear_layers(a)
    chosen: dict[str, Linear] = {}
    for name in settings.target_modules:
        found = [linear for linear in layers if _is_meant(linear, name)]
        if not found:
            raise UnknownName(
                f"This model has no linear layer called {name!r}.",
                f"Choose all-linear, attention, or from: {', '.join(linear.name for linear in layers)}.",
            )
        chosen |= {linear.name + "/".join(linear.parts): linear for linear in found}
    return tuple(chosen.values())


def _is_meant(linear: Linear, name: str) -> bool:
    if name == "all-linear":
        return True
    if name == "attention":
        return any(part in ATTENTION_PARTS for part in linear.parts)
    return linear.name in (name, f"shared_{name}") or PART_NAMES.get(name) in linear.parts
