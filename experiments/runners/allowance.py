"""The minutes a run may take: those of its plan, and those it was given later for what was left out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from advisor.errors import RunError
from advisor.vocabulary import Cell, PilotPlan
from experiments.pilot.budget import in_minutes
from experiments.runners.pace import kept, pace, used_seconds
from workspace import Event

GIVEN = "more_minutes"
SPARE = 1.2  # assumption: what is left takes up to a fifth longer than the run's pace says


def minutes(plan: PilotPlan, events: Sequence[Event]) -> float:
    """All a run may take; 0 when it is replayed without a clock."""
    given = sum(float(event.payload["minutes"]) for event in events if event.kind == GIVEN)
    return plan.minutes + given if plan.minutes > 0 else 0.0


def left_out(events: Sequence[Event]) -> dict[str, str]:
    """Cells that were dropped for want of time, with why; those before the last minutes were given are open again."""
    last = max((event.sequence for event in events if event.kind == GIVEN), default=-1)
    dropped = [event for event in events if event.kind == "cell_dropped" and event.sequence > last]
    return {event.payload["cell"]: str(event.payload["why"]) for event in dropped}


def cells(plan: PilotPlan, events: Sequence[Event]) -> tuple[Cell, ...]:
    """What a run has to do: the cells that its first minutes were planned for; once it was given more, all of them."""
    return plan.all_cells if any(event.kind == GIVEN for event in events) else plan.cells


def for_later(plan: PilotPlan, events: Sequence[Event]) -> tuple[Cell, ...]:
    """Cells that wait for more minutes: the plan itself left them out. A run of another machine goes on there only."""
    if any(event.kind == "loaded" for event in events):
        return ()
    here = cells(plan, events)
    return tuple(cell for cell in plan.later if cell not in here)


def needed(plan: PilotPlan, events: Sequence[Event]) -> int:
    """Whole minutes more that would do what was left out, at the pace of this run; 0 when nothing was."""
    dropped = left_out(events)
    open_cells = [*(c for c in plan.all_cells if c.key in dropped), *for_later(plan, events)]
    if not open_cells or plan.minutes <= 0:
        return 0
    seen = pace(plan, events)
    seconds = SPARE * sum(seen.seconds(cell, kept(cell, events)) for cell in open_cells)
    return max(1, math.ceil((used_seconds(events) + seconds) / 60 - minutes(plan, events)))


def checked(run: str, plan: PilotPlan, more: float) -> float:
    """Minutes that can be given to a run.

    Raises:
        PlanError: they would mean nothing.
        RunError: the run has no clock.
    """
    more = in_minutes(more)
    if plan.minutes <= 0:
        raise RunError(f"Run {run} is a replay: it takes the time it takes.", "Leave out --minutes.")
    return more
