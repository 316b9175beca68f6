"""A loaded model answers validation and test: labels by their probability, everything else by writing."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from advisor.vocabulary import CAUTION, Example, GuardResult
from experiments.arms import label_scoring
from experiments.arms.cut_answers import CutAnswers
from experiments.arms.encoded import Encoded, shared_prefix
from experiments.arms.generation import Writer, Written
from experiments.arms.job import ArmJob, Report, chosen_among, latency_rows, new_tokens_limit
from experiments.arms.label_scoring import LabelScorer, batches_by_length
from experiments.arms.label_sets import LabelSets
from experiments.arms.plain_scoring import proved
from experiments.arms.rows import MS, RowWriter, in_turn, stop_if_asked
from experiments.arms.under_way import ALONE_WEIGHT, UnderWay, expected_tokens
from experiments.dataset.wording import many
from experiments.models.loading import LoadedModel
from experiments.prompts import Prompter

CUT_SHARE_ALLOWED = 0.02  # assumption: more answers than this cut at the limit make a comparison doubtful


@dataclass(frozen=True)
class Answering:
    """How to answer: the model, the renderer, which demonstrations a row gets, and what is fixed in advance.

    `past` holds keys and values before every prompt (prefix tuning). `alone` test rows are answered one at a time,
    as a user would feel it (None: as many as usual); the rest in batches, without a latency. A `tuned` model has to
    stop by itself.
    `chooses` among the labels by their probability, else it writes; `labels_per_row` where a row may have several.
    """

    loaded: LoadedModel
    prompter: Prompter
    shots: Callable[[Example], Sequence[Example]] = lambda _example: ()
    calibrate: bool = False
    max_prompt_tokens: int = 2048
    alone: int | None = None
    batch_size: int = 8
    max_new_tokens: int | None = None
    past: Callable[[], Any] = lambda: None
    writes: Any = None
    tuned: bool = False
    chooses: bool = False
    labels_per_row: float | None = None

    @classmethod
    def by(cls, settings: dict[str, Any], loaded: LoadedModel, prompter: Prompter, **more: Any) -> Answering:
        """What an arm's settings say, and `more` that it decides itself."""
        return cls(
            loaded=loaded,
            prompter=prompter,
            max_prompt_tokens=settings["max_prompt_tokens"],
            alone=settings["latency_rows"],
            batch_size=settings["batch_size"],
            max_new_tokens=settings["max_new_tokens"],
            chooses=chosen_among(prompter.task_type, settings),
            labels_per_row=settings.get("labels_per_row"),
            **more,
        )


