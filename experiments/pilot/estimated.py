"""What plan and formulas said before a cell ran, to stand beside what was measured."""

from __future__ import annotations

import math
from typing import Any

from advisor.catalog import find_model
from advisor.errors import TuneOrPromptError
from advisor.estimators.memory import training_memory
from advisor.methods import METHODS
from advisor.vocabulary import GIB, MIB, Architecture, Cell, CellResult, Estimate, PilotPlan, TrainingSettings

PLAN_SPREAD = 1.6  # assumption: until runs on this machine say better, a cell's time is known to this factor
# eight trainings of the starter on two CPU cores took 1.26 to 2.0 times what the tensors take: the allocator keeps what
# it cannot give back, libraries grow while they work. The spread for other machines is an assumption
CPU_RESIDENT, CPU_SPREAD = 1.65, 1.35
SEEN_SPREAD = 1.25  # assumption: the same arm with other rows
CARDS = {card.name: card for card in METHODS}


def estimates(plan: PilotPlan, cell: Cell, result: CellResult) -> dict[str, Any]:
    """Estimates as documents: seconds of the cell and of its training, memory of training."""
    found = {"cell_seconds": _seconds(cell.seconds)}
    if result.train_seconds is not None and cell.train_seconds > 0:
        found["train_seconds"] = _seconds(cell.train_seconds)
        found["training_memory_mib"] = _memory(plan, cell, result)
    return {name: _rounded(estimate.as_json()) for name, estimate in found.items()}


def _rounded(document: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 1) if isinstance(value, float) else value for name, value in document.items()}


def _seconds(value: float) -> Estimate:
    source = "the plan: tokens over this machine's measured speed"
    return Estimate(value, round(value / PLAN_SPREAD, 1), round(value * PLAN_SPREAD, 1), "s", "estimated", source)


def memory_quantity(accelerator: str, dtype: str, arm: str) -> str:
    """The name under which an arm's measured ÷ counted training memory is kept."""
    return f"{accelerator}/{dtype}/memory {arm}"


def _memory(plan: PilotPlan, cell: Cell, result: CellResult) -> Estimate:
    """What the tensors take, times what a process was seen to hold beyond them, here or elsewhere."""
    counted = counted_memory_mib(plan, cell, result)
    if not counted.known:
        return counted
    if seen := plan.memory_seen.get(cell.arm):
        return _times(counted, seen, SEEN_SPREAD, "what the tensors take, times what earlier runs here took beside it")
    if plan.accelerator == "cpu":
        source = "what the tensors take, times what other processes were measured to hold beyond it on a CPU"
        return _times(counted, CPU_RESIDENT, CPU_SPREAD, source)
    return counted


def _times(counted: Estimate, ratio: float, spread: float, source: str) -> Estimate:
    value = (counted.value or 0.0) * ratio
    return Estimate(value, value / spread, value * spread, "MiB", "estimated", source)


def counted_memory_mib(plan: PilotPlan, cell: Cell, result: CellResult) -> Estimate:
    """The closed form of the advice for these settings: what tensors take, without the program itself."""
    arm = next(a for a in plan.arms if a.arm == cell.arm)
    card = CARDS.get(arm.method)  # type: ignore[call-overload]
    shape = architecture(arm.model)
    if card is None or shape is None:
        return Estimate.unknown("MiB", f"the shape of {arm.model} is not in the catalog")
    used = result.settings
    guessed = plan.input_tokens + plan.output_tokens + 32  # assumption: 32 for the chat's marks, in older plans
    settings = TrainingSettings(
        batch_size=int(used.get("batch_size", 8)),
        seq_len=max(16, math.ceil(plan.longest_row_tokens or guessed)),  # the longest rows make the peak
        rank=int(used.get("rank", 16)),
        gradient_checkpointing=bool(used.get("gradient_checkpointing", False)),
        dtype="bf16" if plan.dtype == "bf16" else "fp32",
        attention="eager",
    )
    return training_memory(card, shape, settings).peak.scaled(GIB / MIB, "MiB")


def architecture(model: str) -> Architecture | None:
    """The shape of a model by its name, id or folder; None when nobody knows it."""
    try:
        return find_model(model).architecture
    except TuneOrPromptError:
        return None
