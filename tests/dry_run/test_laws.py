"""What must hold whatever the model: more of anything never takes less, recomputing never takes more."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from advisor.catalog.architectures import architecture_from_config
from advisor.methods import card
from advisor.vocabulary import TrainingSettings
from tests.dry_run.shapes import LLAMA_1B, SMALL, Trace

pytestmark = pytest.mark.slow
METHODS = ("full_fine_tuning", "lora", "qlora", "prefix_tuning", "adapters")


def peak(result: dict[str, Any]) -> int:
    assert "peak" in result, result
    return int(result["peak"]["allocated"])


@pytest.mark.parametrize("method", METHODS)
def test_more_never_takes_less(trace: Trace, method: str) -> None:
    least = peak(trace(method, SMALL, batch_size=2, seq_len=64))
    assert peak(trace(method, SMALL, batch_size=4, seq_len=64)) >= least
    assert peak(trace(method, SMALL, batch_size=2, seq_len=128)) >= least
    assert peak(trace(method, SMALL | {"num_hidden_layers": 4}, batch_size=2, seq_len=64)) > least
    assert peak(trace(method, SMALL, batch_size=2, seq_len=64, gradient_accumulation=4)) >= least


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("loss", ["full", "fused"])
def test_checkpointing_never_takes_more(trace: Trace, method: str, loss: str) -> None:
    deep = SMALL | {"num_hidden_layers": 6}
    kept = peak(trace(method, deep, batch_size=2, seq_len=256, loss=loss, gradient_checkpointing=False))
    again = peak(trace(method, deep, batch_size=2, seq_len=256, loss=loss, gradient_checkpointing=True))
    assert again <= kept
    assert method == "prefix_tuning" or again < kept


def test_the_blocks_grow_by_the_same_amount_each(trace: Trace) -> None:
    sizes = [
        peak(
            trace("lora", LLAMA_1B | {"num_hidden_layers": n}, batch_size=1, seq_len=256, gradient_checkpointing=False)
        )
        for n in (2, 3, 4, 5)
    ]
    steps = [b - a for a, b in itertools.pairwise(sizes)]
    assert max(steps) - min(steps) <= 2 * 2**20  # what the allocator rounds


def test_four_bits_less_than_frozen_less_than_full(trace: Trace) -> None:
    qlora, lora, full = (
        peak(trace(m, LLAMA_1B, batch_size=1, seq_len=512)) for m in ("qlora", "lora", "full_fine_tuning")
    )
    assert qlora < lora < full


@pytest.mark.parametrize("loss", ["chunked", "fused"])
def test_other_losses_save_logits(trace: Trace, loss: str) -> None:
    whole = trace("lora", SMALL | {"vocab_size": 8192}, batch_size=1, seq_len=256)
    part = trace("lora", SMALL | {"vocab_size": 8192}, batch_size=1, seq_len=256, loss=loss)
    assert part["peak"]["most"]["logits"] < whole["peak"]["most"]["logits"] / 2
    assert peak(part) < peak(whole)


def test_eager_attention_keeps_the_scores(trace: Trace) -> None:
    fused = trace("lora", SMALL, batch_size=2, seq_len=256, packing=True, gradient_checkpointing=False)
    eager = trace("lora", SMALL, batch_size=2, seq_len=256, attention="eager", gradient_checkpointing=False)
    scores = 2 * 2 * 4 * 256**2 * 2  # 2 blocks × 2 rows × 4 heads × 256² scores in bf16, at least
    assert peak(eager) - peak(fused) >= scores


@pytest.mark.parametrize("method", METHODS)
def test_the_card_counts_what_the_libraries_train(trace: Trace, method: str) -> None:
    for config in (SMALL, LLAMA_1B | {"num_hidden_layers": 2}):
        settings: dict[str, Any] = {"batch_size": 1, "seq_len": 16, "rank": 8, "virtual_tokens": 7}
        counted = card(method).trainable_parameters(architecture_from_config(config), TrainingSettings(**settings))
        assert trace(method, config, **settings)["trainable"] == counted


def test_the_same_request_has_the_same_answer(trace: Trace) -> None:
    assert trace("qlora", SMALL, batch_size=2, seq_len=64) == trace("qlora", SMALL, batch_size=2, seq_len=64)