@dataclass
class Answered:
    """What answering found out beside the rows."""

    seconds: float = 0.0
    prompt: str = ""
    chat: tuple[dict[str, str], ...] = ()
    guards: list[GuardResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    max_new_tokens: int | None = None
    labels_per_row: float | None = None
    alone: int = 0

    def came_out(self) -> dict[str, Any]:
        """The settings that were left open, as they came out."""
        several = {} if self.labels_per_row is None else {"labels_per_row": self.labels_per_row}
        return {"latency_rows": self.alone, "max_new_tokens": self.max_new_tokens, **several}


def answer(job: ArmJob, report: Report, how: Answering) -> Answered:
    """Report every row of validation and test; labels are scored, other tasks generated."""
    began = time.perf_counter()
    answered = Answered()
    writer = RowWriter(job, report)
    encoded = encode(how, writer, answered)
    first = job.test[0] if job.test else None
    if first is not None:
        chat = how.prompter.fitted(first, how.shots(first), how.max_prompt_tokens)[1]
        answered.chat = tuple(how.prompter.accepted(chat))
        answered.prompt = how.prompter.render(list(answered.chat))
    if encoded and how.chooses and job.labels:
        by_label(job, how, writer, encoded, answered)
    elif encoded:
        by_writing(job, how, writer, encoded, answered)
    answered.seconds = time.perf_counter() - began
    return answered


def encode(how: Answering, writer: RowWriter, answered: Answered) -> list[Encoded]:
    """All prompts, rendered as one query at a time would be."""
    encoded, shortened = [], 0
    for index, (part, example) in enumerate(writer.rows):
        if index % 16 == 0:
            stop_if_asked(writer.report)
            writer.report.step("load", index, len(writer.rows))
        start = time.perf_counter()
        ids, _, less = how.prompter.fitted(example, how.shots(example), how.max_prompt_tokens)
        took_ms = (time.perf_counter() - start) * MS
        encoded.append(Encoded(part=part, example=example, ms=took_ms, ids=ids, shortened=less))
        shortened += less
    if shortened:
        longer = f"{shortened} of {len(encoded)} prompts were longer than {how.max_prompt_tokens} tokens"
        answered.notes.append(f"{CAUTION}{longer}: demonstrations, then the end of the input, were left out.")
    return encoded


def by_label(job: ArmJob, how: Answering, writer: RowWriter, encoded: list[Encoded], answered: Answered) -> None:
    """Validation first: its inputs set the calibration. Then the test rows."""
    labels = [how.prompter.choice_ids(label) for label in job.labels]
    scorer = LabelScorer(how.loaded.model, shared_prefix(encoded), labels, past=how.past())
    plain_model = how.writes or how.loaded.model
    score, proof, given_up = proved(scorer, plain_model, how.loaded.dtype, encoded[-1].ids, labels)
    answered.guards += [proof] if proof else []
    answered.notes += given_up
    validation = [e for e in encoded if e.part == "validation"]
    known = np.zeros((len(validation), len(labels)))
    scored = 0
    for batch in planned(validation, scorer, how):
        stop_if_asked(writer.report)
        known[batch] = score([validation[i].ids for i in batch])
        scored += len(batch)
        writer.report.step("calibrate", scored, len(validation))
    prior = label_scoring.batch_prior(known) if how.calibrate else np.zeros(len(labels))
    if how.calibrate and not validation:
        answered.notes.append("No validation rows, so the label scores are not calibrated.")
    calibrated = label_scoring.label_shares(known) - prior
    choose = chooser(job, how, calibrated, answered)
    for item, scores in zip(validation, calibrated, strict=True):
        writer.write("validation", item.example, choose(scores), None)

    def answer_batch(items: list[Encoded]) -> list[str]:
        shares = label_scoring.label_shares(score([e.ids for e in items]))
        return [choose(scores) for scores in shares - prior]

    test = [e for e in encoded if e.part == "test"]
    answered.alone = latency_rows(how.alone, None)
    in_turn(writer, test, answered.alone, answer_batch, lambda rest: planned(rest, scorer, how))
    answered.notes.append(latency_note(test, answered.alone))


def chooser(job: ArmJob, how: Answering, known: np.ndarray, answered: Answered) -> Callable[[np.ndarray], str]:
    """From the calibrated scores of a row to its answer: the likeliest label, or those above the bar."""
    if job.task_type == "classification":
        return lambda scores: job.labels[int(np.argmax(scores))]
    sets = LabelSets.like(job.train or job.validation, job.labels, how.labels_per_row).barred(known)
    answered.labels_per_row = round(sets.per_row, 4)
    answered.notes.append(
        f"Labels above one bar are given: with it, validation inputs get {sets.per_row:.2g} labels on average, as "
        f"{'set' if how.labels_per_row else 'training rows have'}."
        if known.size
        else "No validation rows, so each row gets the likeliest label alone."
    )
    return sets.choose


def planned(items: Sequence[Encoded], scorer: LabelScorer, how: Answering) -> list[list[int]]:
    """Batches of similar length, as many rows as the memory and the setting allow."""
    lengths = [scorer.query_length(e.ids) for e in items]
    return batches_by_length(lengths, lambda longest: min(how.batch_size, scorer.batch_size(longest)))


def by_writing(job: ArmJob, how: Answering, writer: RowWriter, encoded: list[Encoded], answered: Answered) -> None:
    """Generate for every row; the limit of new tokens comes from the answers that may be seen."""
    known = job.train or job.validation
    lengths = [len(how.prompter.answer_ids(e.output)) for e in known]
    limit = how.max_new_tokens or new_tokens_limit(lengths)
    answered.max_new_tokens, answered.alone = limit, latency_rows(how.alone, limit)
    own_past = how.writes is not None
    prefix = [] if own_past else shared_prefix(encoded)
    model = how.writes or how.loaded.model
    under_way = UnderWay(writer, expected_tokens(lengths, limit, stops=how.tuned))
    generate = Writer(
        model, how.loaded.tokenizer, how.prompter.end_id, prefix, limit, under_way.wrote, has_own_past=own_past
    )
    cut = CutAnswers(job)

    def answer_batch(items: list[Encoded]) -> list[str]:
        with under_way.batch(items):
            written: list[Written] = generate.write([e.ids for e in items])
        cut.keep(items, written)
        return [w.text for w in written]

    def plan(items: list[Encoded]) -> list[list[int]]:
        return batches_by_length([len(e.ids) for e in items], lambda _longest: how.batch_size)

    validation = [e for e in encoded if e.part == "validation"]
    test = [e for e in encoded if e.part == "test"]
    writer.weigh(test[: answered.alone], min(ALONE_WEIGHT, how.batch_size))
    in_turn(writer, validation, 0, answer_batch, plan)
    in_turn(writer, test, answered.alone, answer_batch, plan)
    detail = f"{len(cut)} of {many(len(encoded), 'answer was', 'answers were')} cut at {limit} new tokens"
    answered.notes.append(f"{CAUTION if len(cut) else ''}{detail}.")
    if how.tuned:
        few = len(cut) / len(encoded) <= CUT_SHARE_ALLOWED
        answered.guards.append(GuardResult("answers_end_by_themselves", few, detail))
    answered.notes.append(latency_note(test, answered.alone))


def latency_note(test: list[Encoded], alone: int) -> str:
    """How the latencies were measured, in a sentence."""
    return (
        f"Latency: {min(alone, len(test))} test rows were answered one at a time, rendering included, with the part "
        "that all prompts share already computed; rows answered in batches carry none."
    )
