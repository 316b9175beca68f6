"""How fast this machine is, measured in a process of its own and kept for a while; runs correct it as they go."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import experiments
from advisor.errors import SituationError
from advisor.vocabulary import Accelerator, PilotPlan
from experiments.arms.job import CHOSEN_TASKS
from experiments.pilot.seconds import arm_quantity
from experiments.runners.processes import environment
from workspace import Store

QUICK_S, THOROUGH_S = 3.0, 90.0
FRESH_S = 15 * 60.0  # assumption: other work on a machine comes and goes within such a time
PATIENCE_S = 120.0
SHORTEST_S = 1.0  # shorter cells measure mostly how the machine was busy
MOST_REMEMBERED = 5  # the newest run weighs at least a fifth in what is remembered


@dataclass(frozen=True, slots=True)
class MachineSpeed:
    """What was measured: quantities `cpu/bf16/read` … beside the reference, and corrections per arm.

    `measured_at`: when its speed of reading was, in seconds since 1970.
    """

    name: str
    accelerator: Accelerator
    dtype: str
    ratios: Mapping[str, float]
    measured_at: float

    @property
    def fresh(self) -> bool:
        """Whether it may still be believed."""
        return time.time() - self.measured_at < FRESH_S


def machine_name() -> str:
    """This machine as a key: processor, usable cores, accelerators."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return f"{_processor()} × {cores}"


def known(store: Store) -> MachineSpeed | None:
    """What is kept about this machine; None before its first measurement."""
    kept = store.calibrations.all(machine_name())
    ratios = {quantity: c.ratio for quantity, c in kept.items()}
    reads = {q: r for q, r in ratios.items() if q.endswith("/read")}
    if not reads:
        return None
    accelerator, dtype, _ = max(reads, key=lambda q: (not q.startswith("cpu/"), reads[q], q)).split("/")
    measured_at = kept[f"{accelerator}/{dtype}/read"].measured_at
    return MachineSpeed(machine_name(), accelerator, dtype, ratios, measured_at)  # type: ignore[arg-type]


def speed(store: Store, threads: int) -> MachineSpeed:
    """What was measured a moment ago, or a short measurement (some seconds): a machine is not always as busy."""
    kept = known(store)
    if kept is not None and kept.fresh:
        return kept
    return measure(store, threads, QUICK_S)[0]


def measure(store: Store, threads: int, seconds: float) -> tuple[MachineSpeed, dict[str, Any]]:
    """Measure and keep; also the figures themselves."""
    document = _probe(store, threads, seconds)
    name = machine_name()
    for quantity, ratio in document["ratios"].items():
        store.calibrations.save(name, quantity, ratio)
    found = known(store)
    if found is None:
        raise SituationError("Measuring this machine gave nothing.", "Run `python -m experiments probe --debug`.")
    return found, document


def learn(store: Store, plan: PilotPlan, seconds: Mapping[str, float]) -> None:
    """Keep how long cells took beside the estimate, per arm: the next plan on this machine is the better for it."""
    name, kept = machine_name(), store.calibrations.all(machine_name())
    for cell in plan.cells:
        if cell.key not in seconds or cell.seconds < SHORTEST_S:
            continue
        quantity = arm_quantity(plan.accelerator, plan.dtype, cell.arm, chosen=plan.task_type in CHOSEN_TASKS)
        before = kept.get(quantity)
        ratio_before, n = (before.ratio, before.n) if before else (1.0, 0)
        weight = 1 / (min(n, MOST_REMEMBERED - 1) + 1)
        ratio = ratio_before * (seconds[cell.key] / cell.seconds)
        kept[quantity] = store.calibrations.save(name, quantity, ratio_before + weight * (ratio - ratio_before), n + 1)


def _probe(store: Store, threads: int, seconds: float) -> dict[str, Any]:
    root = os.path.dirname(os.path.dirname(os.path.abspath(experiments.__file__)))
    command = [sys.executable, "-m", "experiments.probe", "--threads", str(threads), "--seconds", str(seconds)]
    try:
        done = subprocess.run(
            command,
            cwd=root,
            env=environment(str(store.folder.resolve())),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S + 4 * seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SituationError(
            f"Measuring this machine took more than {error.timeout:.0f} s.", "End what else is running and try again."
        ) from error
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise SituationError(f"This machine could not be measured ({last}).", "Is the installation complete?")
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
