"""Uploaded rows after checking, and their split."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["note", "warn", "ask", "error"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat, content as plain text."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str


@dataclass(frozen=True, slots=True)
class Example:
    """One kept row. `row` is its stable id (position in the file, from 0); `line` where it starts, from 1."""

    row: int
    line: int
    input: str
    output: str
    instruction: str | None = None
    group: str | None = None
    split: str | None = None
    given: str | None = None
    references: tuple[str, ...] = ()
    turns: tuple[Message, ...] = ()
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out, where it stood, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; `rows` are example rows (at most a few hundred), `mend` what is proposed.

    An `ask` names the flag that answers it (`flag`) and the answers that make sense (`options`).
    """

    check: str
    severity: Severity
    text: str
    rows: tuple[int, ...] = ()
    mend: str = ""
    flag: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what, and why each was proposed; None where there is none."""

    inputs: tuple[str, ...]
    output: str
    input_template: str | None = None
    instruction: str | None = None
    group: str | None = None
    split: str | None = None
    given: str | None = None
    time: str | None = None
    why: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """A checked file of examples. `sha256` is of the file's bytes, `fingerprint` of the kept rows.

    `tokens_basis` says how the token counts were made; `leaks` what a split does with training rows
    that also stand in a given test part; `choices` is what the person chose (JSON values, defaults left out);
    `copies` are sets of indices into `examples` whose inputs are equal or nearly so (None: not looked for).
    """

    name: str
    sha256: str
    fingerprint: str
    format: str
    encoding: str | None
    column_names: tuple[str, ...]
    columns: Columns
    task_type: str
    task_why: str
    labels: tuple[tuple[str, int], ...]
    examples: tuple[Example, ...]
    rejected: tuple[Rejected, ...]
    findings: tuple[Finding, ...]
    input_tokens_median: float
    output_tokens_median: float
    instruction: str | None = None
    preview: tuple[dict[str, Any], ...] = field(default=())
    input_tokens_p95: float = 0.0
    output_tokens_p95: float = 0.0
    tokens_basis: str = "characters / 4, rough"
    leaks: Literal["train", "test", "keep"] = "train"
    choices: dict[str, Any] = field(default_factory=dict)
    copies: tuple[tuple[int, ...], ...] | None = None

    @property
    def rows_in_file(self) -> int:
        return len(self.examples) + len(self.rejected)


@dataclass(frozen=True, slots=True)
class Split:
    """Indices into `Dataset.examples`; the test part is seen by no arm."""

    train: tuple[int, ...]
    validation: tuple[int, ...]
    test: tuple[int, ...]
    seed: int
    how: str
