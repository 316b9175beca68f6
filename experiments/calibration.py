"""How fast this machine is, measured in a process of its own and kept for a while; runs correct it as they go."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import experiments
from advisor.errors import SituationError
from advisor.vocabulary import Accelerator, CellResult, PilotPlan
from experiments.arms.job import chosen_among
from experiments.pilot.choices import API_ARMS
from experiments.pilot.estimated import counted_memory_mib, memory_quantity
from experiments.pilot.seconds import arm_quantity
from experiments.runners.processes import environment
from workspace import Calibration, Store

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
    reads = [c for c in kept.values() if c.quantity.endswith("/read")]
    if not reads:
        return None
    measured_at = max(c.measured_at for c in reads)  # a dtype that the newest measurement left out is not chosen
    accelerator, dtype = _best([c for c in reads if c.measured_at == measured_at])
    return MachineSpeed(machine_name(), accelerator, dtype, ratios, measured_at)


def _best(reads: Sequence[Calibration]) -> tuple[Accelerator, str]:
    """A GPU before the CPU, then the faster dtype."""
    fastest = max(reads, key=lambda c: (not c.quantity.startswith("cpu/"), c.ratio, c.quantity))
    name, dtype, _ = fastest.quantity.split("/")
    accelerator: Accelerator = next(known for known in get_args(Accelerator) if known == name)
    return accelerator, dtype


def speed(store: Store, threads: int) -> MachineSpeed:
    """What was measured a moment ago, or a short measurement (some seconds): a machine is not always as busy."""
    kept = known(store)
    if kept is not None and kept.fresh:
        return kept
    return measure(store, threads, QUICK_S)[0]


def measure(store: Store, threads: int, seconds: float) -> tuple[MachineSpeed, dict[str, Any]]:
    """Measure and keep; also the figures themselves."""
    document = _probe(store, threads, seconds)
    name, now = machine_name(), time.time()
    for quantity, ratio in document["ratios"].items():
        store.calibrations.save(name, quantity, ratio, measured_at=now)
    found = known(store)
    if found is None:
        raise SituationError("Measuring this machine gave nothing.", "Run `python -m experiments probe --debug`.")
    return found, document


def learn(store: Store, plan: PilotPlan, seconds: Mapping[str, float]) -> None:
    """Keep how long each arm's cells took beside the estimate, the whole run's ratio taken out.

    What all arms share is how busy the machine was; how fast it is, is measured anew before the next plan. How fast a
    service answers says nothing about this machine.
    """
    took: dict[str, tuple[float, float]] = {}
    for cell in plan.all_cells:
        if cell.key in seconds and cell.seconds >= SHORTEST_S and cell.arm not in API_ARMS:
            measured, expected = took.get(cell.arm, (0.0, 0.0))
            took[cell.arm] = (measured + seconds[cell.key], expected + cell.seconds)
    if len(took) < 2:
        return
    busy = sum(measured for measured, _ in took.values()) / sum(expected for _, expected in took.values())
    kept = store.calibrations.all(machine_name())
    settings = {arm.arm: arm.settings for arm in plan.arms}
    for arm, (measured, expected) in took.items():
        quantity = arm_quantity(plan.accelerator, plan.dtype, arm, chosen=chosen_among(plan.task_type, settings[arm]))
        before = kept[quantity].ratio if quantity in kept else 1.0
        _remember(store, quantity, before * measured / expected / busy)


def learn_memory(store: Store, plan: PilotPlan, results: Mapping[str, CellResult]) -> None:
    """Keep how much memory each arm's training took beside what the formula counts; `results` by cell."""
    ratios: dict[str, list[float]] = {}
    for cell in plan.all_cells:
        result = results.get(cell.key)
        if result is None or not result.training_memory_mib or not cell.train_seconds:
            continue
        counted = counted_memory_mib(plan, cell, result).value
        if counted:
            ratios.setdefault(cell.arm, []).append(result.training_memory_mib / counted)
    for arm, found in ratios.items():
        _remember(store, memory_quantity(plan.accelerator, plan.dtype, arm), statistics.fmean(found))


def _remember(store: Store, quantity: str, seen: float) -> None:
    """A ratio that was seen, averaged with those of the runs before."""
    before = store.calibrations.all(machine_name()).get(quantity)
    average, n = (before.ratio, before.n) if before else (1.0, 0)
    weight = 1 / (min(n, MOST_REMEMBERED - 1) + 1)
    store.calibrations.save(machine_name(), quantity, average + weight * (seen - average), n + 1)


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
