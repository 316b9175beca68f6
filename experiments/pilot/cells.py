"""Which cells a plan has: every arm once, then what is worth its time next, in the order of the design."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from advisor.errors import PlanError
from advisor.methods import METHODS
from advisor.vocabulary import ArmPlan, Cell, Dataset
from experiments.arms import name_of
from experiments.arms.few_shot import ARM as FEW_SHOT
from experiments.arms.few_shot import shots_for
from experiments.arms.job import chosen_among, latency_rows, new_tokens_limit
from experiments.dataset.limits import FEWEST_TRAIN_ROWS
from experiments.pilot import rows
from experiments.pilot.choices import CURVE_ARM, PilotChoices
from experiments.pilot.here import Here
from experiments.pilot.lengths import RowTokens
from experiments.pilot.seconds import (
    HOPEFUL_SHARE,
    Work,
    arm_quantity,
    cell_seconds,
    corrected,
    train_seconds,
)

QUICK_S = 15.0  # assumption: what takes less is never worth losing for what comes before it
QUICK_SHARE = 0.05  # of the time: what takes less is never what makes a pilot too long
USED_SHARE = 0.9  # of the minutes is planned; the rest is for starting, and for being wrong
USEFUL_SIZE = 256  # below it a pilot says little about training (reference/quality/predictability.md, section 3)
SIZES = (64, 128, 256, 512, 1_000, 2_000, 4_000, 8_000, 16_000)
PROMPTING = {card.name for card in METHODS if card.family == "prompting"}
SEEDS = 3


@dataclass(frozen=True, slots=True)
class Cells:
    """What is done in the minutes, in order, and what comes with more of them.

    `late` says which of `now` are done only if this machine is faster than it seems.
    """

    now: tuple[Cell, ...]
    later: tuple[Cell, ...] = ()
    late: str = ""


@dataclass(frozen=True, slots=True)
class Timer:
    """Seconds of a cell of this data set on this machine."""

    dataset: Dataset
    here: Here
    arms: Mapping[str, ArmPlan]
    tokens: RowTokens
    answered: int = 0

    def once(self, size: int, seed: int) -> list[Cell]:
        """Every arm once at this size."""
        return [self.cell(arm, size, seed) for arm in self.arms]

    def cell(self, arm: str, size: int, seed: int) -> Cell:
        settings = self.arms[arm].settings
        labelled = chosen_among(self.dataset.task_type, settings)
        limit = settings.get("max_new_tokens") or new_tokens_limit([math.ceil(self.tokens.longest_output) + 1])
        work = Work(
            train=size,
            answered=self.answered,
            input_tokens=self.tokens.input,
            output_tokens=self.tokens.output,
            instruction_tokens=self.tokens.instruction,
            n_labels=len(self.dataset.labels) if labelled else 0,
            epochs=float(settings.get("epochs") or 0.0),
            shots=min(self.shots(arm), size),
            max_prompt_tokens=float(settings.get("max_prompt_tokens") or math.inf),
            batch_size=int(settings.get("batch_size") or 8),
            long_output_tokens=self.tokens.long_output,
            limit_tokens=limit,
            prompted_instruction_tokens=self.tokens.prompted_instruction,
            heads=len(self.dataset.labels) if self.dataset.task_type != "classification" else 0,
            alone=latency_rows(settings.get("latency_rows"), None if labelled else limit),
        )
        machine = self.here.machine
        quantity = arm_quantity(self.here.accelerator, self.here.dtype, arm, chosen=labelled)
        seen = self.here.ratios.get(quantity, 1.0)
        seconds, training = cell_seconds(arm, work, machine), train_seconds(arm, work, machine)
        return Cell(arm, size, seed, round(corrected(seconds, seen), 1), round(corrected(training, seen), 1))

    def shots(self, arm: str) -> int:
        """Demonstrations of an arm as it is set, or as it would choose."""
        return int(self.arms[arm].settings.get("shots") or shots_for([label for label, _ in self.dataset.labels]))


def answered_rows(timed: Timer, choices: PilotChoices, train: int) -> tuple[int, int]:
    """The most test and validation rows that leave time for a useful size; the fewest when none does."""
    sizes = rows.sizes(timed.dataset)
    if choices.test_rows is not None:
        return choices.test_rows, min(sizes[0][1], choices.test_rows)
    size = min(choices.size or USEFUL_SIZE, train)
    for test, validation in sizes:
        if _seconds(replace(timed, answered=test + validation).once(size, choices.seed)) <= _budget_s(choices):
            return test, validation
    return sizes[-1]


def in_order(timed: Timer, choices: PilotChoices, train: int) -> Cells:
    """Every arm once, first what matters most; then what shows the learning curve; then shots.

    That is seeds, smaller sizes, and their seeds, of one tuned arm. What comes later is the rest of the first of these
    that does not fit whole.
    """
    budget_s = _budget_s(choices)
    size = min(choices.size or _largest(timed, choices.seed, train, budget_s), train)
    kept = _first_things_first(timed.once(size, choices.seed), timed.arms)
    if choices.once and _seconds(kept) <= budget_s:
        return Cells(tuple(kept))
    if _seconds(kept) > budget_s:
        return _what_fits(kept, timed.arms, budget_s)
    for cells in _more(timed, choices.seed, size):
        fitting = list(cells)
        while _seconds(kept) + _seconds(fitting) > budget_s:
            fitting.pop()
        kept += fitting
        if len(fitting) < len(cells):
            return Cells(tuple(kept), tuple(cells[len(fitting) :]))
    return Cells(tuple(kept))


def _first_things_first(cells: list[Cell], arms: Mapping[str, ArmPlan]) -> list[Cell]:
    """What takes next to no time, then what the primary comparison needs: the end is what a slow machine loses."""
    pair = _compared(cells, arms)
    return sorted(cells, key=lambda c: (c.seconds > QUICK_S, c not in pair))


def _what_fits(cells: list[Cell], arms: Mapping[str, ArmPlan], budget_s: float) -> Cells:
    """Those that fit first, in their order; then what follows only if time is left, shortest first.

    Where there is no hope for what the primary comparison needs, whatever fits is kept instead.
    """
    quick = [c for c in cells if c.seconds <= QUICK_SHARE * budget_s]
    pair = _compared(cells, arms)
    hoped = HOPEFUL_SHARE * _seconds(pair) <= budget_s
    first = [*quick, *(pair if hoped else ())]
    kept: list[Cell] = []
    for cell in sorted(cells, key=lambda c: (c not in first, c.seconds)):
        if cell in first or _seconds(kept) + cell.seconds <= budget_s:
            kept.append(cell)
    late = sorted((c for c in cells if c not in kept), key=lambda c: c.seconds)
    if not kept and HOPEFUL_SHARE * late[0].seconds > budget_s:
        raise _too_short(late[0], pair or late[:1], budget_s)
    names = ", ".join(name_of(cell.arm) for cell in late) or "what has not begun when the time is up"
    planned = f"{budget_s / 60:.1f}".removesuffix(".0")
    needed = _minutes(cells) if f"{_seconds(cells) / 60:.1f}" != f"{budget_s / 60:.1f}" else "a little more"
    why = f"all need about {needed}, even with {cells[0].size} training rows, and {planned} are planned"
    said = f"{names}, unless this machine is faster than it seems: {why}"
    if not hoped:
        said += f". {_WITHOUT[len(pair)]} {_minutes(pair)}"
    return Cells((*sorted(kept, key=cells.index), *late), late=said)


_WITHOUT = {
    1: "Without it no language model is tried; it takes",
    2: "Without a prompt and a trained model there is nothing to compare; these two take",
}


def _compared(cells: Iterable[Cell], arms: Mapping[str, ArmPlan]) -> list[Cell]:
    """The cells of the primary comparison: a prompt, with examples where there is one, and a tuned model."""
    prompted = [c for c in cells if arms[c.arm].method in PROMPTING]
    prompted.sort(key=lambda c: "shots" not in arms[c.arm].settings)  # with examples a prompt has its fair chance
    tuned = [c for c in cells if "epochs" in arms[c.arm].settings]
    return [*prompted[:1], *tuned[:1]]


def _too_short(shortest: Cell, wanted: list[Cell], budget_s: float) -> PlanError:
    needed = math.ceil(_seconds(wanted) / USED_SHARE / 60)
    what = f"{name_of(shortest.arm)}, the quickest of the ways chosen, needs about {_minutes([shortest])} here"
    given = budget_s / USED_SHARE / 60
    return PlanError(
        f"A pilot of {given:g} minute{'' if given == 1 else 's'} is too short: {what}.",
        f"Give --minutes {needed} or more, or choose a quicker way, such as a classical classifier.",
    )


def _minutes(cells: Iterable[Cell]) -> str:
    return f"{_seconds(cells) / 60:.1f} minutes"


def _budget_s(choices: PilotChoices) -> float:
    return choices.minutes * 60 * USED_SHARE


def _seconds(cells: Iterable[Cell]) -> float:
    return sum(cell.seconds for cell in cells)


def _largest(timed: Timer, seed: int, train: int, budget_s: float) -> int:
    """The largest usual size with which every arm runs once; beyond a useful size only with seeds and a curve as well.

    One score from twice the rows says less than three seeds and a curve: how far seeds differ, and where it leads.
    """
    sizes = sorted({size for size in SIZES if size < train} | {min(train, SIZES[-1])})

    def fits(size: int) -> bool:
        cells = timed.once(size, seed)
        if size > USEFUL_SIZE:
            cells += _seeds_and_curve(timed, seed, size)
        return _seconds(cells) <= budget_s

    return max((size for size in sizes if fits(size)), default=sizes[0])


def _more(timed: Timer, seed: int, size: int) -> list[list[Cell]]:
    """What follows when there is time, each cell worth having alone, in the order of the design."""
    return [_seeds_and_curve(timed, seed, size), _seeds_of_curve(timed, seed, size), _of_shots(timed, seed)]


def _curve_arm(timed: Timer) -> str | None:
    """The tuned arm that is repeated, and tried on fewer rows."""
    if CURVE_ARM in timed.arms:
        return CURVE_ARM
    return next((name for name, arm in timed.arms.items() if "epochs" in arm.settings), None)


def _smaller(size: int) -> list[int]:
    return [s for s in (size // 4, size // 2) if s >= FEWEST_TRAIN_ROWS]


def _seeds_and_curve(timed: Timer, seed: int, size: int) -> list[Cell]:
    """More seeds, then smaller sizes, of one tuned arm."""
    if (tuned := _curve_arm(timed)) is None:
        return []
    seeds = [timed.cell(tuned, size, other) for other in range(seed + 1, seed + SEEDS)]
    return [*seeds, *(timed.cell(tuned, smaller, seed) for smaller in _smaller(size))]


def _seeds_of_curve(timed: Timer, seed: int, size: int) -> list[Cell]:
    """The smaller sizes with the other seeds."""
    if (tuned := _curve_arm(timed)) is None:
        return []
    return [timed.cell(tuned, n, other) for other in range(seed + 1, seed + SEEDS) for n in _smaller(size)]


def _of_shots(timed: Timer, seed: int) -> list[Cell]:
    """The same prompt with fewer examples: a cell that may use only so many rows shows no more than these."""
    arm = FEW_SHOT.arm
    if arm not in timed.arms:
        return []
    shots = timed.shots(arm)
    return [timed.cell(arm, n, seed) for n in (shots // 4, shots // 2) if n > 0]
