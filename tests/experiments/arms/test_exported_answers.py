"""The script that goes with an export answers as the arm did, with plain libraries and nothing of ours."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from advisor.vocabulary import ArmPlan, Cell, CellResult, RowResult
from experiments.arms import card, run
from experiments.export import export
from experiments.pilot import examples as kept
from experiments.pilot.documents import plan_json
from tests.experiments import tiny
from tests.experiments.arm_jobs import LABELS, KeptReport, examples, job
from workspace import Store

pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing.*:FutureWarning")  # peft's own
LEARNS = {"learning_rate": 1e-2, "epochs": 8, "batch_size": 4}
INSTRUCTION = "Decide which label fits the text."


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
    report = KeptReport()
    outcome = run(made, report)
    cell = Cell(arm, 24, 1, 1.0)
    of_plan = ArmPlan(arm, card(arm).method, str(tiny_base), {})
    plan = replace(
        tiny.plan((cell,)),
        labels=LABELS,
        instruction=INSTRUCTION,
        arms=(of_plan,),
        model=str(tiny_base),
        train_rows=tuple(e.row for e in made.train),
        validation_rows=tuple(e.row for e in made.validation),
        test_rows=tuple(e.row for e in made.test),
    )
    here = store.runs.create(store.projects.default().id, plan.dataset_sha256, plan_json(plan), "k")
    kept.keep(store, here.id, (*made.train, *made.validation, *made.test), plan)
    right = {e.row: e.output for e in (*made.validation, *made.test)}
    for part, row, said, *_ in report.rows:
        store.rows.add(here.id, RowResult(arm, 24, 1, part, row, said, float(said == right[row]), 5.0))
    result = CellResult(arm, 24, 1, outcome.train_seconds, 1.0, 100.0, None, outcome.settings, outcome.notes)
    payload = {
        "cell": cell.key,
        "result": asdict(result),
        "seconds": 1.0,
        "prompt": outcome.prompt,
        "chat": list(outcome.chat),
        "guards": [],
        "artefact": None if outcome.artefact is None else str(outcome.artefact),
        "curve": [],
    }
    store.events.append(here.id, "cell", payload)
    store.runs.set_state(here.id, "done")
    to = tmp_path / "out"
    export(store, here.id, arm, to)
    done = subprocess.run(
        [sys.executable, "answer.py", *(e.input for e in made.test)],
        cwd=to,
        env={**os.environ, "BASE_MODEL": str(tiny_base), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = [answer for (part, _), answer in report.answers().items() if part == "test"]
    assert done.stdout.split() == said
