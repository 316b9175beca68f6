"""What a run left out for want of time is done when it is given more; nothing that was done is done again."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from advisor.errors import PlanError, RunError
from advisor.vocabulary import Cell
from experiments.commands import tables
from experiments.pilot.records import record_of
from experiments.runners import local, watch
from experiments.runners.clock import Clock
from tests.experiments import tiny
from tests.experiments.running import ended, opened, start, wait
from workspace import Run, Store

store = pytest.fixture(opened)
# 400 s do not fit a minute; what follows is dropped with it
CELLS = (Cell("majority", 10, 1, 1.0), Cell("majority", 20, 1, 400.0), Cell("majority", 5, 1, 1.0))


def short_of_time(store: Store) -> Run:
    return wait(store, start(store, cells=CELLS, minutes=1.0).id, ended)


def test_more_minutes_do_what_was_left_out(store: Store) -> None:
    run = short_of_time(store)
    assert len(record_of(store, run.id).results["left_out"]) == 2
    minutes = watch.status(store, run.id)["minutes_needed"]
    # 401 s at a pace that 1 s of work hardly moves from the plan's, and a fifth to spare: 8 minutes, and 1 was given
    assert 6 <= minutes <= 8
    shown = io.StringIO()
    tables.comparison(record_of(store, run.id).results, Console(file=shown, width=200))
    assert f"resume {run.id} --minutes {minutes}" in shown.getvalue()
    with pytest.raises(RunError, match="left out 2 of 3 parts"):
        local.resume(store, run.id, worker=tiny.WORKER)
    local.resume(store, run.id, worker=tiny.WORKER, more_minutes=minutes)
    again = wait(store, run.id, ended)
    assert again.state == "done"
    record = record_of(store, run.id)
    assert {cell.size for cell in record.cells} == {5, 10, 20}
    assert len(store.rows.all(run.id)) == 60
    starts = [event.payload["cell"] for event in store.events.all(run.id, kind="cell_started")]
    assert starts.count("majority/10/1") == 1
    assert (record.results["left_out"], record.results["minutes"]) == ([], 1.0 + minutes)
    assert {arm["state"] for arm in watch.status(store, run.id)["arms"]} == {"done"}
    with pytest.raises(RunError, match="is done"):
        local.resume(store, run.id, worker=tiny.WORKER, more_minutes=5)


def test_what_the_plan_itself_left_out_is_done_with_more_minutes(store: Store) -> None:
    later = (Cell("majority", 20, 2, 30.0), Cell("majority", 5, 1, 30.0))
    plan = replace(tiny.plan(CELLS[:1], minutes=1.0), later=later)
    run = local.start(store, store.projects.default().id, plan, tiny.examples(), start_key="k", worker=tiny.WORKER)
    wait(store, run.id, ended)
    status, results = watch.status(store, run.id), record_of(store, run.id).results
    assert (status["arms"][0]["cells"], status["arms"][0]["state"]) == (1, "done")
    assert len(status["left_out"]) == len(results["left_out"]) == 1
    assert results["left_out"][0].endswith("did not fit the minutes")
    minutes = status["minutes_needed"]
    assert minutes == results["minutes_needed"] == watch.minutes_needed(store, store.runs.get(run.id)) == 1
    with pytest.raises(RunError, match="left out 2 of 3 parts"):
        local.resume(store, run.id, worker=tiny.WORKER)
    local.resume(store, run.id, worker=tiny.WORKER, more_minutes=minutes)
    wait(store, run.id, ended)
    record = record_of(store, run.id)
    assert {(cell.size, cell.seed) for cell in record.cells} == {(10, 1), (20, 2), (5, 1)}
    assert (record.results["left_out"], record.results["minutes_needed"]) == ([], 0)


def test_too_few_minutes_leave_it_out_again(store: Store) -> None:
    run = short_of_time(store)
    needed = watch.status(store, run.id)["minutes_needed"]
    local.resume(store, run.id, worker=tiny.WORKER, more_minutes=0.5)
    again = wait(store, run.id, ended)
    assert again.state == "done"
    assert len(record_of(store, run.id).results["left_out"]) == 2
    assert watch.status(store, run.id)["minutes_needed"] <= needed


@pytest.mark.parametrize("minutes", [0.0, -3.0, float("nan"), float("inf"), 1e9])
def test_no_minutes_are_refused_and_change_nothing(store: Store, minutes: float) -> None:
    run = short_of_time(store)
    before = store.events.all(run.id)
    with pytest.raises(PlanError, match="cannot be the minutes"):
        local.resume(store, run.id, worker=tiny.WORKER, more_minutes=minutes)
    assert store.events.all(run.id) == before
    assert store.runs.get(run.id).state == "done"


def test_a_replay_has_no_clock_to_add_to(store: Store) -> None:
    run = wait(store, start(store, crash=True).id, ended)
    with pytest.raises(RunError, match="is a replay"):
        local.resume(store, run.id, worker=tiny.WORKER, more_minutes=5)


def test_a_cell_answered_before_its_worker_was_killed_still_fits_the_time(store: Store) -> None:
    # 100 s do not fit a minute; nearly all of its rows are answered, so a second of it is left
    cell = Cell("majority", 20, 1, 100.0, 50.0)
    run = wait(store, start(store, cells=(CELLS[0], cell), minutes=1.0).id, ended)
    plan = record_of(store, run.id).plan
    clock = Clock(store, run.id, plan)
    store.events.append(run.id, "cell_started", {"cell": cell.key, "pid": 1})
    store.events.append(run.id, "step", {"cell": cell.key, "phase": "train", "done": 9, "total": 10})
    assert not clock.fits(cell, first=False), "training that had not ended begins anew"
    store.events.append(run.id, "step", {"cell": cell.key, "phase": "evaluate", "done": 39, "total": 40})
    assert clock.fits(cell, first=False)
