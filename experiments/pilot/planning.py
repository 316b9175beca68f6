"""The plan of a pilot: decided once, before it starts, and stored. Nothing here is random but the seed's shuffle."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.errors import PlanError, UnknownName
from advisor.vocabulary import Accelerator, ArmPlan, Cell, Dataset, PilotPlan, Split
from experiments.arms.job import ArmCard
from experiments.metrics import default_metric, metric
from experiments.pilot import rows
from experiments.pilot.choices import CURVE_ARM, DEFAULT_ARMS, PilotChoices
from experiments.pilot.seconds import Machine, Work, arm_quantity, cell_seconds, machine_of, train_seconds

USED_SHARE = 0.9  # of the minutes is planned; the rest is for starting, and for being wrong
SIZES = (64, 128, 256, 512, 1_000, 2_000, 4_000, 8_000, 16_000)
METRIC_ROWS = 200  # answers looked at to choose the metric
EMBEDDER, NO_MODEL = "sentence-transformers/all-MiniLM-L6-v2", "tfidf-logistic-regression"  # ids of the catalog
FEWEST_TRAIN = 8
SEEDS = 3
THREADS_MOST = 8  # assumption: small models gain nothing from more


@dataclass(frozen=True, slots=True)
class Here:
    """What the machine can do: cards of the arms there are, its speeds, the model's size."""

    cards: tuple[ArmCard, ...]
    accelerator: Accelerator
    dtype: str
    ratios: Mapping[str, float]
    parameters: float
    threads: int

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
    arms, left_out = _arms(dataset, choices, here)
    train = rows.train_rows(dataset, split.train, choices.seed)
    if len(train) < FEWEST_TRAIN:
        raise PlanError(
            f"Only {len(train)} rows are left to train on.", f"Give a file with {FEWEST_TRAIN * 5} or more."
        )
    test = rows.test_rows(dataset, split.test, choices.seed, choices.test_rows)
    validation = rows.validation_rows(dataset, split.validation, choices.seed)
    timed = _Timer(dataset, here, {a.arm: a for a in arms}, len(test) + len(validation))
    cells, more = _cells(arms, choices, timed, len(train))
    return PilotPlan(
        dataset_sha256=dataset.sha256,
        dataset_fingerprint=dataset.fingerprint,
        dataset_name=dataset.name,
        task_type=dataset.task_type,
        labels=tuple(label for label, _ in dataset.labels),
        instruction=dataset.instruction or "",
        metric=_metric(dataset, choices),
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
        notes=_notes(dataset, len(test), len(split.test)),
        input_tokens=dataset.input_tokens_median,
        output_tokens=dataset.output_tokens_median,
    )


@dataclass(frozen=True, slots=True)
class _Timer:
    """Seconds of a cell of this data set on this machine."""

    dataset: Dataset
    here: Here
    arms: Mapping[str, ArmPlan]
    answered: int

    def cell(self, arm: str, size: int, seed: int) -> Cell:
        settings = self.arms[arm].settings
        labelled = self.dataset.task_type in rows.CHOSEN_TASKS
        work = Work(
            train=size,
            answered=self.answered,
            input_tokens=self.dataset.input_tokens_median,
            output_tokens=self.dataset.output_tokens_median,
            instruction_tokens=len((self.dataset.instruction or "").split()) * 1.4,
            n_labels=len(self.dataset.labels) if labelled else 0,
            epochs=float(settings.get("epochs") or 0.0),
            shots=int(settings.get("shots") or 8),
        )
        machine = self.here.machine
        seen = self.here.ratios.get(arm_quantity(self.here.accelerator, self.here.dtype, arm), 1.0)
        seconds, training = cell_seconds(arm, work, machine), train_seconds(arm, work, machine)
        return Cell(arm, size, seed, round(seen * seconds, 1), round(seen * training, 1))


