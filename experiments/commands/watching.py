"""Following a run from a terminal: it is a process of its own, so Ctrl-C only stops the looking."""

from __future__ import annotations

import time

from rich.console import Console
from rich.live import Live

from advisor.commands.shell import CANCELLED
from experiments.commands import tables
from experiments.runners import watch
from workspace import Store

LOOK_EVERY_S = 1.0
SAY_EVERY_S = 30.0  # without a terminal: a line now and then
ACTIVE = ("queued", "running")


def follow(store: Store, run: str, say: Console) -> None:
    """Show progress until the run ends."""
    if say.is_terminal:
        _live(store, run, say)
    else:
        _lines(store, run)


def left_running(run: str, say: Console) -> int:
    """What Ctrl-C means: the run goes on."""
    say.print(
        f"\nRun {run} goes on without this terminal. See `python -m experiments status {run}`; "
        f"stop it with `python -m experiments cancel {run}`.",
        markup=False,
    )
    return CANCELLED


def _live(store: Store, run: str, say: Console) -> None:
    with Live(console=say, refresh_per_second=2, transient=True) as live:
        while True:
            status = watch.status(store, run)
            live.update(tables.progress(status))
            if status["state"] not in ACTIVE:
                return
            time.sleep(LOOK_EVERY_S)


def _lines(store: Store, run: str) -> None:
    """Progress for a pipe or a log goes to stderr, so that stdout stays what the contract says."""
    console, said, before = Console(stderr=True, highlight=False), 0.0, ""
    while True:
        status = watch.status(store, run)
        if status["state"] not in ACTIVE:
            return
        arms = ", ".join(a["arm"] for a in status["arms"] if a["state"] == "running")
        if arms != before or time.monotonic() - said > SAY_EVERY_S:
            console.print(f"{tables.line(status)} {arms}", markup=False)
            said, before = time.monotonic(), arms
        time.sleep(LOOK_EVERY_S)
