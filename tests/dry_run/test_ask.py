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
from tests.dry_run.shapes import SMALL

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
    one = exact_training_memory(SMALL, card("full_fine_tuning"), TINY)
    two = exact_training_memory(
        SMALL, card("full_fine_tuning"), TrainingSettings(batch_size=1, seq_len=32, sharding="ddp"), gpus=2
    )
    assert two.peak_gib - one.peak_gib == pytest.approx(one.gradients_gib)
    assert sum(size for _, size in two.at_peak) == pytest.approx(two.peak_gib)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"hidden_size": 64}, "no 'model_type'"),
        ({"model_type": "unheard_of"}, "does not know the model type 'unheard_of'"),
        (SMALL | {"num_attention_heads": 5}, "config"),
        (SMALL | {"hidden_size": "wide"}, "config"),
        ({"model_type": "vit"}, "vit"),
    ],
)
def test_a_model_that_cannot_be_built_says_so(config: dict[str, Any], said: str) -> None:
    with pytest.raises(ModelError, match=said) as raised:
        exact_training_memory(config, card("lora"), TINY)
    assert raised.value.mend


@pytest.mark.slow
def test_unknown_layers_are_answered_with_those_there_are() -> None:
    settings = TrainingSettings(batch_size=1, seq_len=32, target_modules=("nowhere",))
    with pytest.raises(ModelError, match="q_proj"):
        exact_training_memory(SMALL, card("lora"), settings)


@pytest.mark.slow
def test_a_model_that_brings_code_is_not_run(tmp_path: Path) -> None:
    code = {"auto_map": {"AutoModelForCausalLM": "evil--Model"}, "_name_or_path": str(tmp_path)}
    assert exact_training_memory(SMALL | code, card("lora"), TINY).peak_gib > 0


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
