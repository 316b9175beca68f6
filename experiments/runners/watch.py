"""How a run stands, as anybody sees it who reads the database: nothing here needs the process that started it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from advisor.vocabulary import Cell, PilotPlan
from experiments.pilot.cell_words import for_more_minutes
from experiments.pilot.documents import plan_from_json
from experiments.runners import allowance, lease
from experiments.runners.clock import MUST_END_SHARE
from experiments.runners.pace import Pace, Parts, furthest, pace, parts, used_seconds
from experiments.runners.processes import alive, ended_by
from workspace import Event, Run, Store

STALLED_S = 30.0  # no heartbeat for this long and the run is shown as stalled (reference/reliability, F26)
START_PATIENCE_S = 30.0  # between the row in the database and the process that works on it


def observed(store: Store, run_id: str) -> Run:
    """The run as it is: one whose process has gone is `lost` from now on, with the signal if anybody knows it."""
    run = store.runs.get(run_id)
    if run.state not in ("running", "queued") or alive(run.pid, run.pid_started):
        return run
    queued_at = run.heartbeat or datetime.fromisoformat(run.created_at).timestamp()
    if run.pid is None and time.time() - queued_at < START_PATIENCE_S:
        return run
    how = ended_by(run.pid)
    reason = "its process never started" if run.pid is None else "its process has gone"
    reason = f"{reason}: {how}" if how else f"{reason}; how it ended is not known"
    store.runs.set_state(run_id, "lost", f"{reason}. Resume it to go on.", only_from=(run.state,))
    return store.runs.get(run_id)


def stalled(run: Run, now: float) -> bool:
    """Alive, but nothing has moved for a while."""
    return run.state == "running" and run.heartbeat is not None and now - run.heartbeat > STALLED_S


def failed_cells(store: Store, run: Run) -> tuple[str, ...]:
    """Cells that were tried and did not end well."""
    events = store.events.all(run.id)
    done = {e.payload["cell"] for e in events if e.kind == "cell"}
    failed = [e.payload["cell"] for e in events if e.kind == "cell_failed" and e.payload["cell"] not in done]
    return tuple(dict.fromkeys(failed))


def minutes_needed(store: Store, run: Run) -> int:
    """Whole minutes more that would do what a run left out for time; 0 when it left out nothing, or is not over."""
    if run.state != "done":
        return 0
    return allowance.needed(plan_from_json(run.plan), store.events.all(run.id))


def status(store: Store, run_id: str) -> dict[str, Any]:
    """The contract's document of `status`."""
    run = observed(store, run_id)
    plan = plan_from_json(run.plan)
    events = store.events.all(run_id)
    answered = store.rows.counts(run_id)
    elsewhere, left_out = _finished_elsewhere(events), allowance.left_out(events)
    cells = tuple(
        CellStatus(cell, "done", Parts(1.0, 1.0), "", "", answered.get((cell.arm, cell.size, cell.seed), 0))
        if cell.key in elsewhere
        else _cell(cell, run, events, answered, left_out)
        for cell in allowance.cells(plan, events)
    )
    seen = pace(plan, events)
    left_s = _seconds_left(plan, events, cells, seen)
    over = run.state in ("done", "cancelled", "failed")
    return {
        "run": run.id,
        "state": run.state,
        "reason": run.reason,
        "pid": run.pid,
        "pid_started": run.pid_started,
        "stalled": stalled(run, time.time()),
        "queue_place": lease.place(store, run) if run.state == "queued" else None,
        "done_share": 1.0 if run.state == "done" else _done_share(cells, seen, left_s),
        "seconds_left": None if over else round(left_s, 1),
        "seconds_used": used_seconds(events),
        "minutes": allowance.minutes(plan, events),
        "minutes_needed": allowance.needed(plan, events) if run.state == "done" else 0,
        "created_at": run.created_at,
        "dataset": plan.dataset_name,
        "arms": _arms(plan, cells),
        "left_out": [*plan.left_out, *for_more_minutes(allowance.for_later(plan, events), plan)],
        "rows_answered": sum(answered.values()),
    }


