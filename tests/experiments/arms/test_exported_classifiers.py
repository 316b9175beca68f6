"""A fitted classifier leaves the house: the script beside it answers as the pilot did, and nothing of ours is there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from advisor.errors import RunError
from advisor.vocabulary import Example
from experiments import calibration, split
from experiments import dataset as datasets
from experiments.arms import run
from experiments.arms.job import ArmJob
from experiments.export import export
from experiments.pilot.choices import PilotChoices
from experiments.pilot.documents import record_from_json, record_json
from experiments.pilot.records import record_of, take_in
from experiments.pilot.starting import plan_here
from experiments.runners import local
from tests.conftest import ROOT
from tests.experiments.arm_jobs import KeptReport, examples, job, json_examples
from tests.experiments.finished import files_of, finished
from tests.experiments.running import ended, wait
from workspace import Store

HUB = {"feature_extraction:base": "starter"}  # the others' model is named by their plan
EMBEDDER = "sentence-transformers/all-MiniLM-L6-v2"


def several(rows: tuple[Example, ...]) -> tuple[Example, ...]:
    """`said` is in every row, `loud` in some; `calm` alone never stands with it."""
    return tuple(
        replace(e, output='["said", "loud"]' if "music" in e.input else '["said"]' if e.row % 2 else '["said", "calm"]')
        for e in rows
    )


def rows_of(change: Any, **others: Any) -> dict[str, Any]:
    parts = {"train": examples(24), "validation": examples(6, 100), "test": examples(40, 200)}
    return {**{part: change(rows) for part, rows in parts.items()}, **others}


KINDS: dict[str, dict[str, Any]] = {
    "one label": rows_of(lambda rows: rows),
    "several labels": rows_of(
        several, task_type="multi_label_classification", metric="micro_f1", labels=("said", "loud", "calm")
    ),
    "no label in any row": rows_of(
        lambda rows: tuple(replace(e, output="[]") for e in rows),
        task_type="multi_label_classification", metric="micro_f1", labels=("said",),
    ),
    "the same label": rows_of(lambda rows: tuple(replace(e, output="two words") for e in rows), labels=("two words",)),
    "no words": rows_of(
        lambda rows: tuple(replace(e, input="?!" * (1 + e.row % 3), output="abc"[e.row % 3]) for e in rows),
        labels=("a", "b", "c"),
    ),
    "no labels": {
        "task_type": "extraction", "metric": "field_f1", "labels": (),
        "train": json_examples(10), "validation": json_examples(3, 100), "test": json_examples(12, 200),
    },
}  # fmt: skip
SLOW = pytest.mark.slow


def made(arm: str, kind: str, folder: Path, base: Path | None = None, embedder: Path | None = None) -> ArmJob:
    return job(arm, folder, base, embedder, **KINDS[kind])


def classify(folder: Path, texts: list[str], **env: str) -> str:
    """What the script prints, run alone."""
    done = subprocess.run(
        [sys.executable, "-I", "classify.py", *texts],
        cwd=folder, env={**os.environ, "HF_HUB_OFFLINE": "1", **env}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("arm", "kind"),
    [
        ("classical", "one label"),
        ("classical", "several labels"),
        ("classical", "the same label"),
        ("feature_extraction", "one label"),
        pytest.param("classical", "no words", marks=SLOW),
        pytest.param("classical", "no labels", marks=SLOW),
        pytest.param("classical", "no label in any row", marks=SLOW),
        pytest.param("feature_extraction", "several labels", marks=SLOW),
        pytest.param("feature_extraction", "the same label", marks=SLOW),
        pytest.param("classical:neighbours", "one label", marks=SLOW),
        pytest.param("classical:neighbours", "no labels", marks=SLOW),
        pytest.param("feature_extraction:base", "one label", marks=SLOW),
        pytest.param("feature_extraction:base", "several labels", marks=SLOW),
    ],
)
def test_the_script_says_what_the_arm_said(
    store: Store, tiny_base: Path, tiny_embedder: Path, tmp_path: Path, arm: str, kind: str
) -> None:
    cell = made(arm, kind, tmp_path / "secret-place", tiny_base, tiny_embedder)
    here, said = finished(store, cell, HUB.get(arm, EMBEDDER))
    assert len(set(said)) > 1 or kind in ("the same label", "no label in any row")
    to = tmp_path / "out"
    export(store, here, arm, to)
    shutil.rmtree(tmp_path / "secret-place")
    texts = [e.input for e in cell.test]
    printed = classify(to, texts, BASE_MODEL=str(tiny_base), EMBEDDER=str(tiny_embedder))
    assert printed.splitlines() == said


@pytest.mark.parametrize(
    ("arm", "model", "needs", "others", "variable"),
    [
        ("classical", "tfidf-logistic-regression", ["scikit-learn", "skops"], ["torch", "peft"], None),
        ("classical:neighbours", EMBEDDER, ["torch", "scikit-learn", "skops"], ["peft"], "EMBEDDER"),
        ("feature_extraction", EMBEDDER, ["torch", "transformers", "scikit-learn", "skops"], ["peft"], "EMBEDDER"),
        ("feature_extraction:base", "starter", ["torch", "scikit-learn", "skops"], ["bitsandbytes"], "BASE_MODEL"),
    ],
)
def test_the_pages_name_what_the_arm_really_used(
    store: Store, tiny_base: Path, tiny_embedder: Path, tmp_path: Path,
    arm: str, model: str, needs: list[str], others: list[str], variable: str | None,
) -> None:  # fmt: skip
    here, _ = finished(store, made(arm, "one label", tmp_path / "secret-place", tiny_base, tiny_embedder), model)
    to = tmp_path / "out"
    export(store, here, arm, to)
    assert files_of(to) == {
        "README.md", "SERVING.md", "settings.json", "rows.jsonl", "prompt.txt", "classify.py",
        "classifier/fitted.json", "classifier/fitted.skops", *(["sentences.py"] if variable == "EMBEDDER" else []),
    }  # fmt: skip
    assert not [f for f in to.rglob("*") if f.is_file() and b"secret-place" in f.read_bytes()]
    page, card = (to / "SERVING.md").read_text(), (to / "README.md").read_text()
    settings = json.loads((to / "settings.json").read_text())
    assert settings["trained_folder"] == "classifier"
    assert f"pip install {' '.join(settings['needs'])}" in page
    for name in needs:
        version = settings["versions"][name]
        assert f"{name}=={version.partition('+')[0]}" in settings["needs"]
        assert f"{name} {version}" in card
    for name in others:
        assert name not in settings["versions"]
        assert name not in page
        assert name not in card.partition("## Make it again")[0]
    assert [name for name in ("EMBEDDER", "BASE_MODEL") if name in page] == ([variable] if variable else [])
    assert ("rounded to 4 bits" in page) == (model == "starter")
    assert "`classifier` holds what was trained" in card


def test_a_cell_whose_rows_are_done_but_whose_file_is_gone_writes_it_again(tmp_path: Path) -> None:
    first, second = KeptReport(), KeptReport()
    cell = made("classical", "one label", tmp_path / "a")
    outcome = run(cell, first)
    assert outcome.artefact is not None
    kept = files_of(outcome.artefact)
    plain = (outcome.artefact / "fitted.json").read_bytes()
    shutil.rmtree(outcome.artefact)
    (tmp_path / "a" / "fitted.writing").mkdir()  # and an interrupted try left this
    (tmp_path / "a" / "fitted.writing" / "half").touch()
    again = run(replace(cell, done=frozenset(first.answers())), second)
    assert not second.rows
    assert again.artefact == outcome.artefact
    assert files_of(tmp_path / "a") == {f"fitted/{name}" for name in kept}
    assert (outcome.artefact / "fitted.json").read_bytes() == plain


def test_the_files_are_read_without_trusting_anything_but_sparse_matrices(tmp_path: Path) -> None:
    from skops.io import get_untrusted_types

    found = set()
    for place, kind in enumerate(KINDS):
        outcome = run(made("classical", kind, tmp_path / str(place)), KeptReport())
        assert outcome.artefact is not None
        found |= set(get_untrusted_types(file=outcome.artefact / "fitted.skops"))
    assert found == {"scipy.sparse._csr.csr_matrix"}


def test_a_file_that_is_gone_and_a_run_from_elsewhere_are_said(store: Store, tmp_path: Path) -> None:
    here, _ = finished(store, made("classical", "one label", tmp_path / "a"), "tfidf-logistic-regression")
    record = record_from_json(json.loads(json.dumps(record_json(record_of(store, here)))))
    loaded = take_in(store, store.projects.default().id, record)
    with pytest.raises(RunError, match="stayed on the machine it ran on"):
        export(store, loaded.id, "classical", tmp_path / "out")
    shutil.rmtree(tmp_path / "a" / "fitted")
    with pytest.raises(RunError, match="not on this machine any more"):
        export(store, here, "classical", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_run_of_an_earlier_version_says_that_it_kept_no_file(store: Store, tmp_path: Path) -> None:
    here, _ = finished(store, made("classical", "one label", tmp_path / "a"), "tfidf-logistic-regression")
    (before,) = (e.payload for e in store.events.all(here, kind="cell"))
    store.events.append(here, "cell", {**before, "artefact": None})
    to = tmp_path / "out"
    export(store, here, "classical", to)
    assert "kept no file of the classifier" in (to / "SERVING.md").read_text()
    assert "## Make it again" in (to / "README.md").read_text()
    assert "holds what was trained" not in (to / "README.md").read_text()
    assert not {"classify.py", "classifier/fitted.json"} & files_of(to)


@pytest.mark.slow
def test_a_true_run_exported_answers_its_own_test_rows(store: Store, tmp_path: Path) -> None:
    for quantity in ("cpu/fp32/read", "cpu/fp32/train"):
        store.calibrations.save(calibration.machine_name(), quantity, 1.0)
    dataset = datasets.read(ROOT / "examples" / "voice_assistant" / "intents.tsv")
    choices = PilotChoices(arms=("classical",), size=200, test_rows=100)
    plan = plan_here(store, dataset, split.split(dataset, 1), choices)
    plan = replace(plan, cells=plan.cells[:1], minutes=0.0)
    here = local.start(store, store.projects.default().id, plan, dataset.examples, start_key="k")
    assert wait(store, here.id, ended).state == "done"
    export(store, here.id, "classical", tmp_path / "out")
    rows = {r.row: r.prediction for r in store.rows.all(here.id) if r.part == "test"}
    texts = {row: dataset.examples[row].input for row in rows}
    assert len(rows) == 100
    assert classify(tmp_path / "out", list(texts.values())).splitlines() == list(rows.values())
