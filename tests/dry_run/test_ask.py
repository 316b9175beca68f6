"""The parent: one call, clear errors, no torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from advisor.dry_run import exact_training_memory
from advisor.errors import ModelError, PlanError, SituationError
from advisor.methods import card
from advisor.vocabulary import GIB, TrainingSettings
from tests.dry_run.shapes import SMALL, Trace

ROOT = Path(__file__).resolve().parents[2]
TINY = TrainingSettings(batch_size=1, seq_len=32)


@pytest.mark.slow
def test_the_answer_is_complete() -> None:
    traced = exact_training_memory(SMALL, card("lora"), TrainingSettings(batch_size=1, seq_len=128, rank=8))
    assert traced.weights_gib * GIB == pytest.approx(2 * 106_816 + 64)
    assert traced.peak_gib == pytest.approx(sum(size for _, size in traced.at_peak))
    assert traced.moment.split(":")[0] in ("forward", "backward", "step")
    assert set(traced.memory_gib()) == {
        "weights", "adapters", "gradients", "optimizer", "activations", "logits", "runtime",
    }  # fmt: skip
    assert {name for name, _ in traced.versions} == {"torch", "transformers", "peft", "bitsandbytes"}
    assert traced.seconds > 0


@pytest.mark.slow
def test_ddp_keeps_gradients_twice() -> None:
    settings = TrainingSettings(batch_size=1, seq_len=32, sharding="ddp")
    traced = exact_training_memory(SMALL, card("full_fine_tuning"), settings, gpus=2)
    assert dict(traced.at_peak)["buckets"] == traced.gradients_gib == pytest.approx(2 * 106_816 / GIB)
    assert sum(size for _, size in traced.at_peak) == pytest.approx(traced.peak_gib)


@pytest.mark.slow
def test_an_error_of_the_child_is_raised_here() -> None:
    with pytest.raises(ModelError, match="does not know the model type 'unheard_of'") as raised:
        exact_training_memory({"model_type": "unheard_of"}, card("lora"), TINY)
    assert raised.value.mend


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"hidden_size": 64}, "no 'model_type'"),
        (SMALL | {"num_attention_heads": 5}, "config"),
        (SMALL | {"hidden_size": "wide"}, "config"),
        ({"model_type": "vit"}, "vit"),
    ],
)
def test_a_model_that_cannot_be_built_says_so(trace: Trace, config: dict[str, Any], said: str) -> None:
    answer = trace("lora", config)
    assert answer["error"] == "ModelError"
    assert said in answer["what"]
    assert answer["mend"]


@pytest.mark.slow
def test_unknown_layers_are_answered_with_those_there_are(trace: Trace) -> None:
    answer = trace("lora", SMALL, batch_size=1, seq_len=32, target_modules=("nowhere",))
    assert answer["error"] == "ModelError"
    assert "q_proj" in answer["mend"]


@pytest.mark.slow
def test_a_model_that_brings_code_is_not_run(trace: Trace) -> None:
    code = {"auto_map": {"AutoConfig": "evil--c.Config", "AutoModelForCausalLM": "evil--m.Model"}}
    settings = {"batch_size": 1, "seq_len": 32}
    assert trace("lora", SMALL | code, **settings) == trace("lora", SMALL, **settings)


def test_too_slow_is_a_situation() -> None:
    with pytest.raises(SituationError, match="longer than 0 s"):
        exact_training_memory(SMALL, card("lora"), TINY, timeout_s=0.05)


@pytest.mark.parametrize(
    ("method", "settings", "gpus", "said"),
    [
        ("few_shot", {}, 1, "trains no part"),
        ("feature_extraction", {}, 1, "trains no part"),
        ("full_fine_tuning", {"weight_dtype": "nf4"}, 1, "cannot all be trained"),
        ("lora", {"weight_dtype": "int4"}, 1, "no weights of type 'int4'"),
        ("lora", {"sharding": "zero3"}, 4, "zero3"),
        ("lora", {}, 2, "2 GPUs"),
        ("lora", {"batch_size": 0}, 1, "batch_size is 0"),
    ],
)
def test_what_cannot_be_traced_is_said_before_anything_starts(
    method: str, settings: dict[str, Any], gpus: int, said: str
) -> None:
    with pytest.raises(PlanError, match=said):
        exact_training_memory(SMALL, card(method), TrainingSettings(**settings), gpus=gpus)


def test_the_parent_imports_no_torch() -> None:
    code = "import sys, advisor.dry_run; print('torch' in sys.modules or 'transformers' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
