"""Which cells a plan has: every arm once, then what is worth its time next, in the order of the design."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from advisor.methods import METHODS
from advisor.vocabulary import CLASSIFYING, ArmPlan, Cell, Dataset
from experiments.arms import name_of
from experiments.arms.few_shot import ARM as FEW_SHOT
from experiments.arms.few_shot import shots_for
from experiments.arms.job import latency_rows
from experiments.dataset.limits import FEWEST_TRAIN_ROWS
from experiments.pilot import rows
from experiments.pilot.choices import CURVE_ARM, PilotChoices
from experiments.pilot.here import Here
from experiments.pilot.lengths import RowTokens
from experiments.pilot.seconds import Work, arm_quantity, cell_seconds, corrected, train_seconds

USED_SHARE = 0.9  # of the minutes is planned; the rest is for starting, and for being wrong
USEFUL_SIZE = 256  # below it a pilot says little about training (reference/quality/predictability.md, section 3)
SIZES = (64, 128, 256, 512, 1_000, 2_000, 4_000, 8_000, 16_000)
PROMPTING = {card.name for card in METHODS if card.family == "prompting"}
SEEDS = 3


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
        labelled = self.dataset.task_type in CLASSIFYING
        work = Work(
            train=size,
            answered=self.answered,
            input_tokens=self.tokens.input,
            output_tokens=self.tokens.output,
            instruction_tokens=self.tokens.instruction,
            n_labels=len(self.dataset.labels) if labelled else 0,
            epochs=float(settings.get("epochs") or 0.0),
            shots=min(self.shots(arm), size),
            max_prompt_tokens=float(settings.get("max_prompt_tokens") or 2_048),
            batch_size=int(settings.get("batch_size") or 8),
            long_output_tokens=self.tokens.long_output,
            longest_output_tokens=self.tokens.longest_output,
            alone=latency_rows(settings, self.dataset.task_type),
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


def in_order(timed: Timer, choices: PilotChoices, train: int) -> tuple[tuple[Cell, ...], tuple[str, ...], str]:
    """Every arm once; then seeds, smaller sizes, and their seeds, of the arm that shows the learning curve.

    Beside them what is left out, and what follows only if this machine is faster than it seems.
    """
    budget_s = _budget_s(choices)
    size = min(choices.size or _largest(timed, choices.seed, train, budget_s), train)
    kept, late = _in_time(timed.once(size, choices.seed), timed.arms, budget_s)
    if _seconds((*kept, *late)) > budget_s:
        needed = _seconds((*kept, *late)) / 60
        names = ", ".join(name_of(cell.arm) for cell in late) or "what has not begun when the time is up"
        why = f"all need about {needed:.1f} minutes, even with {size} training rows, and {budget_s / 60:g} are planned"
        return (*kept, *late), (), f"{names}, unless this machine is faster than it seems: {why}"
    left_out = []
    for what, cells in _more(tuple(timed.arms.values()), choices.seed, size, timed):
        if _seconds(kept) + _seconds(cells) > budget_s:
            left_out.append(f"{what}: needs {_seconds(cells) / 60:.1f} minutes more")
            break
        kept += cells
    return tuple(kept), tuple(left_out), ""


def _in_time(cells: list[Cell], arms: Mapping[str, ArmPlan], budget_s: float) -> tuple[list[Cell], list[Cell]]:
    """The cells that fit the budget, in their order; and those that follow only if time is left, shortest first.

    Where not all fit, the first to be kept are those that the primary comparison needs: a prompt and a tuned model.
    """
    tuned = [c.arm for c in cells if "epochs" in arms[c.arm].settings]
    prompted = [c.arm for c in cells if arms[c.arm].method in PROMPTING]
    prompted.sort(key=lambda arm: "shots" not in arms[arm].settings)  # with examples a prompt has its fair chance
    needed = (*prompted[:1], *tuned[:1])
    kept: list[Cell] = []
    for cell in sorted(cells, key=lambda c: (c.arm not in needed, c.seconds)):
        if cell.arm in needed or _seconds(kept) + cell.seconds <= budget_s:
            kept.append(cell)
    late = sorted((c for c in cells if c not in kept), key=lambda c: c.seconds)
    return [c for c in cells if c in kept], late


def _budget_s(choices: PilotChoices) -> float:
    return choices.minutes * 60 * USED_SHARE


def _seconds(cells: Iterable[Cell]) -> float:
    return sum(cell.seconds for cell in cells)


def _largest(timed: Timer, seed: int, train: int, budget_s: float) -> int:
    """The largest usual size with which every arm runs once in the budget."""
    sizes = sorted({size for size in SIZES if size < train} | {min(train, SIZES[-1])})
    fitting = [size for size in sizes if _seconds(timed.once(size, seed)) <= budget_s]
    return fitting[-1] if fitting else sizes[0]


def _more(arms: tuple[ArmPlan, ...], seed: int, size: int, timed: Timer) -> list[tuple[str, list[Cell]]]:
    """What follows when there is time, each step worth having alone, in the order of the design."""
    return [*_of_training(arms, seed, size, timed), *_of_shots(arms, seed, timed)]


def _of_training(arms: tuple[ArmPlan, ...], seed: int, size: int, timed: Timer) -> list[tuple[str, list[Cell]]]:
    """More seeds, then smaller sizes, then their seeds, of one tuned arm."""
    names = [arm.arm for arm in arms]
    tuned = CURVE_ARM if CURVE_ARM in names else next((a.arm for a in arms if "epochs" in a.settings), None)
    if tuned is None:
        return []
    name = name_of(tuned)
    others = [seed + i for i in range(1, SEEDS)]
    sizes = [s for s in (size // 4, size // 2) if s >= FEWEST_TRAIN_ROWS]
    steps = [(f"a repetition of {name} with seed {s}", [timed.cell(tuned, size, s)]) for s in others]
    steps += [(f"{name} on {s} training rows (learning curve)", [timed.cell(tuned, s, seed)]) for s in sizes]
    steps += [(f"{name} on {n} rows with seed {s}", [timed.cell(tuned, n, s)]) for s in others for n in sizes]
    return steps


def _of_shots(arms: tuple[ArmPlan, ...], seed: int, timed: Timer) -> list[tuple[str, list[Cell]]]:
    """The same prompt with fewer examples: a cell that may use only so many rows shows no more than these."""
    few_shot = next((arm for arm in arms if arm.arm == FEW_SHOT.arm), None)
    if few_shot is None:
        return []
    shots = timed.shots(few_shot.arm)
    name = name_of(few_shot.arm)
    return [
        (f"{name} with {n} examples in the prompt", [timed.cell(few_shot.arm, n, seed)])
        for n in (shots // 4, shots // 2)
        if n > 0
    ]
