"""The plan of a pilot: decided once, before it starts, and stored. Nothing here is random but the seed's shuffle."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from advisor.errors import PlanError
from advisor.vocabulary import CLASSIFYING, Dataset, PilotPlan, Split
from experiments.dataset import own_split
from experiments.dataset.limits import FEWEST_TRAIN_ROWS
from experiments.dataset.power import TEST_SHARE
from experiments.dataset.wording import many
from experiments.instructions import instruction_for
from experiments.metrics import PREFERENCE, default_metric, metric
from experiments.metrics.format_checks import checks, in_words
from experiments.pilot import chosen, hosted, rows
from experiments.pilot.budget import in_minutes
from experiments.pilot.cells import Timer, answered_rows, in_order
from experiments.pilot.choices import PilotChoices
from experiments.pilot.estimated import memory_quantity
from experiments.pilot.here import Here
from experiments.pilot.lengths import row_tokens
from experiments.pilot.verdict import nothing_to_compare

METRIC_ROWS = 200  # answers looked at to choose the metric
BAR = (
    "how many labels a row gets on average is taken from the answers of the training rows, for ways that are shown no "
    "row too"
)


def plan(dataset: Dataset, split: Split, choices: PilotChoices, here: Here) -> PilotPlan:
    """What the pilot will do, cell by cell, in the order of the design; and what it leaves out, in words."""
    in_minutes(choices.minutes)
    arms, left_out = chosen.arms(dataset, choices, here.cards)
    most = choices.test_rows or rows.sizes(dataset)[0][0]
    in_turn = partial(rows.as_they_stand if choices.in_order else rows.ordered, dataset, seed=choices.seed)
    test = in_turn(split.test)[:most]
    copies = rows.copies_of(dataset, test, (*split.train, *split.validation))
    train = in_turn([p for p in split.train if p not in copies])
    validation = in_turn([p for p in split.validation if p not in copies])
    _enough(len(train), choices.size)
    stated = _instruction(dataset, choices, set(train))
    timed = Timer(dataset, here, {a.arm: a for a in arms}, row_tokens(dataset, stated, train, here.count))
    answered = answered_rows(timed, choices, len(train))
    test, validation = test[: answered[0]], validation[: answered[1]]
    cells = in_order(replace(timed, answered=sum(answered)), choices, len(train))
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
        cells=cells.now,
        left_out=left_out,
        train_rows=train,
        validation_rows=validation,
        test_rows=test,
        rows_available=len(train),
        threads=here.threads,
        notes=(
            *_notes(len(test), len(split.test), len(copies), labelled=bool(dataset.labels)),
            *_of_wish(choices.size, len(train)),
            *([BAR] if dataset.task_type == "multi_label_classification" else ()),
            *([lacks] if (lacks := nothing_to_compare(arms)) else ()),
            *hosted.notes(dataset, arms, len(test) + len(validation), timed.tokens),
        ),
        input_tokens=dataset.input_tokens_median,
        output_tokens=dataset.output_tokens_median,
        longest_row_tokens=timed.tokens.longest_row,
        late=cells.late,
        later=cells.later,
        test_rows_available=_test_rows_available(dataset, split),
        rows_labelled=len(dataset.examples),
        memory_seen={arm.arm: seen for arm in arms if (seen := here.ratios.get(_memory(here, arm.arm)))},
    )


def _enough(there: int, wished: int | None) -> None:
    """Refuse a pilot in which nothing could be learnt: too few rows are there, or too few are wished for."""
    if there < FEWEST_TRAIN_ROWS:
        raise PlanError(
            f"Only {many(there, 'row is', 'rows are')} left to train on.", f"Give {FEWEST_TRAIN_ROWS * 5} rows or more."
        )
    if wished is not None and wished < FEWEST_TRAIN_ROWS:
        raise PlanError(
            f"{many(wished, 'training row')} {'teaches' if wished == 1 else 'teach'} a model nothing.",
            f"Give --train-rows {FEWEST_TRAIN_ROWS} or more.",
        )


def _memory(here: Here, arm: str) -> str:
    return memory_quantity(here.accelerator, here.dtype, arm)


def _test_rows_available(dataset: Dataset, split: Split) -> int:
    """The file's own test part; where it has none, the usual share of its rows, however many these are."""
    if own_split.given(dataset.examples):
        return len(split.test)
    return max(len(split.test), round(TEST_SHARE * len(dataset.examples)))


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


def _of_wish(size: int | None, there: int) -> tuple[str, ...]:
    """Where fewer rows can be learnt from than were asked for."""
    return (
        ()
        if size is None or size <= there
        else (f"{many(size, 'training row was', 'training rows were')} asked for, and {there:,} are there",)
    )


def _notes(tested: int, test_part: int, copies: int, *, labelled: bool) -> tuple[str, ...]:
    notes = []
    if tested < test_part:
        share = ", each label in its share" if labelled else ""
        notes.append(f"{tested} of {many(test_part, 'test row')} are used{share}")
    if copies:
        one = "row that nearly repeats a test row was" if copies == 1 else "rows that nearly repeat a test row were"
        notes.append(f"{copies} {one} taken out of training and validation")
    return tuple(notes)
