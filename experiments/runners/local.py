"""Runs on this machine: start, cancel, resume. Page and command line call these; the worker does the work."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

import experiments
from advisor.errors import RunError
from advisor.vocabulary import Example, PilotPlan
from experiments.pilot import examples as kept
from experiments.pilot.documents import plan_json
from experiments.runners import watch
from experiments.runners.files import cancel_file, log_file
from experiments.runners.processes import alive, environment, remember, started
from workspace import Run, Store

WORKER = "experiments.runners.worker"
ROOT = Path(experiments.__file__).resolve().parents[1]


def new_key() -> str:
    """A key for one click on Start: whoever starts twice with it gets one run."""
    return secrets.token_hex(16)


def start(
    store: Store, project: str, plan: PilotPlan, examples: tuple[Example, ...], *, start_key: str, worker: str = WORKER
) -> Run:
    """Store a plan and set a process to work on it. The same `start_key` again returns the run that is there."""
    run = store.runs.create(project, plan.dataset_sha256, plan_json(plan), start_key)
    kept.keep(store, run.id, examples, plan)
    if run.state == "queued" and not alive(run.pid, run.pid_started):
        _spawn(store, run.id, worker)
    return store.runs.get(run.id)


def resume(store: Store, run_id: str, *, worker: str = WORKER) -> Run:
    """Go on where a run stopped; finished rows and cells are not repeated."""
    run = watch.observed(store, run_id)
    if run.state in ("running", "queued") and alive(run.pid, run.pid_started):
        raise RunError(f"Run {run.id} is {run.state}: its process is alive.", "Nothing to resume; see its status.")
    if run.state == "done" and not watch.failed_cells(store, run):
        raise RunError(f"Run {run.id} is done.", "Nothing to resume; see its results.")
    kept.of_run(store, run.id)
    cancel_file(store, run.id).unlink(missing_ok=True)
    store.runs.requeue(run.id, "resumed")
    _spawn(store, run.id, worker)
    return store.runs.get(run.id)


def cancel(store: Store, run_id: str) -> Run:
    """Ask a run to stop: within seconds it does, keeping every finished row. One without a process stops at once."""
    run = watch.observed(store, run_id)
    if run.state in ("done", "cancelled", "failed"):
        raise RunError(f"Run {run.id} is {run.state} already.", "There is nothing to cancel.")
    cancel_file(store, run.id).touch(mode=0o600)
    if not alive(run.pid, run.pid_started):
        store.runs.set_state(run.id, "cancelled", "cancelled while nothing worked on it")
    return store.runs.get(run.id)


def _spawn(store: Store, run: str, worker: str) -> None:
    """A process of its own session: it outlives this one, its terminal and its server."""
    log = log_file(store, run)
    with log.open("ab") as output:
        log.chmod(0o600)
        process = subprocess.Popen(
            [sys.executable, "-m", worker, run],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            env=environment(str(store.folder.resolve())),
            start_new_session=True,
        )
    remember(process)
    store.runs.claim(run, process.pid, started(process.pid))
