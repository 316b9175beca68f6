"""Several labels a row: as many as the data has, chosen by probability, and by no answer of the rows themselves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch")

from experiments.arms import run
from experiments.arms.job import chosen_among
from experiments.arms.label_sets import LabelSets
from tests.experiments.arm_jobs import LABELS, KeptReport, examples, job, with_several

SEVERAL: dict[str, Any] = {
    "task_type": "multi_label_classification",
    "metric": "micro_f1",
    "train": with_several(24),
    "validation": with_several(8, 100),
    "test": with_several(8, 200),
}


@given(st.integers(1, 60), st.integers(2, 12), st.floats(1.0, 12.0), st.booleans(), st.integers(0, 10_000))
def test_the_bar_gives_enough_labels_and_the_next_higher_one_too_few(
    rows: int, names: int, wanted: float, at_least_one: bool, seed: int
) -> None:
    scores = np.random.default_rng(seed).normal(size=(rows, names))
    labels = tuple(f"label {i}" for i in range(names))
    wanted = min(wanted, float(names))
    sets = LabelSets(labels, wanted, at_least_one).barred(scores)
    given_labels = [len(json.loads(sets.choose(row))) for row in scores]
    assert np.mean(given_labels) >= wanted
    higher = replace(sets, bar=float(np.nextafter(sets.bar, np.inf)))
    fewer = [len(json.loads(higher.choose(row))) for row in scores]
    assert np.mean(fewer) < wanted or np.mean(fewer) == np.mean(given_labels) == 1.0
    assert min(given_labels) >= int(at_least_one)


def test_rows_without_a_label_stay_possible_where_the_data_has_some() -> None:
    data = [replace(example, output="[]") for example in with_several(4)] + list(with_several(4))
    sets = LabelSets.like(data, LABELS).barred(np.array([[2.0, 1.0, 0.0], [-3.0, -4.0, -5.0]]))
    assert sets.choose(np.array([-3.0, -4.0, -5.0])) == "[]"


@pytest.mark.parametrize("arm", ["zero_shot", "few_shot"])
def test_every_answer_is_a_list_of_known_labels(tiny_base: Path, tmp_path: Path, arm: str) -> None:
    report = KeptReport()
    outcome = run(job(arm, tmp_path, tiny_base, None, **SEVERAL), report)
    said = [json.loads(str(answer)) for answer in report.answers().values()]
    assert len(said) == 16
    assert all(labels and set(labels) <= set(LABELS) for labels in said)
    assert not any(row[5] for row in report.rows)  # none invalid
    usual = np.mean([len(json.loads(e.output)) for e in SEVERAL["train"]])
    assert outcome.settings["labels_per_row"] == pytest.approx(usual, abs=1e-3)
    assert any("above one bar" in note for note in outcome.notes)


def test_answers_of_validation_and_test_rows_decide_nothing(tiny_base: Path, tmp_path: Path) -> None:
    first, second = KeptReport(), KeptReport()
    run(job("zero_shot", tmp_path / "a", tiny_base, None, **SEVERAL), first)
    other = {part: tuple(replace(e, output='["PlayMusic"]') for e in SEVERAL[part]) for part in ("validation", "test")}
    run(job("zero_shot", tmp_path / "b", tiny_base, None, **{**SEVERAL, **other}), second)
    assert first.answers() == second.answers()


def test_labels_per_row_can_be_set(tiny_base: Path, tmp_path: Path) -> None:
    report = KeptReport()
    run(job("zero_shot", tmp_path, tiny_base, None, settings={"labels_per_row": 3.0}, **SEVERAL), report)
    assert all(
        len(json.loads(str(answer))) == len(LABELS)
        for (part, _), answer in report.answers().items()
        if part == "validation"
    )


def test_a_tuned_model_writes_its_list(tiny_base: Path) -> None:
    assert not chosen_among("multi_label_classification", {"epochs": 2})
    assert chosen_among("multi_label_classification", {"labels_per_row": None})
    assert chosen_among("classification", {"epochs": 2})
    assert not chosen_among("summarisation", {"labels_per_row": None})


@pytest.mark.parametrize("arm", ["classical", "feature_extraction", "feature_extraction:base"])
def test_a_classifier_gives_as_many_labels_as_the_data_has(
    tiny_base: Path, tiny_embedder: Path, tmp_path: Path, arm: str
) -> None:
    rng = np.random.default_rng(3)
    names = tuple(f"label {i:02}" for i in range(20))  # many labels, few rows: hardly any chance is above one half
    rows = [replace(e, output=json.dumps(sorted(rng.choice(names, 3, replace=False).tolist()))) for e in examples(60)]
    parts = {"train": tuple(rows[:40]), "validation": tuple(rows[40:50]), "test": tuple(rows[50:])}
    several = {**SEVERAL, **parts, "labels": names}
    report, blind, none = KeptReport(), KeptReport(), KeptReport()
    run(job(arm, tmp_path / "a", tiny_base, tiny_embedder, **several), report)
    said = [len(json.loads(str(a))) for (part, _), a in report.answers().items() if part == "validation"]
    assert 3 <= np.mean(said) < 4.5
    unseen = {**several, "validation": tuple(replace(e, output='["label 00"]') for e in parts["validation"])}
    settings = {"settings": {"depth": 1.0}} if arm.endswith(":base") else {}  # else chosen by validation answers
    run(job(arm, tmp_path / "b", tiny_base, tiny_embedder, **settings, **several), report)
    run(job(arm, tmp_path / "c", tiny_base, tiny_embedder, **settings, **unseen), blind)
    assert blind.answers() == report.answers()
    run(job(arm, tmp_path / "d", tiny_base, tiny_embedder, **settings, **{**several, "validation": ()}), none)
    assert len(none.answers()) == 10
