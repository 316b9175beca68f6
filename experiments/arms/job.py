"""The door between a run and an arm: what an arm is given, and how it says what it did.

An arm is one module with `ARM: ArmCard` and `run(job, report) -> CellOutcome`. It runs in a child process
of its own, after the imports and before any tensor work of anyone else. It knows nothing of databases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from advisor.vocabulary import CLASSIFYING, Accelerator, Example, GuardResult, Part

ROOM = 1.25  # assumption: an answer a quarter longer than the longest known one is still an answer
FALLBACK_NEW_TOKENS = 128  # assumption: where no answer is known
MOST_NEW_TOKENS = 512
# rows answered one at a time, so that it is known how long one waits (assumption): labels cost little; written answers
# may take a minute each where they are long, and the median of three says it too
CHOSEN_ALONE, WRITTEN_ALONE, FEWEST_ALONE = 20, 10, 3
ALONE_TOKENS = 1_000  # as many are written in such rows at most, unless the fewest need more


@dataclass(frozen=True, slots=True)
class ArmCard:
    """What an arm is: its name, the method it tries, what it needs, its defaults.

    `needs` lists of "base" (a causal model), "embedder" (MiniLM), "bitsandbytes", "training", "service" (an API).
    `settings` are the defaults shown to the person; every key may be changed and is used.
    `label` is what a person calls it where that is not its method's own.
    `tasks` is None for every task type, else the task types the arm can do.
    """

    arm: str
    method: str
    needs: tuple[str, ...]
    settings: dict[str, Any]
    tasks: tuple[str, ...] | None = None
    why_not: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class ArmJob:
    """One cell to do. Rows are examples of the data set, already chosen; `done` are (part, row) not to repeat."""

    arm: str
    settings: dict[str, Any]
    task_type: str
    labels: tuple[str, ...]
    instruction: str
    metric: str
    seed: int
    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    test: tuple[Example, ...]
    base_folder: Path | None
    embedder_folder: Path | None
    folder: Path
    accelerator: Accelerator
    dtype: str
    threads: int
    done: frozenset[tuple[Part, int]] = frozenset()
    metric_settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spent:
    """What the calls of a cell cost and counted; `usd` is None where nobody knows the price."""

    usd: float | None
    tokens_sent: int
    tokens_received: int
    calls: int


@dataclass(frozen=True, slots=True)
class CellOutcome:
    """What an arm knows at its end beside its rows.

    `prompt` is the exact text given for the first test row; `chat` the turns it was made of, where there are turns.
    """

    settings: dict[str, Any]
    train_seconds: float | None = None
    evaluate_seconds: float = 0.0
    training_memory_mib: float | None = None
    prompt: str = ""
    chat: tuple[dict[str, str], ...] = ()
    guards: tuple[GuardResult, ...] = ()
    notes: tuple[str, ...] = ()
    artefact: Path | None = None
    curve: tuple[tuple[float, float], ...] = field(default=())
    spent: Spent | None = None


def chosen_among(task_type: str, settings: Mapping[str, Any]) -> bool:
    """Whether a language model's answer is chosen by the labels' probabilities.

    Of several labels a row only an arm that can be calibrated chooses: a tuned model has learnt to write the list.
    """
    return task_type == "classification" or (task_type in CLASSIFYING and "labels_per_row" in settings)


def latency_rows(chosen: int | None, limit_tokens: int | None) -> int:
    """How many test rows are answered one at a time: as chosen, else by the limit of an answer that is written.

    `limit_tokens` is None where nothing is written, but a label chosen.
    """
    if chosen is not None:
        return chosen
    if limit_tokens is None:
        return CHOSEN_ALONE
    return max(FEWEST_ALONE, min(WRITTEN_ALONE, ALONE_TOKENS // max(1, limit_tokens)))


def new_tokens_limit(answer_lengths: Sequence[int]) -> int:
    """How many tokens a written answer may have, from the known answers (each with its end token)."""
    if not answer_lengths:
        return FALLBACK_NEW_TOKENS
    return min(MOST_NEW_TOKENS, int(max(answer_lengths) * ROOM) + 4)


class Report(Protocol):
    """How an arm speaks while it works. Every call is durable when it returns."""

    def row(
        self,
        part: Part,
        row: int,
        prediction: str | None,
        score: float | None,
        latency_ms: float | None,
        *,
        invalid: bool = False,
        error: str | None = None,
    ) -> None:
        """One answered row; call it before the next row starts."""

    def step(self, phase: str, done: float, total: float, **figures: float) -> None:
        """Progress inside the cell: `phase` is "load", "train", "calibrate" or "evaluate"; figures such as loss."""

    def should_stop(self) -> bool:
        """True when the person cancelled; the arm then raises `Stopped` at the next safe point."""

    def reserve(self, call: str, usd: float, limit_usd: float) -> bool:
        """Set the worst case of one call aside before it is made; False, and nothing set aside, beyond the limit."""

    def settle(self, call: str, usd: float, tokens: tuple[int, int] = (0, 0)) -> None:
        """What a call really cost, and the tokens sent and received; one that is never settled stays reserved."""

    def spent(self) -> Spent:
        """Over all calls of this cell, those of earlier tries too; a reservation counts as spent."""


class Stopped(Exception):
    """The person cancelled: rows so far are kept, the cell is unfinished."""
