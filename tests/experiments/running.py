"""Tiny runs, started and waited for."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from advisor.vocabulary import Cell
from experiments.runners import local, watch
from experiments.runners.processes import alive
from tests.experiments import tiny
from workspace import Run, Store

PATIENCE_S = 60.0


def opened(home: Path) -> Iterator[Store]:
    """A store of its own; workers that still live at the end are killed."""
    home.mkdir()
    store = Store(home)
    yield store
    for run in store.runs.all():
        if alive(run.pid, run.pid_started):
            os.kill(run.pid, signal.SIGKILL)
    store.close()


def start(store: Store, key: str = "key", cells: tuple[Cell, ...] | None = None, **settings: object) -> Run:
    minutes = float(settings.pop("minutes", 0.0))
    plan = tiny.plan(cells, minutes=minutes, **settings)
    return local.start(store, store.projects.default().id, plan, tiny.examples(), start_key=key, worker=tiny.WORKER)


def wait(store: Store, run: str, until: Callable[[Run], bool]) -> Run:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        seen = watch.observed(store, run)
        if until(seen):
            return seen
        time.sleep(0.02)
    raise AssertionError(f"waited for too long: {watch.observed(store, run)}")


def ended(run: Run) -> bool:
    return run.state not in ("queued", "running")


def answered(n: int, store: Store) -> Callable[[Run], bool]:
    return lambda run: len(store.rows.all(run.id)) >= n
