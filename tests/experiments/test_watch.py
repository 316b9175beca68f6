"""What a person sees of a run while it works."""

from __future__ import annotations

import os

import pytest

from advisor.vocabulary import Cell
from experiments.pilot.documents import plan_json
from experiments.runners import pace, watch
from experiments.runners.processes import started
from tests.experiments import tiny
from workspace import Store

CELL = Cell("lora", 10, 1, 100.0, 60.0)


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


def test_what_was_done_stays_counted_when_a_run_is_resumed(store: Store) -> None:
    """Two of three cells' seconds; the second cell is begun again, trains again, and its share never falls."""
    first = Cell("classical", 10, 1, 100.0)
    plan = plan_json(tiny.plan((first, CELL), minutes=0.0))
    run = store.runs.create(store.projects.default().id, "ab" * 32, plan, "key").id
    store.runs.claim(run, os.getpid(), started(os.getpid()))
    store.runs.set_state(run, "running")
    store.events.append(run, "cell", {"cell": first.key, "seconds": 100.0, "result": {"train_seconds": None}})

    def step(phase: str, done: int) -> None:
        store.events.append(run, "step", {"cell": CELL.key, "phase": phase, "done": done, "total": 10})

    def shares() -> tuple[float, float]:
        found = watch.status(store, run)
        return found["done_share"], next(arm["done_share"] for arm in found["arms"] if arm["arm"] == "lora")

    store.events.append(run, "cell_started", {"cell": CELL.key, "pid": os.getpid()})
    step("train", 10)
    step("evaluate", 5)
    seen = [shares()]
    assert seen[0] == pytest.approx((0.9, 0.8))  # 100 s and 0.6 + 0.4 × a half of another 100 s
    left_s = watch.status(store, run)["seconds_left"]
    store.runs.set_state(run, "cancelled", "stopped")
    seen.append(shares())
    store.runs.set_state(run, "running")
    store.events.append(run, "cell_started", {"cell": CELL.key, "pid": os.getpid()})
    seen.append(shares())
    assert watch.status(store, run)["seconds_left"] > left_s  # what has to be done again takes its time
    for phase, done in (("train", 2), ("train", 10), ("evaluate", 5), ("evaluate", 9)):
        step(phase, done)
        seen.append(shares())
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx((0.98, 0.96))


def test_what_runs_when_the_time_is_up_still_has_time_left(store: Store) -> None:
    """One minute is used; half of what the running cell answers is left, 0.4 × 100 s × a half at the planned pace.

    It is ended a fifth after the minute: 12 s are left, not 20.
    """
    waiting = Cell("lora", 10, 2, 100.0, 60.0)
    plan = plan_json(tiny.plan((CELL, waiting), minutes=1.0))
    run = store.runs.create(store.projects.default().id, "ab" * 32, plan, "key").id
    store.runs.claim(run, os.getpid(), started(os.getpid()))
    store.runs.set_state(run, "running")
    store.events.append(run, "cell_started", {"cell": CELL.key, "pid": os.getpid()})
    store.events.append(run, "step", {"cell": CELL.key, "phase": "evaluate", "done": 5, "total": 10})
    store.events.append(run, "used", {"seconds": 60.0})
    found = watch.status(store, run)
    assert found["seconds_left"] == pytest.approx(12.0)
    assert found["done_share"] == pytest.approx(80 / (80 + 12), abs=1e-4)  # the second cell finds no time


def test_a_short_cell_says_nothing_about_a_long_one(store: Store) -> None:
    """A classifier that took a tenth of its few seconds does not make the prompt that follows any quicker."""
    quick, long = Cell("classical", 10, 1, 8.0), Cell("few_shot", 10, 1, 500.0)
    plan = tiny.plan((quick, long), minutes=0.0)
    run = store.runs.create(store.projects.default().id, "ab" * 32, plan_json(plan), "key").id
    event = {"cell": quick.key, "seconds": 0.8, "result": {"train_seconds": None}}
    store.events.append(run, "cell", event)
    assert pace.pace(plan, store.events.all(run)).seconds(long) == pytest.approx(500.0)


def test_slow_training_says_nothing_about_answering(store: Store) -> None:
    """Each kind of work has its own pace: 20 s of prior beside what was measured."""
    other = Cell("few_shot", 10, 1, 100.0)
    tuned = Cell("lora", 10, 2, 100.0, 60.0)
    plan = tiny.plan((other, CELL, tuned), minutes=0.0)
    run = store.runs.create(store.projects.default().id, "ab" * 32, plan_json(plan), "key").id
    for cell, seconds, trained in ((other, 40.0, None), (CELL, 140.0, 120.0)):
        store.events.append(run, "cell", {"cell": cell.key, "seconds": seconds, "result": {"train_seconds": trained}})
    found = pace.pace(plan, store.events.all(run))
    assert found.training.ratio == pytest.approx((120 + 20) / (60 + 20))
    assert found.answering.ratio == pytest.approx((40 + 20 + 20) / (100 + 40 + 20))
    assert found.seconds(tuned) == pytest.approx(60 * 1.75 + 40 * 0.5)
    assert found.seconds(tuned, pace.Parts(trained=1.0, answered=0.5)) == pytest.approx(20 * 0.5)
