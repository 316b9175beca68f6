"""The arms of a pilot: one file each. Importing this imports no torch; an arm's `run` does."""

from __future__ import annotations

from typing import Any

from advisor.errors import UnknownName
from advisor.methods import METHODS
from experiments.arms import (
    adapters,
    classical,
    classical_neighbours,
    feature_extraction,
    feature_extraction_base,
    few_shot,
    few_shot_api,
    full_fine_tuning,
    given,
    lora,
    prefix_tuning,
    qlora,
    retrieved_few_shot,
    zero_shot,
    zero_shot_api,
)
from experiments.arms.job import ArmCard, ArmJob, CellOutcome, Report, Stopped

__all__ = ["ARMS", "ArmCard", "ArmJob", "CellOutcome", "Report", "Stopped", "card", "name_of", "run"]

MODULES: tuple[Any, ...] = (
    classical,
    classical_neighbours,
    zero_shot,
    few_shot,
    retrieved_few_shot,
    feature_extraction,
    feature_extraction_base,
    lora,
    qlora,
    full_fine_tuning,
    prefix_tuning,
    adapters,
    given,
    zero_shot_api,
    few_shot_api,
)
ARMS: tuple[ArmCard, ...] = tuple(module.ARM for module in MODULES)


def card(name: str) -> ArmCard:
    """The arm of this name; an unknown one lists what there is."""
    found = next((arm for arm in ARMS if arm.arm == name), None)
    if found is None:
        raise UnknownName(f"No arm '{name}'.", f"There are: {', '.join(arm.arm for arm in ARMS)}.")
    return found


def name_of(arm: str) -> str:
    """What a person calls an arm: its own label, or its method's; an unknown one by its words."""
    label = next((known.label for known in ARMS if known.arm == arm), "")
    base, _, variant = arm.partition(":")
    method = next((known.label for known in METHODS if known.name == base), base.replace("_", " "))
    return label or (f"{method} ({variant.replace('_', ' ')})" if variant else method)


def run(job: ArmJob, report: Report) -> CellOutcome:
    """Do one cell: train if the arm trains, answer every row that is not done, say what it took."""
    wanted = card(job.arm)
    module = next(m for m in MODULES if m.ARM is wanted)
    outcome: CellOutcome = module.run(job, report)
    return outcome
