"""The rows of a run, kept beside it: a resumed run and a loaded record need no upload again."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from advisor.errors import RunError
from advisor.vocabulary import Example, Message, PilotPlan
from workspace import Store

FILE = "examples.jsonl"


def keep(store: Store, run: str, examples: tuple[Example, ...], plan: PilotPlan) -> None:
    """Write the examples a plan uses into the run's folder, whole or not at all."""
    path = store.runs.folder(run) / FILE
    if path.exists():
        return
    wanted = {*plan.train_rows, *plan.validation_rows, *plan.test_rows}
    aside = path.with_suffix(".tmp")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        for example in examples:
            if example.row in wanted:
                file.write(json.dumps(asdict(example)) + "\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def of_run(store: Store, run: str) -> dict[int, Example]:
    """The examples of a run by their row."""
    path: Path = store.runs.folder(run) / FILE
    if not path.exists():
        raise RunError(f"The rows of run {run} are not here.", "Start the pilot again from the file of examples.")
    with path.open(encoding="utf-8") as file:
        return {example.row: example for example in map(_example, file)}


def _example(line: str) -> Example:
    fields: dict[str, Any] = json.loads(line)
    turns = tuple(Message(**turn) for turn in fields.pop("turns"))
    return Example(**{**fields, "references": tuple(fields["references"]), "turns": turns})
