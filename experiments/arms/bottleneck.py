"""Serial bottleneck layers on a transformers model, put in place by forward hooks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from torch import nn

from advisor.errors import ModelError

ATTENTION_NAMES = ("self_attn", "attn", "attention", "self_attention")
MLP_NAMES = ("mlp", "feed_forward", "ffn")


class Bottleneck(nn.Module):  # type: ignore[misc]
    """Down, GELU, up, added to what came in; up starts at zero, so at first nothing changes. In fp32."""

    def __init__(self, width: int, size: int) -> None:
        super().__init__()
        self.down = nn.Linear(width, size)
        self.up = nn.Linear(size, width)
        nn.init.zeros_(self.up.weight)
        nn.init.zeros_(self.up.bias)

    def forward(self, hidden: Any) -> Any:
        """The same shape and dtype as `hidden`."""
        change = self.up(nn.functional.gelu(self.down(hidden.to(self.down.weight.dtype))))
        return hidden + change.to(hidden.dtype)


class Bottlenecks(nn.ModuleList):  # type: ignore[misc]
    """All bottlenecks of a model, and whether they are in use."""

    on = True

    @contextlib.contextmanager
    def switched_off(self) -> Iterator[None]:
        """The base alone, inside the `with`."""
        self.on = False
        try:
            yield
        finally:
            self.on = True


def add_bottlenecks(model: Any, size: int) -> Bottlenecks:
    """Two bottlenecks per block, as a part of the model called `bottlenecks`, so that they are trained with it."""
    parts = Bottlenecks()
    for block in blocks_of(model):
        for names in (ATTENTION_NAMES, MLP_NAMES):
            place = next((getattr(block, name) for name in names if hasattr(block, name)), None)
            if place is None:
                raise ModelError(
                    f"Adapters find no {names[0]} in {type(block).__name__}, the block of {type(model).__name__}.",
                    "Leave out the arm `adapters` for this model.",
                )
            part = Bottleneck(model.config.hidden_size, size).to(model.device)
            place.register_forward_hook(hook_for(parts, part))
            parts.append(part)
    model.add_module("bottlenecks", parts)
    return parts


def hook_for(parts: Bottlenecks, part: Bottleneck) -> Any:
    """A hook that sends a layer's output (or the first of its outputs) through `part` while the parts are on."""

    def hook(_module: Any, _inputs: Any, output: Any) -> Any:
        if not parts.on:
            return output
        if isinstance(output, tuple):
            return (part(output[0]), *output[1:])
        return part(output)

    return hook


def blocks_of(model: Any) -> Any:
    """The list of transformer blocks: as many as the config says there are layers."""
    for module in model.get_decoder().modules():
        if isinstance(module, nn.ModuleList) and len(module) == model.config.num_hidden_layers:
            return module
    raise ModelError(f"No blocks found in {type(model).__name__}.", "Leave out the arm `adapters` for this model.")
