"""A run survives anything: kills, double starts, a full disk; nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import psutil
import pytest

from advisor.errors import RunError
from advisor.vocabulary import Cell
from experiments.arms import resources
from experiments.arms.job import CellOutcome
from experiments.runners import cell as cell_process
from experiments.runners import lease, local, watch
from tests.experiments import tiny
from tests.experiments.running import answered, ended, opened, start, wait
from workspace import Store

store = pytest.fixture(opened)


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_run_answers_every_row_once(store: Store) -> None:
    run = wait(store, start(store).id, ended)
    assert (run.state, run.reason) == ("done", None)
    rows = store.rows.all(run.id)
    # two cells × (6 validation + 14 test rows); two thirds of the training rows say no
    assert len(rows) == 40
    assert {r.prediction for r in rows} == {"no"}
    assert sum(r.score or 0 for r in rows if r.part == "test" and r.size == 10) == sum(
        e.output == "no" for e in tiny.examples()[26:]
    )
    status = watch.status(store, run.id)
    assert (status["done_share"], status["seconds_left"], status["arms"][0]["cells_done"]) == (1.0, None, 2)


@pytest.mark.slow
def test_kills_at_any_instant_lose_nothing_and_repeat_nothing(store: Store) -> None:
    undisturbed = wait(store, start(store, "undisturbed", row_seconds=0.01, mark=True).id, ended)
    rng = random.Random(20261104)
    run = start(store, "killed", row_seconds=0.03, step_seconds=0.05, mark=True)
    kills, acknowledged = 0, set()
    while kills < 8:
        time.sleep(rng.uniform(0.05, 0.9))
        now = store.runs.get(run.id)
        if now.state not in ("queued", "running"):
            break
        acknowledged |= set(store.rows.all(run.id))
        assert now.pid is not None
        os.kill(now.pid, signal.SIGKILL)
        kills += 1
        lost = wait(store, run.id, ended)
        assert lost.state == "lost"
        assert "signal 9 (SIGKILL)" in str(lost.reason)
        assert acknowledged <= set(store.rows.all(run.id))
        local.resume(store, run.id, worker=tiny.WORKER)
    done = wait(store, run.id, ended)
    assert kills >= 3
    assert done.state == "done"
    rows = store.rows.all(run.id)
    assert acknowledged <= set(rows)
    assert rows == store.rows.all(undisturbed.id)
    ends = [e.payload["cell"] for e in store.events.all(run.id, kind="cell")]
    assert sorted(ends) == ["majority/10/1", "majority/20/1"]


def test_a_killed_worker_takes_its_cell_with_it(store: Store) -> None:
    run = wait(store, start(store, row_seconds=0.05).id, answered(2, store))
    child = int(store.events.all(run.id, kind="cell_started")[-1].payload["pid"])
    os.kill(run.pid, signal.SIGKILL)
    wait(store, run.id, ended)
    end = time.monotonic() + 10
    while not gone(child) and time.monotonic() < end:
        time.sleep(0.02)
    assert gone(child)


def test_a_cell_killed_from_outside_is_tried_once_more_without_repeating_rows(store: Store) -> None:
    run = wait(store, start(store, row_seconds=0.03).id, answered(3, store))
    os.kill(int(store.events.all(run.id, kind="cell_started")[-1].payload["pid"]), signal.SIGKILL)
    done = wait(store, run.id, ended)
    assert done.state == "done"
    assert len(store.rows.all(run.id)) == 40
    assert len(store.events.all(run.id, kind="cell_started")) == 3


def test_two_starts_make_one_run_and_one_worker(store: Store) -> None:
    first, second = start(store, "one", row_seconds=0.02), start(store, "one", row_seconds=0.02)
    assert (first.id, first.pid) == (second.id, second.pid)
    wait(store, first.id, ended)
    assert len(store.runs.all()) == 1


def test_a_second_worker_for_the_same_run_goes_away(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = wait(store, start(store, row_seconds=0.04).id, answered(1, store))
    lock = lease.run_lock(store, run.id)
    assert not lock.take()
    wait(store, run.id, ended)
    end = time.monotonic() + 10
    while not (taken := lock.take()) and time.monotonic() < end:
        time.sleep(0.02)
    assert taken
    lock.let_go()


def test_cancel_stops_soon_and_keeps_what_was_answered(store: Store) -> None:
    run = wait(store, start(store, row_seconds=0.05).id, answered(3, store))
    local.cancel(store, run.id)
    done = wait(store, run.id, ended)
    assert done.state == "cancelled"
    assert 3 <= len(store.rows.all(run.id)) < 40
    with pytest.raises(RunError, match="cancelled already"):
        local.cancel(store, run.id)
    local.resume(store, run.id, worker=tiny.WORKER)
    assert wait(store, run.id, ended).state == "done"
    assert len(store.rows.all(run.id)) == 40


def test_a_polite_end_pauses_the_run(store: Store) -> None:
    run = wait(store, start(store, row_seconds=0.05).id, answered(2, store))
    os.kill(run.pid, signal.SIGTERM)
    paused = wait(store, run.id, ended)
    assert paused.state == "paused"
    assert "SIGTERM" in str(paused.reason)
    local.resume(store, run.id, worker=tiny.WORKER)
    assert wait(store, run.id, ended).state == "done"


def test_lost_time_does_not_count(store: Store) -> None:
    run = wait(store, start(store, row_seconds=0.05).id, answered(2, store))
    os.kill(run.pid, signal.SIGTERM)
    wait(store, run.id, ended)
    time.sleep(1.5)
    before = watch.status(store, run.id)["seconds_used"]
    local.resume(store, run.id, worker=tiny.WORKER)
    wait(store, run.id, ended)
    events = store.events.all(run.id)
    active = watch.status(store, run.id)["seconds_used"]
    assert before < active < events[-1].at - events[0].at - 1.5


def test_a_worker_that_cannot_start_is_lost_with_its_exit_code(store: Store) -> None:
    plan = tiny.plan()
    run = local.start(
        store, store.projects.default().id, plan, tiny.examples(), start_key="k", worker="tests.experiments.nowhere"
    )
    lost = wait(store, run.id, ended)
    assert lost.state == "lost"
    assert "exit code 1" in str(lost.reason)


def test_a_reused_pid_is_not_our_worker(store: Store) -> None:
    run = store.runs.create(store.projects.default().id, "ab" * 32, {"accelerator": "cpu", "cells": []}, "k")
    store.runs.claim(run.id, os.getpid(), 12345.0)  # this very process, but another start time
    store.runs.set_state(run.id, "running")
    assert watch.observed(store, run.id).state == "lost"


@pytest.mark.slow
def test_a_cell_that_is_held_still_is_seen(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The heart of the worker beats only while its cell moves."""
    monkeypatch.setattr(watch, "STALLED_S", 6.0)
    run = wait(store, start(store, row_seconds=0.1).id, answered(1, store))
    child = int(store.events.all(run.id, kind="cell_started")[-1].payload["pid"])
    os.kill(child, signal.SIGSTOP)
    wait(store, run.id, lambda seen: watch.stalled(seen, time.time()))
    assert watch.status(store, run.id)["stalled"]
    os.kill(child, signal.SIGCONT)
    assert wait(store, run.id, ended).state == "done"


