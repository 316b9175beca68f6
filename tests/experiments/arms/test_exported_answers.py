"""The script that goes with an export answers as the arm did, with plain libraries and nothing of ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.export import export
from tests.experiments.arm_jobs import examples, job
from tests.experiments.finished import finished
from workspace import Store

pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing.*:FutureWarning")  # peft's own
LEARNS = {"learning_rate": 1e-2, "epochs": 8, "batch_size": 4}


@pytest.mark.parametrize(
    ("arm", "settings"),
    [
        ("lora", LEARNS),
        ("few_shot", {"shots": 6}),
        pytest.param("qlora", LEARNS, marks=pytest.mark.slow),
        pytest.param("full_fine_tuning", {**LEARNS, "learning_rate": 1e-3}, marks=pytest.mark.slow),
        pytest.param("prefix_tuning", LEARNS, marks=pytest.mark.slow),
        pytest.param("zero_shot", {}, marks=pytest.mark.slow),
    ],
)
def test_the_script_says_what_the_arm_said(
    store: Store, tiny_base: Path, tmp_path: Path, arm: str, settings: dict[str, float]
) -> None:
    made = job(arm, tmp_path / "cell", tiny_base, None, settings=settings, train=examples(24))
    here, said = finished(store, made, str(tiny_base))
    to = tmp_path / "out"
    export(store, here, arm, to)
    done = subprocess.run(
        [sys.executable, "answer.py", *(e.input for e in made.test)],
        cwd=to,
        env={**os.environ, "BASE_MODEL": str(tiny_base), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == said
