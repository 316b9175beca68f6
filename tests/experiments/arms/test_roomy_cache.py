"""A cache with room holds what the library's holds."""

from __future__ import annotations

import torch
from transformers import LlamaConfig
from transformers.cache_utils import DynamicLayer

from experiments.arms.roomy_cache import RoomyLayer, roomy_cache


def test_it_returns_what_the_librarys_own_layer_returns() -> None:
    """Within its room and beyond it, several tokens at a time and one, and after a token is taken back."""
    torch.manual_seed(0)
    ours, theirs = RoomyLayer(4), DynamicLayer()
    for tokens in (3, 1, 2, 1, 9, 1, 1):
        added = torch.randn(2, 2, 3, tokens, 5)
        for mine, other in zip(ours.update(*added), theirs.update(*added), strict=True):
            assert torch.equal(mine, other)
        assert ours.get_seq_length() == theirs.get_seq_length()
        for layer in (ours, theirs):
            layer.crop(-1)


def test_a_token_within_the_room_copies_nothing() -> None:
    layer = RoomyLayer(4)
    first, _ = layer.update(*torch.zeros(2, 1, 1, 3, 2))
    for _ in range(4):
        keys, _ = layer.update(*torch.zeros(2, 1, 1, 1, 2))
        assert keys.data_ptr() == first.data_ptr()
    beyond, _ = layer.update(*torch.zeros(2, 1, 1, 1, 2))
    assert beyond.data_ptr() != first.data_ptr()


def test_layers_that_look_back_over_a_window_stay_the_librarys() -> None:
    plain = LlamaConfig(num_hidden_layers=2)
    assert [type(layer) for layer in roomy_cache(plain, 8).layers] == [RoomyLayer, RoomyLayer]
    windowed = LlamaConfig(num_hidden_layers=2, sliding_window=4, layer_types=["full_attention", "sliding_attention"])
    first, second = roomy_cache(windowed, 8).layers
    assert isinstance(first, RoomyLayer)
    assert not isinstance(second, RoomyLayer)
