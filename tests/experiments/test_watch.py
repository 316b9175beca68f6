"""What a person sees of a run while it works."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.vocabulary import Cell
from experiments.pilot.documents import plan_json
from experiments.runners import watch
from experiments.runners.processes import started
from tests.experiments import tiny
from workspace import Store

CELL = Cell("lora", 10, 1, 100.0, 60.0)


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    home.mkdir()
    store = Store(home)
    yield store
    store.close()


def test_what_is_done_never_shrinks(store: Store) -> None:
    """Training takes 60 of this cell's 100 s; prompts are rendered (`load`) before it and after it."""
    plan = plan_json(tiny.plan((CELL,), minutes=0.0))
    run = store.runs.create(store.projects.default().id, "ab" * 32, plan, "key").id
    store.runs.claim(run, os.getpid(), started(os.getpid()))
    store.events.append(run, "cell_started", {"cell": CELL.key, "pid": 1})
    seen = []
    for phase, done in (
        ("load", 0), ("train", 0), ("train", 5), ("train", 10), ("load", 3), ("calibrate", 5), ("evaluate", 0),
        ("evaluate", 5), ("evaluate", 10),
    ):  # fmt: skip
        store.events.append(run, "step", {"cell": CELL.key, "phase": phase, "done": done, "total": 10})
        seen.append(watch.status(store, run)["done_share"])
    assert seen == sorted(seen)
    # 0.6 × a half; 0.6; 0.6 + 0.4 × a half; never quite all before it is over
    assert seen[2:] == pytest.approx([0.3, 0.6, 0.6, 0.6, 0.6, 0.8, 0.99])
