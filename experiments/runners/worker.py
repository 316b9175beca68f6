"""What runs: `python -m experiments.runners.worker RUN` works on one run until it is done, cancelled or stopped.

It imports once; every cell is a child forked from here before any tensor exists (on a GPU: a fresh process).
It writes what happened before it goes on, so that it may die at any moment and be started again.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from advisor.errors import NoSpace, TuneOrPromptError
from advisor.vocabulary import Cell, PilotPlan, RunState
from experiments.calibration import learn, learn_memory
from experiments.pilot import examples
from experiments.pilot.documents import cell_from_json, plan_from_json
from experiments.runners import allowance, children, lease
from experiments.runners.cell import DONE, NO_SPACE, Models, RunArm
from experiments.runners.clock import Clock
from experiments.runners.files import cancel_file, release_reserve, reserve_space
from experiments.runners.processes import signal_words, started
from workspace import Store

LOOK_EVERY_S = 0.5
LOCK_PATIENCE_S = 10.0  # the child of a killed worker may hold the lock for a moment longer

End = tuple[RunState, str | None]


class Interrupted(Exception):
    """Something ends this process politely (SIGTERM at shutdown): the run pauses and can be resumed."""


def main(run: str, prepare: Callable[[PilotPlan], tuple[RunArm, Models]]) -> int:
    """Work on a run; where another worker has it already, go away."""
    signal.signal(signal.SIGTERM, _interrupt)
    store = Store()
    lock = lease.run_lock(store, run)
    patience = time.monotonic() + LOCK_PATIENCE_S
    while not lock.take():
        if time.monotonic() > patience:
            return DONE
        time.sleep(LOOK_EVERY_S)
    store.runs.claim(run, os.getpid(), started(os.getpid()))
    state, reason = _work(store, run, prepare)
    release_reserve(store, run)
    store.runs.set_state(run, state, reason, only_from=("queued", "running"))
    return DONE


def _work(store: Store, run: str, prepare: Callable[[PilotPlan], tuple[RunArm, Models]]) -> End:
    try:
        reserve_space(store, run)
        plan = plan_from_json(store.runs.get(run).plan)
        if not _wait_for_turn(store, run, plan):
            return "cancelled", "cancelled while it waited"
        clock = Clock(store, run, plan)
        with beating(store, run):
            run_arm, models = prepare(plan)
        here = {"versions": children.versions(), "accelerator_name": children.accelerator_name(plan.accelerator)}
        store.events.append(run, "ready", {"seconds": clock.seconds, **here})
        team = children.Children(store, run, plan, run_arm, clock, models, examples.of_run(store, run))
        ended = _all_cells(team)
        done = {e.payload["cell"]: e.payload for e in store.events.all(run, kind="cell")}
        learn(store, plan, {cell: payload["seconds"] for cell, payload in done.items()})
        learn_memory(store, plan, {cell: cell_from_json(payload["result"]) for cell, payload in done.items()})
        return ended
    except Interrupted as stop:
        return "paused", f"stopped by {stop}; resume it to go on"
    except NoSpace as error:
        return "paused", f"the disk is full: free some space and resume ({error.what})"
    except TuneOrPromptError as error:
        return "failed", str(error)
    except Exception as error:
        traceback.print_exc()
        return "failed", f"{type(error).__name__}: {error}"


@contextmanager
def beating(store: Store, run: str) -> Iterator[None]:
    """A heartbeat while libraries are imported (a minute on a busy machine); its thread ends before any fork."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(children.HEARTBEAT_EVERY_S):
            store.runs.heartbeat(run)

    thread = threading.Thread(target=beat)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _wait_for_turn(store: Store, run: str, plan: PilotPlan) -> bool:
    """Wait in line for the accelerator; False when cancelled meanwhile. Held until this process ends."""
    lock = lease.accelerator_lock(store, plan.accelerator)
    while not cancel_file(store, run).exists():
        here = lease.line(store, plan.accelerator)
        if here and here[0] == run and lock.take():
            return store.runs.set_state(run, "running", only_from=("queued",))
        store.runs.heartbeat(run)
        time.sleep(LOOK_EVERY_S)
    return False


def _all_cells(team: children.Children) -> End:
    """Every cell that is not done and fits the minutes; then how the run ended, and why."""
    store, run = team.store, team.run
    cells = allowance.cells(team.plan, store.events.all(run))
    for index, cell in enumerate(cells):
        events = store.events.all(run)
        if cell.key in allowance.left_out(events).keys() | {e.payload["cell"] for e in events if e.kind == "cell"}:
            continue
        first = cell.arm not in {before.arm for before in cells[:index]}
        if index > 0 and not team.clock.fits(cell, first=first):
            _drop(team, cells[index:])
            break
        code = team.do(cell)
        if cancel_file(store, run).exists():
            return "cancelled", "what was finished is kept; resume it to go on"
        if code == NO_SPACE:
            raise NoSpace("no room for the next row")
        if code != DONE and team.clock.over():
            _drop(team, cells[index:])
            break
    return _outcome(store, run)


def _drop(team: children.Children, cells: Sequence[Cell]) -> None:
    """Whole cells go from the end of the plan; none is altered."""
    for cell in cells:
        team.store.events.append(team.run, "cell_dropped", {"cell": cell.key, "why": team.clock.why_dropped(cell)})


def _outcome(store: Store, run: str) -> End:
    events = store.events.all(run)
    done = {e.payload["cell"] for e in events if e.kind == "cell"}
    failed = {e.payload["cell"]: e.payload["why"] for e in events if e.kind == "cell_failed"}
    failed = {key: why for key, why in failed.items() if key not in done}
    if failed and not done:
        return "failed", f"no arm could be run; the first said: {next(iter(failed.values()))}"
    return "done", f"these parts could not be run: {', '.join(failed)}" if failed else None


def _interrupt(number: int, _: object) -> None:
    raise Interrupted(signal_words(number))


def _prepare(plan: PilotPlan) -> tuple[RunArm, Models]:
    """The arms of this house and the models they need, imported and found once."""
    from experiments import arms
    from experiments.pilot.needs import models_of, needs_of

    children.warm(needs_of(plan))
    return arms.run, models_of(plan)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], _prepare))
