"""The plan of a pilot: decided once, before it starts, and stored. Nothing here is random but the seed's shuffle."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from advisor.errors import PlanError
from advisor.methods import METHODS
from advisor.vocabulary import CLASSIFYING, Accelerator, ArmPlan, Cell, Dataset, PilotPlan, Split
from experiments.arms import name_of
from experiments.arms.job import ArmCard, latency_rows
from experiments.dataset.limits import FEWEST_TRAIN_ROWS
from experiments.instructions import instruction_for
from experiments.metrics import PREFERENCE, default_metric, metric
from experiments.metrics.format_checks import checks, in_words
from experiments.pilot import chosen, hosted, rows
from experiments.pilot.choices import CURVE_ARM, PilotChoices
from experiments.pilot.lengths import Count, RowTokens, rough, row_tokens
from experiments.pilot.seconds import Machine, Work, arm_quantity, cell_seconds, corrected, machine_of, train_seconds

USED_SHARE = 0.9  # of the minutes is planned; the rest is for starting, and for being wrong
USEFUL_SIZE = 256  # below it a pilot says little about training (reference/quality/predictability.md, section 3)
SIZES = (64, 128, 256, 512, 1_000, 2_000, 4_000, 8_000, 16_000)
METRIC_ROWS = 200  # answers looked at to choose the metric
PROMPTING = {card.name for card in METHODS if card.family == "prompting"}
SEEDS = 3
THREADS_MOST = 8  # assumption: small models gain nothing from more


@dataclass(frozen=True, slots=True)
class Here:
    """What the machine can do: cards of the arms there are, its speeds, the model's size and how it counts tokens."""

    cards: tuple[ArmCard, ...]
    accelerator: Accelerator
    dtype: str
    ratios: Mapping[str, float]
    parameters: float
    threads: int
    count: Count = rough

    @property
    def machine(self) -> Machine:
        return machine_of(self.ratios, self.accelerator, self.dtype, self.parameters)


def threads_here() -> int:
    """CPU cores this process may use; a plan keeps the number, for it decides the last digits of every sum."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(THREADS_MOST, usable))


def plan(dataset: Dataset, split: Split, choices: PilotChoices, here: Here) -> PilotPlan:
    """What the pilot will do, cell by cell, in the order of the design; and what it leaves out, in words."""
    if choices.minutes <= 0:
        raise PlanError(f"{choices.minutes:g} minutes are no budget.", "Give --minutes a number above 0.")
    arms, left_out = chosen.arms(dataset, choices, here.cards)
    most = choices.test_rows or rows.sizes(dataset)[0][0]
    test = rows.ordered(dataset, split.test, choices.seed)[:most]
    copies = rows.copies_of(dataset, test, (*split.train, *split.validation))
    train = rows.ordered(dataset, [p for p in split.train if p not in copies], choices.seed)
    validation = rows.ordered(dataset, [p for p in split.validation if p not in copies], choices.seed)
    if len(train) < FEWEST_TRAIN_ROWS:
        raise PlanError(f"Only {len(train)} rows are left to train on.", f"Give {FEWEST_TRAIN_ROWS * 5} rows or more.")
    stated = _instruction(dataset, choices, set(train))
    timed = _Timer(dataset, here, {a.arm: a for a in arms}, row_tokens(dataset, stated, train, here.count))
    answered = _answered(timed, choices, len(train))
    test, validation = test[: answered[0]], validation[: answered[1]]
    cells, more, late = _cells(replace(timed, answered=sum(answered)), choices, len(train))
    return PilotPlan(
        dataset_sha256=dataset.sha256,
        dataset_fingerprint=dataset.fingerprint,
        dataset_name=dataset.name,
        task_type=dataset.task_type,
        labels=tuple(label for label, _ in dataset.labels),
        instruction=stated,
        metric=_metric(dataset, choices),
        metric_settings=dict(choices.metric_settings),
        judged_by="preference" if choices.metric == PREFERENCE else "metric",
        model=choices.model,
        accelerator=here.accelerator,
        dtype=here.dtype,
        seed=choices.seed,
        minutes=choices.minutes,
        arms=arms,
        cells=cells,
        left_out=(*left_out, *more),
        train_rows=train,
        validation_rows=validation,
        test_rows=test,
        rows_available=len(train),
        threads=here.threads,
        notes=(
            *_notes(len(test), len(split.test), len(copies)),
            *hosted.notes(dataset, arms, len(test) + len(validation), timed.tokens),
        ),
        input_tokens=dataset.input_tokens_median,
        output_tokens=dataset.output_tokens_median,
        longest_row_tokens=timed.tokens.longest_row,
        late=late,
    )


@dataclass(frozen=True, slots=True)
class _Timer:
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
            shots=int(settings.get("shots") or 8),
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


def _metric(dataset: Dataset, choices: PilotChoices) -> str:
    """What scores rows; a person's preference comes on top of what suits the task."""
    if choices.metric == PREFERENCE:
        if dataset.task_type in CLASSIFYING:
            raise PlanError("Labels are right or wrong; nobody needs to prefer one.", "Leave out --metric preference.")
    elif choices.metric:
        return metric(choices.metric, choices.metric_settings).name
    answers = [example.output for example in dataset.examples[:METRIC_ROWS]]
    return default_metric(dataset.task_type, answers).name


def _instruction(dataset: Dataset, choices: PilotChoices, train: set[int]) -> str:
    """The team's instruction; what the answers are checked for is told too, unless every row brings its own words."""
    stated = dataset.instruction or ""
    if not choices.metric_settings or any(e.instruction for e in dataset.examples):
        return stated
    told = instruction_for(dataset.task_type, stated, [e for e in dataset.examples if e.row in train])
    return f"{told} {in_words(checks(choices.metric_settings))}"


def _answered(timed: _Timer, choices: PilotChoices, train: int) -> tuple[int, int]:
    """The most test and validation rows that leave time for a useful size; the fewest when none does."""
    sizes = rows.sizes(timed.dataset)
    if choices.test_rows is not None:
        return choices.test_rows, min(sizes[0][1], choices.test_rows)
    size = min(choices.size or USEFUL_SIZE, train)
    for test, validation in sizes:
        if _seconds(replace(timed, answered=test + validation).once(size, choices.seed)) <= _budget_s(choices):
            return test, validation
    return sizes[-1]


def _cells(timed: _Timer, choices: PilotChoices, train: int) -> tuple[tuple[Cell, ...], tuple[str, ...], str]:
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


def _largest(timed: _Timer, seed: int, train: int, budget_s: float) -> int:
    """The largest usual size with which every arm runs once in the budget."""
    sizes = sorted({size for size in SIZES if size < train} | {min(train, SIZES[-1])})
    fitting = [size for size in sizes if _seconds(timed.once(size, seed)) <= budget_s]
    return fitting[-1] if fitting else sizes[0]


def _more(arms: tuple[ArmPlan, ...], seed: int, size: int, timed: _Timer) -> list[tuple[str, list[Cell]]]:
    """What follows when there is time, each step worth having alone, in the order of the design."""
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


def _notes(tested: int, test_part: int, copies: int) -> tuple[str, ...]:
    notes = []
    if tested < test_part:
        notes.append(f"{tested} of {test_part} test rows are used, each label in its share")
    if copies:
        one = "row that nearly repeats a test row was" if copies == 1 else "rows that nearly repeat a test row were"
        notes.append(f"{copies} {one} taken out of training and validation")
    return tuple(notes)
