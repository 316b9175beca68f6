"""One accelerator runs one pilot; the others wait in the order they came, and see their place."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiments.runners.processes import alive
from workspace import Run, Store


class Lock:
    """A lock the kernel lets go of when its holder dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> bool:
        """True when it is ours now; False when somebody else holds it."""
        self._path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def let_go(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@contextmanager
def held(lock: Lock) -> Iterator[bool]:
    """The lock for a block of code; False when it could not be had."""
    taken = lock.take()
    try:
        yield taken
    finally:
        lock.let_go()


def accelerator_lock(store: Store, accelerator: str) -> Lock:
    """What the running pilot of an accelerator holds."""
    return Lock(store.folder / "locks" / f"{accelerator}.lock")


def run_lock(store: Store, run: str) -> Lock:
    """At most one worker works on a run, however often it was started."""
    return Lock(store.runs.folder(run) / "lock")


def line(store: Store, accelerator: str) -> tuple[str, ...]:
    """The runs on this accelerator with a living process: the running one first, then by when they queued."""
    here = [run for run in store.runs.all() if _counts(run, accelerator)]
    return tuple(
        run.id for run in sorted(here, key=lambda run: (run.state != "running", _queued_at(store, run), run.id))
    )


def place(store: Store, run: Run) -> int:
    """How many runs are before this one; 0 = it is its turn."""
    order = line(store, str(run.plan.get("accelerator", "cpu")))
    return order.index(run.id) if run.id in order else len(order)


def _counts(run: Run, accelerator: str) -> bool:
    if run.state not in ("queued", "running") or run.plan.get("accelerator") != accelerator:
        return False
    return alive(run.pid, run.pid_started)


def _queued_at(store: Store, run: Run) -> float:
    queued = [e.at for e in store.events.all(run.id, kind="state") if e.payload["state"] == "queued"]
    return queued[-1] if queued else 0.0
