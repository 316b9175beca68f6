"""The script that goes with an export answers as the arm did, with plain libraries and nothing of ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from runpy import run_path

import pytest
from transformers import AutoTokenizer

from experiments.arms import ArmJob
from experiments.export import export
from tests.experiments.arm_jobs import examples, job, with_several
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
    says_what_the_arm_said(store, made, tiny_base, tmp_path)


@pytest.mark.parametrize(("limit", "shown", "calibration"), [(2048, 4, "none"), (100, 2, "none"), (2048, 4, "batch")])
def test_the_script_looks_up_the_examples_that_the_arm_looked_up(
    store: Store, tiny_base: Path, tiny_embedder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    limit: int, shown: int, calibration: str,
) -> None:  # fmt: skip
    settings = {"shots": 4, "max_prompt_tokens": limit, "calibration": calibration}
    rows = {"train": examples(24), "test": examples(12, 200)}
    made = job("retrieved_few_shot", tmp_path / "cell", tiny_base, tiny_embedder, settings=settings, **rows)
    says_what_the_arm_said(store, made, tiny_base, tmp_path)
    used = json.loads((tmp_path / "out" / "settings.json").read_text())
    monkeypatch.setenv("EMBEDDER", str(tiny_embedder))
    script = run_path(str(tmp_path / "out" / "answer.py"))
    tokenizer, text = AutoTokenizer.from_pretrained(tiny_base), made.test[0].input
    ids = script["prompted"](tokenizer, used, text, script["looked_up"](used)(text))
    prompt = (tmp_path / "out" / "prompt.txt").read_text()
    assert ids == tokenizer(prompt, add_special_tokens=False)["input_ids"]
    assert sum(text in prompt for text in {row.input for row in made.train}) == shown


@pytest.mark.parametrize("calibration", ["batch", "none"])
def test_the_script_gives_the_same_labels_where_a_row_may_have_several(
    store: Store, tiny_base: Path, tmp_path: Path, calibration: str
) -> None:
    several = {"task_type": "multi_label_classification", "metric": "micro_f1", "train": with_several(24)}
    parts = {"validation": with_several(8, 100), "test": with_several(8, 200)}
    settings = {"shots": 4, "calibration": calibration}
    made = job("few_shot", tmp_path / "cell", tiny_base, None, settings=settings, **several, **parts)
    said = says_what_the_arm_said(store, made, tiny_base, tmp_path)
    assert {len(json.loads(answer)) for answer in said} > {1}


def says_what_the_arm_said(store: Store, made: ArmJob, tiny_base: Path, tmp_path: Path) -> list[str]:
    """Run, export, and ask the script of the export the test rows: it says the same, line by line."""
    here, said = finished(store, made, str(tiny_base))
    to = tmp_path / "out"
    export(store, here, made.arm, to)
    done = subprocess.run(
        [sys.executable, "answer.py", *(e.input for e in made.test)],
        cwd=to,
        env={
            **os.environ,
            "BASE_MODEL": str(tiny_base),
            "EMBEDDER": str(made.embedder_folder),
            "HF_HUB_OFFLINE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == said
    page = (to / "SERVING.md").read_text(encoding="utf-8")
    assert ("BASE_MODEL names" in page) is (made.arm != "full_fine_tuning")
    assert ("EMBEDDER names" in page) is (made.arm == "retrieved_few_shot")
    return [str(answer) for answer in said]
