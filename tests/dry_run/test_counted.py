"""A small model by hand: exact bytes of weights, gradients, optimizer states, adapters and logits.

The model: width 64, 2 blocks, 4 heads and 2 for keys and values of 16 each, MLP 128, 256 words, head of its own.
  embedding 256 × 64 = 16,384; head the same; last norm 64
  block: q 64 × 64 + k 64 × 32 + v 64 × 32 + o 64 × 64 = 12,288; gate, up, down 3 × 64 × 128 = 24,576; norms 2 × 64
  two blocks 2 × 36,992 = 73,984; all together 2 × 16,384 + 64 + 73,984 = 106,816
The buffers are two copies of the 8 rotary frequencies in fp32: 64 bytes.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.dry_run.shapes import SMALL, Trace

pytestmark = pytest.mark.slow
PARAMETERS = 106_816
LINEAR = 2 * (12_288 + 24_576)
BUFFERS = 64


def most(result: dict[str, Any], component: str) -> int:
    return int(result["peak"]["most"].get(component, 0))


def test_full_fine_tuning_in_bf16(trace: Trace) -> None:
    result = trace("full_fine_tuning", SMALL, batch_size=1, seq_len=128)
    assert result["trainable"] == PARAMETERS
    assert most(result, "weights") == 2 * PARAMETERS + BUFFERS
    assert most(result, "gradients") == 2 * PARAMETERS
    assert most(result, "optimizer") == 2 * 2 * PARAMETERS  # two moments in the parameters' type
    assert most(result, "optimizer_step") >= 2 * PARAMETERS  # foreach keeps one more copy while it steps
    assert most(result, "adapters") == 0


def test_the_fused_optimizer_needs_no_copy(trace: Trace) -> None:
    result = trace("full_fine_tuning", SMALL, batch_size=1, seq_len=128, optimizer="adamw_fused")
    # two moments, and a step count of 4 bytes on the card for each of the 21 tensors (9 per block, 3 outside)
    assert most(result, "optimizer") == 2 * 2 * PARAMETERS + 4 * 21
    assert most(result, "optimizer_step") < PARAMETERS


def test_mixed_precision_trains_fp32_weights(trace: Trace) -> None:
    result = trace("full_fine_tuning", SMALL, batch_size=1, seq_len=128, amp=True)
    assert most(result, "weights") == 4 * PARAMETERS + BUFFERS
    assert most(result, "gradients") == 4 * PARAMETERS
    assert most(result, "optimizer") == 8 * PARAMETERS


def test_lora(trace: Trace) -> None:
    result = trace("lora", SMALL, batch_size=1, seq_len=128, rank=8, target_modules=("q_proj", "v_proj"))
    trained = 2 * 8 * ((64 + 64) + (64 + 32))  # 2 blocks, rank × (in + out)
    assert result["trainable"] == trained == 3584
    assert most(result, "adapters") == 4 * trained  # fp32 on a bf16 base
    assert most(result, "gradients") == 4 * trained
    assert most(result, "optimizer") == 8 * trained
    assert most(result, "weights") == 2 * PARAMETERS + BUFFERS


@pytest.mark.parametrize("double_quant", [True, False])
def test_qlora_weights(trace: Trace, double_quant: bool) -> None:
    result = trace("qlora", SMALL, batch_size=1, seq_len=128, double_quant=double_quant)
    packed = LINEAR // 2  # two weights per byte
    others = 4 * (PARAMETERS - LINEAR)  # embedding, head and norms in fp32 (prepare_model_for_kbit_training)
    tables = 14 * 16 * 4  # the 16 values of NF4 in fp32 for each of 7 × 2 layers
    if double_quant:
        scales = LINEAR // 64  # a byte for 64 weights …
        scales += 14 * (4 + 4 + 256 * 4)  # … per layer an fp32 for 256 of those, an offset, a table of 256 values
    else:
        scales = 4 * LINEAR // 64
    assert most(result, "weights") == packed + scales + tables + others + BUFFERS


def test_eight_bit_states(trace: Trace) -> None:
    result = trace("full_fine_tuning", SMALL, batch_size=1, seq_len=128, optimizer="adamw_8bit")
    # tensors of 4,096 elements and more: embedding, head, per block q, o, gate, up, down; a byte and 1/256 fp32, twice
    large = 2 * 16_384 + 2 * (2 * 4_096 + 3 * 8_192)
    small = PARAMETERS - large  # k and v (2,048 each) and norms: fp32, twice
    assert most(result, "optimizer") == 2 * (large + large // 256 * 4) + 8 * small + 2 * 256 * 4  # and two tables


def test_paged_states_lie_outside_the_allocator(trace: Trace) -> None:
    wide = {**SMALL, "vocab_size": 4096}  # embedding and head of 262,144 elements: large enough to be paged
    paged = trace("full_fine_tuning", wide, batch_size=1, seq_len=32, optimizer="paged_adamw_8bit")
    plain = trace("full_fine_tuning", wide, batch_size=1, seq_len=32, optimizer="adamw_8bit")
    assert paged["paged"] == 2 * 2 * 262_144  # two moments of a byte for each of both
    assert plain["paged"] == 0
    assert most(plain, "optimizer") - most(paged, "optimizer") == paged["paged"]


def test_prefix_and_adapters(trace: Trace) -> None:
    prefix = trace("prefix_tuning", SMALL, batch_size=1, seq_len=128, virtual_tokens=10)
    assert prefix["trainable"] == 10 * 2 * 2 * 32  # a key and a value of 2 × 16 per token and block
    assert "gradient checkpointing" in prefix["notes"][0]
    adapters = trace("adapters", SMALL, batch_size=1, seq_len=128, bottleneck=8)
    assert adapters["trainable"] == 2 * 2 * (2 * 64 * 8 + 8 + 64)  # two per block: down, up and their biases


def test_logits_stand_three_times_while_the_loss_is_differentiated(trace: Trace) -> None:
    # log-softmax, its gradient and the gradient of the logits, in fp32: 3 × 128 tokens × 256 words × 4 bytes
    result = trace("lora", SMALL, batch_size=1, seq_len=128)
    assert most(result, "logits") == 3 * 128 * 256 * 4
    assert most(trace("lora", SMALL, batch_size=1, seq_len=128, logits_upcast=False), "logits") == 3 * 128 * 256 * 2
    held = trace("lora", SMALL, batch_size=1, seq_len=128, framework="peft")  # its loop keeps the outputs, in bf16
    assert most(held, "logits") == 3 * 128 * 256 * 4 + 128 * 256 * 2


def test_what_is_held_adds_up_to_the_peak(trace: Trace) -> None:
    for method in ("full_fine_tuning", "lora", "qlora", "prefix_tuning", "adapters"):
        peak = trace(method, SMALL, batch_size=2, seq_len=64)["peak"]
        assert sum(peak["held"].values()) == peak["allocated"] <= peak["reserved"]
