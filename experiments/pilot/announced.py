"""A plan in words before it starts: what it learns from, tests on, takes, and leaves out."""

from __future__ import annotations

import math

from advisor.vocabulary import ArmPlan, Cell, PilotPlan
from experiments.arms import name_of
from experiments.arms.few_shot import shots_for
from experiments.dataset.wording import many
from experiments.pilot.cell_words import for_more_minutes
from experiments.pilot.cells import USED_SHARE

WITHOUT_ROWS = ("zero_shot", "given")  # methods that look at no training row
FEW_ROWS = ("few_shot",)  # methods that look only at the rows their prompt shows


def announced(plan: PilotPlan) -> tuple[str, ...]:
    """One line each: the plan, its order, what is left out, what may be, and what is to be known of it."""
    in_turn = dict.fromkeys(name_of(cell.arm) for cell in plan.cells)
    return (
        f"{plan.dataset_name}: {plan.task_type.replace('_', ' ')}, {plan.metric}; {learns_from(plan)}, "
        f"{many(len(plan.test_rows), 'test row')}; {many(len(plan.cells), 'part')}, {takes(plan)} on "
        f"{plan.accelerator} in {plan.dtype}.",
        f"In this order: {', '.join(in_turn)}.",
        *(f"Left out: {text}." for text in (*plan.left_out, *for_more_minutes(plan.later, plan))),
        *([f"May be left out: {plan.late}. Give --minutes {minutes_for_all(plan)} for all."] if plan.late else []),
        *(f"Note: {note}." for note in plan.notes),
    )


def learns_from(plan: PilotPlan) -> str:
    """What the arms of this pilot can use of the labelled rows."""
    if rows := rows_learnt(plan):
        return f"{rows:,} of {many(plan.rows_available, 'row')} to learn from"
    if shown := examples_shown(plan):
        return f"nothing is trained, at most {many(shown, 'example')} in the prompt"
    return "nothing is trained, and no example is shown"


def rows_learnt(plan: PilotPlan) -> int:
    """The most training rows that an arm trains on or looks things up in; 0 where every arm only prompts."""
    idle = (*WITHOUT_ROWS, *FEW_ROWS)
    return max((cell.size for arm in plan.arms if arm.method not in idle for cell in _cells(plan, arm)), default=0)


def examples_shown(plan: PilotPlan) -> int:
    """The most examples that a prompt of this pilot shows; 0 where none does."""
    prompts = [arm for arm in plan.arms if arm.method in FEW_ROWS]
    return max((min(cell.size, _shots(plan, arm)) for arm in prompts for cell in _cells(plan, arm)), default=0)


def takes(plan: PilotPlan) -> str:
    """How long it is planned to take, of the minutes it was given; nothing is in reserve where not all fits."""
    seconds = sum(cell.seconds for cell in plan.cells)
    if plan.minutes <= 0:
        return f"about {duration(seconds)}"
    given = f"{many(plan.minutes, 'minute')} given"
    if seconds > plan.minutes * 60:
        return f"about {duration(seconds)} of work for {given}"
    kept = f" ({reserve()})" if seconds <= USED_SHARE * plan.minutes * 60 else ""
    return f"about {duration(seconds)} of {given}{kept}"


def minutes_for_all(plan: PilotPlan) -> int:
    """Whole minutes of which as much is planned as all its cells take."""
    return math.ceil(sum(cell.seconds for cell in plan.cells) / 60 / USED_SHARE)


def reserve() -> str:
    """What of the minutes is not planned."""
    return f"{1 - USED_SHARE:.0%} are kept in reserve".replace("%", " %")


def duration(seconds: float) -> str:
    """A duration as people say it."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.1f} min"


def _cells(plan: PilotPlan, arm: ArmPlan) -> list[Cell]:
    return [cell for cell in plan.cells if cell.arm == arm.arm]


def _shots(plan: PilotPlan, arm: ArmPlan) -> int:
    return int(arm.settings.get("shots") or shots_for(plan.labels))