def test_a_full_disk_pauses_the_run_and_loses_nothing(store: Store) -> None:
    run = wait(store, start(store, full=True).id, ended)
    assert run.state == "paused"
    assert "disk is full" in str(run.reason)
    assert not (store.runs.folder(run.id) / "reserve").exists()
    for cell in (store.runs.folder(run.id) / "cells").iterdir():
        (cell / "space").touch()
    (store.runs.folder(run.id) / "cells" / "majority-20-1").mkdir()
    (store.runs.folder(run.id) / "cells" / "majority-20-1" / "space").touch()
    local.resume(store, run.id, worker=tiny.WORKER)
    assert wait(store, run.id, ended).state == "done"
    assert len(store.rows.all(run.id)) == 40


def test_one_accelerator_one_pilot_and_a_visible_queue(store: Store) -> None:
    first = wait(store, start(store, "1", row_seconds=2.0).id, answered(1, store))
    second, third = start(store, "2"), start(store, "3")
    assert [lease.place(store, r) for r in (first, second, third)] == [0, 1, 2]
    assert watch.status(store, second.id)["queue_place"] == 1
    local.cancel(store, second.id)
    assert wait(store, second.id, ended).state == "cancelled"
    assert store.rows.all(second.id) == ()
    assert lease.place(store, store.runs.get(third.id)) == 1
    local.cancel(store, first.id)
    wait(store, third.id, ended)
    states = [{e.payload["state"]: e.at for e in store.events.all(r.id, kind="state")} for r in (first, third)]
    assert states[0]["cancelled"] <= states[1]["running"] <= states[1]["done"]


