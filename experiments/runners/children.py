"""The worker's children: one process per cell, watched until it ends."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import time
from dataclasses import dataclass, field
from typing import Any

from advisor.vocabulary import Cell, Example, PilotPlan
from experiments.runners.cell import STOPPED, CellWork, Models, RunArm, run_cell
from experiments.runners.clock import Clock
from experiments.runners.files import cancel_file
from experiments.runners.processes import signal_words, stopped
from workspace import Store

TICK_S = 0.5
HEARTBEAT_EVERY_S = 3.0
SILENCE_S = 180.0  # assumption: no honest step of an arm is silent for longer; then the heart stops, shown as stalled
PATIENCE_S = 8.0  # between asking a cell to stop and ending it: gone within 10 s
TRIES_AFTER_SIGNAL = 2  # a cell killed from outside is tried once more; its rows are kept

WARMED = {
    "base": ("torch", "transformers"),
    "embedder": ("torch", "transformers"),
    "training": ("peft",),
    "bitsandbytes": ("bitsandbytes",),
    "service": ("openai",),
    "classical": ("sklearn.linear_model", "sklearn.feature_extraction.text", "skops.io"),
}


class Alive:
    """A sign of life that crosses the process border; a cell without its worker ends itself."""

    def __init__(self, context: Any) -> None:
        self._at = context.Value("d", time.monotonic(), lock=False)
        self._worker = os.getpid()

    def __call__(self) -> None:
        self._at.value = time.monotonic()
        if os.getppid() != self._worker:
            os._exit(STOPPED)

    def silent_s(self) -> float:
        return float(time.monotonic() - self._at.value)


@dataclass(slots=True)
class Children:
    """Starts cells and stays with them: heartbeat, cancel, time limit, and why they ended."""

    store: Store
    run: str
    plan: PilotPlan
    run_arm: RunArm
    clock: Clock
    models: Models
    examples: dict[int, Example] = field(repr=False)
    _beat: float = 0.0

    def do(self, cell: Cell) -> int:
        """Do one cell; the exit code of the last try (negative: the signal that ended it)."""
        code = STOPPED
        for last in range(TRIES_AFTER_SIGNAL):
            code = self._try(cell)
            if code >= 0 or self.clock.over() or cancel_file(self.store, self.run).exists():
                break
            if last + 1 == TRIES_AFTER_SIGNAL:
                why = f"ended by {signal_words(-code)}; signal 9 often means that memory ran out"
                self.store.events.append(self.run, "cell_failed", {"cell": cell.key, "why": why})
        self.clock.keep(now=True)
        return code

    def _try(self, cell: Cell) -> int:
        context: Any = multiprocessing.get_context("fork" if self.plan.accelerator == "cpu" else "spawn")
        alive = Alive(context)
        cancel = cancel_file(self.store, self.run)
        work = CellWork(self.store.folder, self.run, self.plan, cell, self.examples, self.models, cancel)
        self.store.close()  # no open database goes across a fork
        child = context.Process(target=run_cell, args=(work, self.run_arm, alive), name=cell.key)
        child.start()
        try:
            self._watch(child, alive)
        finally:
            _end(child)
        code = child.exitcode
        child.close()
        return int(code)

    def _watch(self, child: Any, alive: Alive) -> None:
        asked: float | None = None
        while child.is_alive():
            child.join(TICK_S)
            self._heartbeat(child, alive)
            self.clock.keep()
            if self.clock.over():
                return
            if asked is None and cancel_file(self.store, self.run).exists():
                asked = time.monotonic()
            if asked is not None and time.monotonic() - asked > PATIENCE_S:
                return

    def _heartbeat(self, child: Any, alive: Alive) -> None:
        """Beat while the work moves: a cell that hangs or is held still stops the heart, and readers see it."""
        if time.monotonic() - self._beat < HEARTBEAT_EVERY_S:
            return
        if alive.silent_s() < SILENCE_S and not (child.is_alive() and stopped(child.pid)):
            self.store.runs.heartbeat(self.run)
            self._beat = time.monotonic()


def _end(child: Any) -> None:
    """No child outlives the care for it."""
    if child.is_alive():
        child.terminate()
        child.join(2.0)
    if child.is_alive():
        child.kill()
    child.join()


def warm(needs: set[str]) -> None:
    """Import once what the cells will use; no tensor is made here."""
    for need in sorted(needs):
        for module in WARMED.get(need, ()):
            importlib.import_module(module)


def accelerator_name(accelerator: str) -> str | None:
    """The name of the first GPU as its driver gives it; None where there is none, or nobody can tell."""
    if accelerator != "cuda":
        return None
    import pynvml

    try:
        pynvml.nvmlInit()
        name = pynvml.nvmlDeviceGetName(pynvml.nvmlDeviceGetHandleByIndex(0))
    except pynvml.NVMLError:
        return None
    return name.decode() if isinstance(name, bytes) else str(name)


def versions() -> dict[str, str]:
    """The libraries a record was made with."""
    from importlib.metadata import PackageNotFoundError, version

    names = ("torch", "transformers", "peft", "bitsandbytes", "openai", "scikit-learn", "skops", "numpy", "sacrebleu")
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
