"""Keys and values with room for what is still to be written: a new token is put beside them, nothing is copied."""

from __future__ import annotations

from typing import Any

import torch
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer


class RoomyLayer(DynamicLayer):  # type: ignore[misc]
    """The library's layer joins all keys to the new one at every token; this one has `room` for so many more.

    The values are the same, and so are the answers.
    """

    keys: Any
    values: Any

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room
        self._both: torch.Tensor | None = None  # 2 (keys, values) × rows × heads × room for tokens × size of a head

    def update(self, key_states: torch.Tensor, value_states: torch.Tensor, *_: Any, **__: Any) -> tuple[Any, Any]:
        """All keys and values, these last."""
        if not self.is_initialized:
            self.lazy_initialization(key_states, value_states)
        before = self.get_seq_length()
        after = before + key_states.shape[-2]
        if self._both is None or after > self._both.shape[-2]:
            rows, heads, _, size = key_states.shape
            both = key_states.new_empty((2, rows, heads, after + self.room, size))
            if before:
                both[0, :, :, :before], both[1, :, :, :before] = self.keys, self.values
            self._both = both
        self._both[0, :, :, before:after], self._both[1, :, :, before:after] = key_states, value_states
        self.keys, self.values = self._both[0, :, :, :after], self._both[1, :, :, :after]
        return self.keys, self.values


def roomy_cache(config: Any, room: int) -> Any:
    """An empty cache; layers that look back over a window only stay as they are."""
    cache = DynamicCache(config=config)
    cache.layers = [RoomyLayer(room) if type(layer) is DynamicLayer else layer for layer in cache.layers]
    return cache
