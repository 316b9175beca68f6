"""The closed form beside the trace: they may differ by what the closed form leaves out, and by no more."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.catalog.architectures import architecture_from_config
from advisor.estimators.memory import training_memory
from advisor.methods import card
from advisor.vocabulary import GIB, TrainingSettings
from tests.dry_run.shapes import LLAMA_1B, Trace

pytestmark = pytest.mark.slow
CASES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("full_fine_tuning", {}),
    ("full_fine_tuning", {"gradient_checkpointing": False, "optimizer": "adamw_fused"}),
    ("lora", {}),
    ("lora", {"gradient_checkpointing": False}),
    ("qlora", {}),
    ("prefix_tuning", {"gradient_checkpointing": False}),
    ("adapters", {}),
)


@pytest.mark.parametrize(("method", "changes"), CASES)
def test_closed_form_and_trace_agree(trace: Trace, method: str, changes: dict[str, Any]) -> None:
    settings: dict[str, Any] = {"batch_size": 2, "seq_len": 512, "packing": True, **changes}
    traced = trace(method, LLAMA_1B, **settings)["peak"]
    closed = training_memory(card(method), architecture_from_config(LLAMA_1B), TrainingSettings(**settings))
    assert closed.peak.value is not None
    assert closed.peak.value * GIB / traced["allocated"] == pytest.approx(1.0, abs=0.15)
    for name in ("weights", "gradients", "optimizer", "adapters"):
        counted = getattr(closed, name) * GIB
        assert counted == pytest.approx(traced["most"].get(name, 0), rel=0.02, abs=2**20), name