def _arms(dataset: Dataset, choices: PilotChoices, here: Here) -> tuple[tuple[ArmPlan, ...], tuple[str, ...]]:
    known = {card.arm: card for card in here.cards}
    wanted = choices.arms or tuple(arm for arm in DEFAULT_ARMS if arm in known)
    for arm in (*wanted, *choices.settings):
        if arm not in known:
            near = difflib.get_close_matches(arm, known, n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise UnknownName(f"No arm is called '{arm}'.", f"{hint}There are: {', '.join(known)}.")
    arms, left_out = [], []
    for arm in dict.fromkeys(wanted):
        card = known[arm]
        if card.tasks is not None and dataset.task_type not in card.tasks:
            why = card.why_not or f"it does not do {dataset.task_type.replace('_', ' ')}"
            if choices.arms:
                raise PlanError(f"The arm {arm} cannot run here: {why}.", "Leave it out of --arms.")
            left_out.append(f"{arm}: {why}")
            continue
        arms.append(ArmPlan(arm, card.method, _model(card, choices.model), _settings(card, choices)))
    if not arms:
        raise PlanError(f"No arm can do {dataset.task_type} here.", "Name others with --arms.")
    return tuple(arms), tuple(left_out)


def _metric(dataset: Dataset, choices: PilotChoices) -> str:
    answers = [example.output for example in dataset.examples[:METRIC_ROWS]]
    return (metric(choices.metric) if choices.metric else default_metric(dataset.task_type, answers)).name


def _model(card: ArmCard, base: str) -> str:
    """The model an arm runs, by its id in the catalog: so evidence finds it."""
    if "base" in card.needs:
        return base
    return EMBEDDER if "embedder" in card.needs else NO_MODEL


def _settings(card: ArmCard, choices: PilotChoices) -> dict[str, object]:
    changed = choices.settings.get(card.arm, {})
    if wrong := [name for name in changed if name not in card.settings]:
        raise PlanError(
            f"The arm {card.arm} has no setting '{wrong[0]}'.", f"It has: {', '.join(card.settings) or 'none'}."
        )
    shots = {"shots": choices.shots} if choices.shots is not None and "shots" in card.settings else {}
    return {**card.settings, **shots, **changed}


def _cells(
    arms: tuple[ArmPlan, ...], choices: PilotChoices, timed: _Timer, train: int
) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    """Every arm once; then seeds, smaller sizes, and their seeds, of the arm that shows the learning curve."""
    budget_s = choices.minutes * 60 * USED_SHARE
    size = min(choices.size or _largest(arms, choices.seed, timed, train, budget_s), train)
    first = [timed.cell(arm.arm, size, choices.seed) for arm in arms]
    spent = sum(cell.seconds for cell in first)
    kept, left_out = list(first), []
    if spent > budget_s:
        left_out.append(
            f"the arms need about {spent / 60:.1f} minutes even with {size} training rows: the last may be dropped"
        )
    for what, cells in _more(arms, choices.seed, size, timed):
        needs = sum(cell.seconds for cell in cells)
        if spent + needs <= budget_s:
            kept += cells
            spent += needs
        else:
            left_out.append(f"{what}: {needs / 60:.1f} minutes more would do")
            break
    return tuple(kept), tuple(left_out)


def _largest(arms: tuple[ArmPlan, ...], seed: int, timed: _Timer, train: int, budget_s: float) -> int:
    """The largest usual size with which every arm runs once in the budget."""
    sizes = sorted({size for size in SIZES if size < train} | {min(train, SIZES[-1])})
    fitting = [s for s in sizes if sum(timed.cell(arm.arm, s, seed).seconds for arm in arms) <= budget_s]
    return fitting[-1] if fitting else sizes[0]


def _more(arms: tuple[ArmPlan, ...], seed: int, size: int, timed: _Timer) -> list[tuple[str, list[Cell]]]:
    """What follows when there is time, each step worth having alone, in the order of the design."""
    names = [arm.arm for arm in arms]
    tuned = CURVE_ARM if CURVE_ARM in names else next((a.arm for a in arms if "epochs" in a.settings), None)
    if tuned is None:
        return []
    others = [seed + i for i in range(1, SEEDS)]
    sizes = [s for s in (size // 4, size // 2) if s >= FEWEST_TRAIN]
    steps = [(f"a repetition of {tuned} with seed {s}", [timed.cell(tuned, size, s)]) for s in others]
    steps += [(f"{tuned} on {s} training rows (learning curve)", [timed.cell(tuned, s, seed)]) for s in sizes]
    steps += [(f"{tuned} on {n} rows with seed {s}", [timed.cell(tuned, n, s)]) for s in others for n in sizes]
    return steps


def _notes(dataset: Dataset, tested: int, test_part: int) -> tuple[str, ...]:
    notes = []
    if tested < test_part:
        notes.append(f"{tested} of {test_part} test rows are used, each label in its share")
    return tuple(notes)