def test_an_arm_that_crashes_is_named_and_the_others_go_on(store: Store) -> None:
    run = wait(store, start(store, crash=True).id, ended)
    assert run.state == "failed"
    assert "told to crash" in str(run.reason)
    assert watch.failed_cells(store, run) == ("majority/10/1", "majority/20/1")
    assert watch.status(store, run.id)["arms"][0]["state"] == "failed"


def test_cells_are_dropped_whole_from_the_end_when_time_runs_short(store: Store) -> None:
    cells = (Cell("majority", 10, 1, 1.0), Cell("majority", 20, 1, 400.0), Cell("majority", 5, 1, 1.0))
    # 400 s do not fit a minute; what follows is dropped with it, although it would
    run = wait(store, start(store, cells=cells, minutes=1.0).id, ended)
    assert run.state == "done"
    assert {(r.size) for r in store.rows.all(run.id)} == {10}
    dropped = {e.payload["cell"]: e.payload["why"] for e in store.events.all(run.id, kind="cell_dropped")}
    assert list(dropped) == ["majority/20/1", "majority/5/1"]
    assert re.search(r"^0\.\d of 1 minute were used and it needs about [4-9]\.\d more$", dropped["majority/20/1"])


@pytest.mark.parametrize(("arm", "done"), [("majority", False), ("majority:other", True)])
def test_the_first_cell_of_an_arm_is_given_more_hope(store: Store, arm: str, done: bool) -> None:
    """75 s are expected of a minute: too much for a repetition, worth a try for an arm that has nothing yet."""
    cells = (Cell("majority", 10, 1, 1.0), Cell(arm, 20, 1, 75.0))
    run = wait(store, start(store, cells=cells, minutes=1.0).id, ended)
    assert run.state == "done"
    assert ((arm, 20, 1) in store.rows.counts(run.id)) is done


def test_a_cell_that_takes_far_longer_than_planned_is_ended(store: Store) -> None:
    # 0.02 minutes and 20 % = 1.44 s; the first cell alone would take 20 × 0.5 s
    run = wait(store, start(store, minutes=0.02, row_seconds=0.5).id, ended)
    assert run.state == "done"
    assert len(store.events.all(run.id, kind="cell_dropped")) == 2
    assert store.events.all(run.id, kind="cell") == ()


def test_done_runs_are_not_resumed(store: Store) -> None:
    run = wait(store, start(store).id, ended)
    with pytest.raises(RunError, match="is done"):
        local.resume(store, run.id, worker=tiny.WORKER)


def test_the_worker_inherits_no_key(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_API_KEY", "sk-nobody-may-see-this")
    run = start(store, row_seconds=0.05)
    assert "SECRET_API_KEY" not in psutil.Process(run.pid).environ()
    assert os.getsid(run.pid) == run.pid
    wait(store, run.id, ended)


def test_where_forking_is_not_safe_every_cell_is_a_fresh_process(store: Store) -> None:
    """A GPU is opened once per process, so its cells are started, not forked; the tiny arm needs no GPU for that."""
    plan = replace(tiny.plan(row_seconds=0.02), accelerator="cuda")
    run = local.start(store, store.projects.default().id, plan, tiny.examples(), start_key="gpu", worker=tiny.WORKER)
    run = wait(store, run.id, answered(3, store))
    os.kill(run.pid, signal.SIGKILL)
    assert wait(store, run.id, ended).state == "lost"
    local.resume(store, run.id, worker=tiny.WORKER)
    done = wait(store, run.id, ended)
    assert (done.state, done.reason) == ("done", None)
    assert len(store.rows.all(run.id)) == 40


@pytest.mark.parametrize(("reserved", "of_the_card"), [(1234.5, True), (0.0, False)])
def test_on_a_card_its_own_memory_counts_where_it_was_used(
    reserved: float, of_the_card: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "reserved_mib", lambda: reserved)
    assert (cell_process.peak_memory_mib("cuda") == reserved) is of_the_card
    assert cell_process.peak_memory_mib("cpu") > 10.0  # this process


def test_the_most_memory_of_a_resumed_cell_holds_the_training_of_the_process_before() -> None:
    work: Any = SimpleNamespace(cell=Cell("lora", 8, 0, 1.0), plan=SimpleNamespace(accelerator="cpu"))
    of_this_process = cell_process.peak_memory_mib("cpu")
    for trained_mib, holds in ((None, of_this_process), (1.0, of_this_process), (9e6, 9e6)):
        outcome = CellOutcome({}, training_memory_mib=trained_mib)
        result = cast(dict[str, float], cell_process._finished(work, outcome, 1.0)["result"])
        assert result["peak_memory_mib"] == pytest.approx(holds, rel=0.2)
