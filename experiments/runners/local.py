"""Runs on this machine: start, cancel, resume. Page and command line call these; the worker does the work."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import experiments
from advisor.errors import RunError
from advisor.vocabulary import Example, PilotPlan
from experiments.api.secret import ASKED_FROM, Secret, handed_over
from experiments.api.service import Service
from experiments.dataset.wording import many
from experiments.pilot import examples as kept
from experiments.pilot.documents import plan_from_json, plan_json
from experiments.pilot.hosted import services
from experiments.runners import allowance, watch
from experiments.runners.files import cancel_file, log_file
from experiments.runners.processes import alive, environment, remember, started
from workspace import Event, Run, Store

WORKER = "experiments.runners.worker"
NO_KEY = Secret()
ROOT = Path(experiments.__file__).resolve().parents[1]


def new_key() -> str:
    """A key for one click on Start: whoever starts twice with it gets one run."""
    return secrets.token_hex(16)


def start(
    store: Store,
    project: str,
    plan: PilotPlan,
    examples: tuple[Example, ...],
    *,
    start_key: str,
    worker: str = WORKER,
    api_key: Secret = NO_KEY,
) -> Run:
    """Store a plan and set a process to work on it. The same `start_key` again returns the run that is there.

    A plan with arms that ask a service is started only once the person has agreed to what is sent where.
    """
    run = store.runs.create(project, plan.dataset_sha256, plan_json(plan), start_key)
    kept.keep(store, run.id, examples, plan)
    if run.state == "queued" and not alive(run.pid, run.pid_started):
        for service in list(services(plan).values())[:1]:
            store.events.append(run.id, "agreed", {"base_url": service.base_url, "model": service.api_model})
        _spawn(store, run.id, worker, api_key)
    return store.runs.get(run.id)


def still_asks(store: Store, run_id: str) -> Service | None:
    """The service that a run has not finished asking; None where it asks none any more."""
    run = store.runs.get(run_id)
    done = {event.payload["cell"] for event in store.events.all(run_id, kind="cell")}
    plan = plan_from_json(run.plan)
    open_arms = {cell.arm for cell in plan.cells if cell.key not in done}
    return next((service for arm, service in services(plan).items() if arm in open_arms), None)


def nothing_left(store: Store, run_id: str) -> bool:
    """Whether a run came to its end here with every part done: there is nothing that more time would add."""
    run = watch.observed(store, run_id)
    if run.state != "done" or watch.failed_cells(store, run) or store.events.all(run_id, kind="loaded"):
        return False
    return not allowance.needed(plan_from_json(run.plan), store.events.all(run_id))


def resume(
    store: Store, run_id: str, *, worker: str = WORKER, api_key: Secret = NO_KEY, more_minutes: float | None = None
) -> Run:
    """Go on where a run stopped; finished rows and cells are not repeated. A key is asked for again.

    With more minutes, what was left out for want of time is tried again.
    """
    run = watch.observed(store, run_id)
    if run.state in ("running", "queued") and alive(run.pid, run.pid_started):
        raise RunError(f"Run {run.id} is {run.state}: its process is alive.", "Nothing to resume; see its status.")
    plan, events = plan_from_json(run.plan), store.events.all(run.id)
    if run.state == "done" and not watch.failed_cells(store, run):
        _something_is_open(run.id, plan, events, more_minutes)
    given = None if more_minutes is None else allowance.checked(run.id, plan, more_minutes)
    _may_ask(store, run.id, api_key)
    kept.of_run(store, run.id)
    cancel_file(store, run.id).unlink(missing_ok=True)
    if given is not None:
        store.events.append(run.id, allowance.GIVEN, {"minutes": given})
    store.runs.requeue(run.id, "resumed")
    _spawn(store, run.id, worker, api_key)
    return store.runs.get(run.id)


def _something_is_open(run: str, plan: PilotPlan, events: Sequence[Event], more_minutes: float | None) -> None:
    """A run that came to its end goes on only for what it left out, and only with more time."""
    minutes = allowance.needed(plan, events)
    if any(event.kind == "loaded" for event in events):
        raise RunError(
            f"Run {run} was loaded from a record: it goes on only where it ran.",
            "Resume it there, or do its plan again here: run DATA --plan RECORD.",
        )
    if not minutes:
        raise RunError(f"Run {run} is done.", "Nothing to resume; see its results.")
    if more_minutes is None:
        left_out = len(allowance.left_out(events)) + len(allowance.for_later(plan, events))
        raise RunError(
            f"Run {run} is done, and left out {left_out} of {many(len(plan.all_cells), 'part')} for time.",
            f"Give it about {many(minutes, 'minute')} more for them: resume {run} --minutes {minutes}.",
        )


def _may_ask(store: Store, run: str, api_key: Secret) -> None:
    """Refuse to go on asking a service that nobody here agreed to, or without the key it was asked with."""
    service = still_asks(store, run)
    if service is None:
        return
    if not store.events.all(run, kind="agreed"):
        raise RunError(
            f"Run {run} comes from elsewhere and asks {service.base_url}; nobody here has agreed to that.",
            "Start a pilot of your own with that service.",
        )
    if service.keyed and not api_key:
        raise RunError(
            f"Run {run} asks {service.base_url} with a key, and keys are never kept.",
            f"Give the key again: set {ASKED_FROM}, or type it.",
        )


def cancel(store: Store, run_id: str) -> Run:
    """Ask a run to stop: within seconds it does, keeping every finished row. One without a process stops at once."""
    run = watch.observed(store, run_id)
    if run.state in ("done", "cancelled", "failed"):
        raise RunError(f"Run {run.id} is {run.state} already.", "There is nothing to cancel.")
    cancel_file(store, run.id).touch(mode=0o600)
    if not alive(run.pid, run.pid_started):
        store.runs.set_state(run.id, "cancelled", "cancelled while nothing worked on it")
    return store.runs.get(run.id)


def _spawn(store: Store, run: str, worker: str, api_key: Secret) -> None:
    """A process of its own session: it outlives this one, its terminal and its server. A key is only in its memory."""
    log = log_file(store, run)
    with log.open("ab") as output:
        log.chmod(0o600)
        process = subprocess.Popen(
            [sys.executable, "-m", worker, run],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            env={**environment(str(store.folder.resolve())), **handed_over(api_key)},
            start_new_session=True,
        )
    remember(process)
    store.runs.claim(run, process.pid, started(process.pid))
