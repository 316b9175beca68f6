"""From a data set and a person's choices to a plan for this machine: what page and command line both call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from advisor.catalog import model_from
from advisor.errors import TuneOrPromptError
from advisor.vocabulary import Dataset, PilotPlan, Split
from experiments import arms, calibration
from experiments.arms.job import ArmCard
from experiments.models import resolve
from experiments.pilot.choices import DEFAULT_ARMS, PilotChoices
from experiments.pilot.here import Here, threads_here
from experiments.pilot.hosted import with_service
from experiments.pilot.lengths import Count, counter, rough
from experiments.pilot.planning import plan
from experiments.pilot.seconds import REFERENCE_PARAMETERS
from workspace import Store

GIVEN = "given"


def plan_here(store: Store, dataset: Dataset, split: Split, choices: PilotChoices) -> PilotPlan:
    """The plan for this machine. The first time on a machine its speed is measured, which takes some seconds."""
    choices = with_service(with_given(dataset, choices))
    return plan(dataset, split, choices, here(store, choices))


def with_given(dataset: Dataset, choices: PilotChoices) -> PilotChoices:
    """The answers the team already has are an arm when the file holds them."""
    if dataset.columns.given is None or GIVEN in (choices.arms or ()):
        return choices
    return replace(choices, also=(*choices.also, GIVEN))


def here(store: Store, choices: PilotChoices) -> Here:
    """This machine, its measured speed, the arms there are and the size of the model they would run."""
    threads = threads_here()
    speed = calibration.speed(store, threads)
    parameters, count = _base(choices, arms.ARMS)
    return Here(arms.ARMS, speed.accelerator, speed.dtype, speed.ratios, parameters, threads, count)


def _base(choices: PilotChoices, cards: tuple[ArmCard, ...]) -> tuple[float, Count]:
    """The base model's parameters and how it counts tokens; nothing is looked for when no chosen arm needs one."""
    needing = {card.arm for card in cards if "base" in card.needs}
    if not needing.intersection(choices.arms or DEFAULT_ARMS):
        return REFERENCE_PARAMETERS, rough
    folder = resolve(choices.model).folder
    return _parameters(folder), counter(folder)


def _parameters(folder: Path) -> float:
    try:
        found = model_from(str(folder)).parameters_b
    except TuneOrPromptError:
        found = None
    if found:
        return found * 1e9
    weights = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
    return weights / 2 or REFERENCE_PARAMETERS  # assumption: 16-bit weights
