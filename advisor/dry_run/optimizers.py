"""The optimizers of the settings, each the library's own class. Runs in the child process only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bitsandbytes as bnb
import torch

PAGED_FROM = 100_000  # elements; smaller states of a paged optimizer stay with the allocator (bitsandbytes 0.50)


class InPlace8bit(bnb.optim.AdamW8bit):  # type: ignore[misc]
    """bitsandbytes' 8-bit AdamW: its own states, its update (one kernel, in place, no memory of its own) left out."""

    paged = False

    def get_state_buffer(self, p: Any, dtype: Any = torch.float32) -> Any:
        buffer = torch.zeros_like(p, dtype=dtype)
        buffer.is_paged = self.paged and p.numel() >= PAGED_FROM
        return buffer

    def update_step(self, group: Any, p: Any, gindex: int, pindex: int) -> None:
        p.grad = p.grad.contiguous()

    def prefetch_state(self, p: Any) -> None:
        """Moves pages between host and device, nothing that an allocator sees."""


class InPlacePaged8bit(InPlace8bit):
    """The same with its states in unified memory, outside PyTorch's allocator."""

    paged = True


BUILD: dict[str, Callable[[list[Any]], Any]] = {
    "adamw": lambda parameters: torch.optim.AdamW(parameters, foreach=True),
    "adamw_fused": lambda parameters: torch.optim.AdamW(parameters, fused=True),
    "adamw_8bit": InPlace8bit,
    "paged_adamw_8bit": InPlacePaged8bit,
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=1e-3, foreach=True),
}


def states(optimizer: Any) -> list[Any]:
    """Every tensor the optimizer keeps between steps."""
    return [v for state in optimizer.state.values() for v in state.values() if isinstance(v, torch.Tensor)]


def paged(tensor: Any) -> bool:
    """Whether a state lies in unified memory."""
    return bool(getattr(tensor, "is_paged", False))
