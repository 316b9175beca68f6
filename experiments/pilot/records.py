"""A run in the workspace → `PilotRecord`, and a record from elsewhere → a run in this workspace."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from advisor.errors import DataError
from advisor.vocabulary import Cell, CellResult, Example, GuardResult, PilotPlan, PilotRecord
from experiments import guards
from experiments.calibration import machine_name
from experiments.pilot import examples
from experiments.pilot.cell_words import cell_words, in_groups
from experiments.pilot.documents import cell_from_json, plan_from_json, plan_json, record_from_json, record_json, sealed
from experiments.pilot.estimated import estimates
from experiments.pilot.preference import Judgements
from experiments.pilot.results import Beside, results
from experiments.runners import allowance
from experiments.runners.pace import used_seconds
from workspace import Event, Run, Store


def record_of(store: Store, run_id: str) -> PilotRecord:
    """Everything a run was and found so far. Only finished cells count; rows of others stay out."""
    run = store.runs.get(run_id)
    events = store.events.all(run_id)
    if loaded := next((e for e in events if e.kind == "loaded"), None):
        return _judged_here(_loaded(store, run, loaded), Judgements.of(events))
    plan = plan_from_json(run.plan)
    kept = examples.of_run(store, run_id)
    finished = {e.payload["cell"]: e.payload for e in events if e.kind == "cell"}
    cells = tuple(_cell(plan, cell, finished[cell.key]) for cell in plan.all_cells if cell.key in finished)
    done = {(c.arm, c.size, c.seed) for c in cells}
    ready: dict[str, Any] = next((e.payload for e in reversed(events) if e.kind == "ready"), {})
    record = PilotRecord(
        run=run.id,
        state=run.state,
        plan=plan,
        rows=tuple(r for r in store.rows.all(run_id) if (r.arm, r.size, r.seed) in done),
        cells=cells,
        guards=_cell_guards(finished),
        versions=ready.get("versions", {}),
        machine={
            "name": machine_name(),
            "system": platform.platform(terse=True),
            "threads": plan.threads,
            "accelerator_name": ready.get("accelerator_name"),
        },
        started=run.created_at,
        seconds=used_seconds(events),
        results={},
        references={row: example.output for row, example in kept.items()},
        inputs={row: kept[row].input for row in (*plan.validation_rows, *plan.test_rows)},
    )
    return _complete(record, {row: example.input for row, example in kept.items()}, beside_of(plan, events))


def take_in(store: Store, project: str, record: PilotRecord) -> Run:
    """A record made elsewhere becomes a run here; the same record again gives the run that is there.

    One of the same run with other content, such as after it was resumed, becomes a run beside the earlier one.
    """
    key = f"loaded {record.run}"
    run = store.runs.create(project, record.plan.dataset_sha256, plan_json(record.plan), key)
    if store.events.all(run.id, kind="loaded"):
        if same(record_of(store, run.id), record):
            return run
        another = f"{key} {sealed(record_json(record))}"
        run = store.runs.create(project, record.plan.dataset_sha256, plan_json(record.plan), another)
        if store.events.all(run.id, kind="loaded"):
            return run
    kept = tuple(
        Example(row, row, record.inputs.get(row, ""), output) for row, output in sorted(record.references.items())
    )
    examples.keep(store, run.id, kept, record.plan)
    store.rows.add_many(run.id, record.rows)
    whole = {**record_json(record), "rows": []}
    store.events.append(run.id, "loaded", {"record": whole})
    store.runs.set_state(run.id, record.state, f"loaded from a record of run {record.run}")
    return store.runs.get(run.id)


def of_same_run(store: Store, record: PilotRecord) -> tuple[Run, ...]:
    """The run itself, where it ran here, and what was loaded of it before."""
    key = f"loaded {record.run}"
    return tuple(r for r in store.runs.all() if r.id == record.run or f"{r.start_key} ".startswith(f"{key} "))


def already_here(store: Store, runs: Sequence[Run], record: PilotRecord) -> Run | None:
    """The run among these that holds the record, one with the very same judgements before one with more."""
    held = [(run, kept) for run in runs if same(kept := record_of(store, run.id), record)]
    judged = record.results.get("preference")
    return min(held, key=lambda pair: pair[1].results.get("preference") != judged, default=(None, None))[0]


def same(here: PilotRecord, given: PilotRecord) -> bool:
    """Whether a record holds nothing that is not here: plan, state, answers, and what a person judged of them.

    Figures that are made from these are not compared.
    """
    judged = given.results.get("preference") or {}
    known = not judged.get("judged") or judged == here.results.get("preference")
    return known and _content(here) == _content(given)


def _content(record: PilotRecord) -> tuple[Any, ...]:
    cells = sorted((c.arm, c.size, c.seed, c.train_seconds or 0.0) for c in record.cells)
    rows = {(r.arm, r.size, r.seed, r.part, r.row): (r.prediction, r.score, r.error) for r in record.rows}
    return record.run, record.state, record.plan, cells, rows


def _cell(plan: PilotPlan, cell: Cell, payload: dict[str, Any]) -> CellResult:
    """A finished cell with what was estimated before it ran."""
    result = cell_from_json(payload["result"])
    return replace(result, estimated=estimates(plan, cell, result))


def beside_of(plan: PilotPlan, events: Sequence[Event]) -> Beside:
    """The exact text each finished cell gave for its first test row, and why cells were not done."""
    finished = {e.payload["cell"]: e.payload for e in events if e.kind == "cell"}
    failed = {e.payload["cell"]: str(e.payload["why"]) for e in events if e.kind == "cell_failed"}
    dropped = allowance.left_out(events)
    found = {key: f"failed: {why}" for key, why in failed.items()}
    found |= {key: f"left out: {why}" for key, why in dropped.items()}
    not_done = [f"{cell_words(key)} {how}" for key, how in found.items() if key not in finished]
    if waiting := allowance.for_later(plan, events):
        not_done.append(f"{in_groups(waiting, plan)}: did not fit the minutes")
    return Beside(
        prompts={key: str(payload["prompt"]) for key, payload in finished.items()},
        chats={key: payload.get("chat", []) for key, payload in finished.items()},
        not_done=tuple(not_done),
        minutes=allowance.minutes(plan, events),
        minutes_needed=allowance.needed(plan, events),
        judgements=Judgements.of(events),
    )


def _loaded(store: Store, run: Run, event: Event) -> PilotRecord:
    rows = [asdict(row) for row in store.rows.all(run.id)]
    record = record_from_json({**event.payload["record"], "rows": rows})
    if record.plan != plan_from_json(run.plan):
        raise DataError(f"Run {run.id} does not hold the plan of the record it was loaded from.", "Load it again.")
    return replace(record, results={**record.results, "minutes_needed": 0})  # only where it ran can it go on


def _judged_here(record: PilotRecord, judgements: Judgements) -> PilotRecord:
    """A record from elsewhere with what was judged here; its other results stay what they were."""
    if not judgements.made:
        return record
    again = results(record, Beside(judgements=judgements))
    return replace(record, results={**record.results, **{key: again[key] for key in ("preference", "verdict")}})


def _cell_guards(finished: dict[str, dict[str, Any]]) -> tuple[GuardResult, ...]:
    found = [(key, GuardResult(**g)) for key, payload in finished.items() for g in payload["guards"]]
    lines = guards.together(found)
    return tuple(GuardResult(str(g["guard"]), bool(g["ok"]), str(g["detail"])) for g in lines)


def _complete(record: PilotRecord, inputs: dict[int, str], beside: Beside) -> PilotRecord:
    proven = replace(record, guards=(*guards.data_guards(record, inputs), *record.guards))
    return replace(proven, results=results(proven, beside))
