"""The next steps once it is known what a pilot is worth: one is advised where it is worth it, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

from advisor.decision.steps import ASK_FIRST, MEASURE_IT, PILOT_FIRST, PUT_TO_USE, STOP_HERE, TRAIN_NOW
from advisor.decision.words import roughly
from advisor.vocabulary import PilotWorth, Recommendation

WATCH_IT = "Put it to use so that it can be switched off, and measure it again on new inputs every month."


def with_pilot(said: Recommendation, pilot: PilotWorth) -> Recommendation:
    """The same with its steps fit for what a pilot is worth: none is advised that is not."""
    if pilot.worth_it and said.kind == "nothing_fits":
        chance = roughly(pilot.chance_it_changes_the_decision)
        first = f"Run a pilot: with a chance of {chance} it shows that something fits."
        asked = next((i for i, step in enumerate(said.then, 1) if step.startswith(ASK_FIRST)), 1)
        return replace(said, then=(*said.then[:asked], first, *said.then[asked:])[:4])
    if pilot.worth_it:
        return replace(said, then=_before_all(said, pilot))
    if PILOT_FIRST not in said.then:
        return said
    steps = [TRAIN_NOW if step == PILOT_FIRST else step for step in said.then if step != MEASURE_IT]
    return replace(said, then=tuple(steps if len(steps) > 1 else [*steps, WATCH_IT]))


def _before_all(said: Recommendation, pilot: PilotWorth) -> tuple[str, ...]:
    """The steps with a pilot among them, where one is worth it and none of them is one."""
    if said.kind == "evaluate_first" or PILOT_FIRST in said.then:
        return said.then
    changes = f"it changes the decision in {roughly(pilot.chance_it_changes_the_decision)} of the cases."
    step = f"Run a pilot on your own examples before you settle: {changes}"
    if STOP_HERE in said.then:
        step = f"Only if its price or its speed is not good enough, run a pilot on your own examples: {changes}"
    kept = [each for each in said.then if each not in (PUT_TO_USE, MEASURE_IT)]
    return (*kept[:3], step)