def _seconds_left(plan: PilotPlan, events: Sequence[Event], cells: Sequence[CellStatus], seen: Pace) -> float:
    """At the pace seen so far: until the minutes are over, for then cells are dropped; what runs has a little more."""
    running = sum(seen.seconds(c.cell, c.parts) for c in cells if c.state == "running")
    expected = running + sum(seen.seconds(c.cell, c.parts) for c in cells if c.state == "waiting")
    allowed = allowance.minutes(plan, events)
    if allowed <= 0:
        return expected
    used_s = used_seconds(events)
    running = min(running, allowed * 60 * MUST_END_SHARE - used_s)
    return min(expected, max(0.0, allowed * 60 - used_s, running))


def _done_share(cells: Sequence[CellStatus], seen: Pace, left_s: float) -> float:
    """Of what will be done, weighed as planned: cells that wait count as far as the time left reaches."""
    done = sum(c.cell.seconds * c.share for c in cells)
    whole = done
    for c in sorted((c for c in cells if c.state in ("running", "waiting")), key=lambda c: c.state):
        needs = seen.seconds(c.cell, c.parts)
        whole += c.cell.seconds * (1 - c.share) * min(1.0, max(0.0, left_s) / needs if needs else 1.0)
        left_s -= needs
    return round(done / whole, 4) if whole else 0.0


def _finished_elsewhere(events: Sequence[Event]) -> set[str]:
    """The cells that a loaded record brought with it."""
    cells = [c for e in events if e.kind == "loaded" for c in e.payload["record"]["cells"]]
    return {Cell(c["arm"], c["size"], c["seed"], 0.0).key for c in cells}


@dataclass(frozen=True, slots=True)
class CellStatus:
    """One cell: `parts` of its work that this attempt has done, `reached` those that any attempt did; its `phase`."""

    cell: Cell
    state: str
    parts: Parts
    phase: str
    why: str
    rows: int
    reached: Parts = field(default_factory=Parts)

    @property
    def share(self) -> float:
        """Of all its work as planned; never quite all before it is over, and never less after it was begun again."""
        if self.state == "done" or not self.cell.seconds:
            return float(self.state == "done")
        training = self.cell.train_seconds / self.cell.seconds
        return min(0.99, training * self.reached.trained + (1 - training) * self.reached.answered)


def _cell(
    cell: Cell,
    run: Run,
    events: Sequence[Event],
    answered: dict[tuple[str, int, int], int],
    left_out: dict[str, str],
) -> CellStatus:
    mine = [e for e in events if e.payload.get("cell") == cell.key]
    last = {e.kind: e for e in mine}
    rows = answered.get((cell.arm, cell.size, cell.seed), 0)
    if "cell" in last:
        return CellStatus(cell, "done", Parts(1.0, 1.0), "", "", rows)
    if cell.key in left_out:
        return CellStatus(cell, "dropped", Parts(), "", left_out[cell.key], rows)
    began = last["cell_started"].sequence if "cell_started" in last else 0
    if "cell_failed" in last and last["cell_failed"].sequence > began:
        return CellStatus(cell, "failed", Parts(), "", str(last["cell_failed"].payload["why"]), rows)
    steps = [e for e in mine if e.kind == "step" and e.sequence > began]
    phase = str(steps[-1].payload["phase"]) if steps else ""
    state = "running" if began and run.state == "running" else "waiting"
    return CellStatus(cell, state, parts(cell, mine), phase, "", rows, furthest(cell, mine))


def _arms(plan: PilotPlan, cells: Sequence[CellStatus]) -> list[dict[str, Any]]:
    found = []
    for arm in plan.arms:
        mine = [c for c in cells if c.cell.arm == arm.arm]
        states = {c.state for c in mine}
        now = next((c for c in mine if c.state == "running"), None)
        order = ("running", "failed", "waiting", "done", "dropped")
        found.append(
            {
                "arm": arm.arm,
                "method": arm.method,
                "state": next((s for s in order if s in states), "dropped"),
                "phase": now.phase if now else "",
                "done_share": round(sum(c.share for c in mine) / max(1, len(mine)), 3),
                "cells": len(mine),
                "cells_done": sum(c.state == "done" for c in mine),
                "rows": sum(c.rows for c in mine),
                "why": next((c.why for c in mine if c.why), ""),
            }
        )
    return found
