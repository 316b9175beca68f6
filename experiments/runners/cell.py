"""One cell of a plan in a process of its own: it ends with an exit code and everything else on disk."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.errors import NoSpace, TuneOrPromptError
from advisor.vocabulary import MIB, ArmPlan, Cell, CellResult, Example, PilotPlan
from experiments.arms.job import ArmJob, CellOutcome, Report, Stopped
from experiments.pilot.documents import cell_json
from experiments.runners.progress import StoreReport, storable
from workspace import Store

DONE, STOPPED, FAILED, NO_SPACE = 0, 3, 4, 5
KIB = 1024
PR_SET_PDEATHSIG = 1  # prctl(2)

RunArm = Callable[[ArmJob, Report], CellOutcome]


@dataclass(frozen=True, slots=True)
class Models:
    """The folders of the models a plan needs; None where it needs none."""

    base: Path | None
    embedder: Path | None


@dataclass(frozen=True, slots=True)
class CellWork:
    """Everything a cell's process needs; small enough to hand over."""

    home: Path
    run: str
    plan: PilotPlan
    cell: Cell
    examples: dict[int, Example]
    models: Models
    cancel: Path


def run_cell(work: CellWork, run_arm: RunArm, alive: Callable[[], None]) -> None:
    """Do one cell and leave the process. The parent reads the exit code, everybody else the database."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # the worker's own handling is not ours
    _die_with_parent()
    sys.exit(_run_cell(work, run_arm, alive))


def _run_cell(work: CellWork, run_arm: RunArm, alive: Callable[[], None]) -> int:
    store = Store(work.home)
    report = StoreReport(store, work.run, work.cell, work.cancel, alive)
    began = time.monotonic()
    try:
        store.events.append(work.run, "cell_started", {"cell": work.cell.key, "pid": os.getpid()})
        outcome = run_arm(job_of(work, store), report)
        store.events.append(work.run, "cell", _finished(work, outcome, time.monotonic() - began))
    except Stopped:
        return STOPPED
    except NoSpace:
        traceback.print_exc()
        return NO_SPACE
    except OSError as error:
        traceback.print_exc()
        if error.errno in (28, 122):  # ENOSPC, EDQUOT: the arm's own files met the end of the disk
            return NO_SPACE
        return _failed(store, work, storable(f"{type(error).__name__}: {error}"))
    except TuneOrPromptError as error:
        return _failed(store, work, storable(str(error)))
    except Exception as error:
        traceback.print_exc()
        return _failed(store, work, storable(f"{type(error).__name__}: {error}"))
    finally:
        store.close()
    return DONE


def job_of(work: CellWork, store: Store) -> ArmJob:
    """The cell as the arm sees it: nested training rows, the same validation and test rows for everybody."""
    plan, cell = work.plan, work.cell
    arm = arm_plan(plan, cell.arm)
    of_cell = (cell.arm, cell.size, cell.seed)
    done = frozenset((r.part, r.row) for r in store.rows.all(work.run) if (r.arm, r.size, r.seed) == of_cell)
    return ArmJob(
        arm=cell.arm,
        settings=arm.settings,
        task_type=plan.task_type,
        labels=plan.labels,
        instruction=plan.instruction,
        metric=plan.metric,
        seed=cell.seed,
        train=tuple(work.examples[row] for row in plan.train_rows[: cell.size]),
        validation=tuple(work.examples[row] for row in plan.validation_rows),
        test=tuple(work.examples[row] for row in plan.test_rows),
        base_folder=work.models.base,
        embedder_folder=work.models.embedder,
        folder=cell_folder(store, work.run, cell),
        accelerator=plan.accelerator,
        dtype=plan.dtype,
        threads=plan.threads,
        done=done,
        metric_settings=plan.metric_settings,
    )


def cell_folder(store: Store, run: str, cell: Cell) -> Path:
    """Where a cell keeps its checkpoints and what it trained."""
    folder = store.runs.folder(run) / "cells" / cell.key.replace(":", "-").replace("/", "-")
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    return folder


def arm_plan(plan: PilotPlan, arm: str) -> ArmPlan:
    """The settings of an arm in a plan."""
    return next(a for a in plan.arms if a.arm == arm)


def _finished(work: CellWork, outcome: CellOutcome, seconds: float) -> dict[str, Any]:
    cell = work.cell
    result = CellResult(
        arm=cell.arm,
        size=cell.size,
        seed=cell.seed,
        train_seconds=outcome.train_seconds,
        evaluate_seconds=outcome.evaluate_seconds,
        # a resumed cell may have been trained by a process before this one
        peak_memory_mib=max(peak_memory_mib(work.plan.accelerator), outcome.training_memory_mib or 0.0),
        training_memory_mib=outcome.training_memory_mib,
        settings=outcome.settings,
        notes=tuple(storable(note) for note in outcome.notes),
        cost_usd=None if outcome.spent is None else outcome.spent.usd,
        tokens_sent=None if outcome.spent is None else outcome.spent.tokens_sent,
        tokens_received=None if outcome.spent is None else outcome.spent.tokens_received,
    )
    return {
        "cell": cell.key,
        "result": cell_json(result),
        "seconds": seconds,
        "prompt": storable(outcome.prompt),
        "chat": [{key: storable(text) for key, text in turn.items()} for turn in outcome.chat],
        "guards": [{"guard": g.guard, "ok": g.ok, "detail": storable(g.detail)} for g in outcome.guards],
        "artefact": None if outcome.artefact is None else str(outcome.artefact),
        "curve": [list(point) for point in outcome.curve],
    }


def _failed(store: Store, work: CellWork, why: str) -> int:
    store.events.append(work.run, "cell_failed", {"cell": work.cell.key, "why": why})
    return FAILED


def peak_memory_mib(accelerator: str) -> float:
    """The most memory of the card this process reserved; where it used none, the most main memory it held."""
    if accelerator == "cuda" and "torch" in sys.modules:
        from experiments.arms import resources

        if reserved := resources.reserved_mib():
            return reserved
    # ru_maxrss is KiB on Linux, bytes on macOS
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak) * (1 if sys.platform == "darwin" else KIB) / MIB


def _die_with_parent() -> None:
    """A cell never outlives its worker, even when that is killed: no orphan holds the accelerator."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(FAILED)
