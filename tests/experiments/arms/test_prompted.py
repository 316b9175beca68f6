"""The same demonstrations in every prompt: as many as fit, decided once, and by the training rows alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from experiments.arms import run
from experiments.arms.prompted import fitting
from experiments.models import load_causal
from experiments.prompts import Prompter, balanced_shots
from tests.experiments.arm_jobs import LABELS, KeptReport, examples, job


def few_shot(folder: Path, base: Path, **settings: Any) -> Any:
    return run(job("few_shot", folder, base, None, settings=settings), KeptReport())


def test_as_many_demonstrations_as_fit_stand_in_every_prompt(tiny_base: Path, tmp_path: Path) -> None:
    whole = few_shot(tmp_path / "a", tiny_base, shots=8)
    assert whole.settings["shots"] == 8
    assert not any("fit into" in note for note in whole.notes)
    work = job("few_shot", tmp_path / "c", tiny_base, None)
    tokenizer = load_causal(tiny_base, "fp32", "cpu").tokenizer
    prompter = Prompter(tokenizer, "classification", work.instruction, LABELS, list_labels=False)
    limit = len(prompter.ids(work.train[0], balanced_shots(work.train, 5, LABELS))) + 8
    short = few_shot(tmp_path / "b", tiny_base, shots=8, max_prompt_tokens=limit)
    kept = short.settings["shots"]
    assert 0 < kept < 8
    assert f"{kept} of 8 demonstrations fit into" in " ".join(short.notes)
    assert not any("were left out" in note for note in short.notes)  # no prompt had to be cut by itself


def test_labels_are_listed_where_the_demonstrations_that_fit_do_not_show_them(tiny_base: Path, tmp_path: Path) -> None:
    assert not few_shot(tmp_path / "a", tiny_base, shots=8).settings["list_labels"]
    assert few_shot(tmp_path / "b", tiny_base, shots=1).settings["list_labels"]


def test_test_rows_decide_nothing(tiny_base: Path, tmp_path: Path) -> None:
    prompter = Prompter(load_causal(tiny_base, "fp32", "cpu").tokenizer, "classification", "Decide.", LABELS)
    work = job("few_shot", tmp_path, tiny_base, None)
    shots = examples(8)
    limit = len(prompter.ids(work.train[0], shots[:4])) + 5
    longer = tuple(replace(e, input=e.input * 30) for e in work.test)
    assert fitting(prompter, work, shots, limit) == fitting(prompter, replace(work, test=longer), shots, limit)
    assert fitting(prompter, work, (), limit) == ()
