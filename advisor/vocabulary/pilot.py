"""What a pilot will do, what it did, and the evidence that may reach the advice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

RunState = Literal["queued", "running", "paused", "done", "cancelled", "failed", "lost"]
Accelerator = Literal["cuda", "mps", "cpu"]
Part = Literal["validation", "test"]


@dataclass(frozen=True, slots=True)
class ArmPlan:
    """One method tried, with its exact settings (learning rate, epochs, shots, …; JSON values only)."""

    arm: str
    method: str
    model: str
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """The unit of work: one arm at one training size with one seed.

    `seconds` is the planner's estimate for all of it, `train_seconds` for the training in it.
    """

    arm: str
    size: int
    seed: int
    seconds: float
    train_seconds: float = 0.0

    @property
    def key(self) -> str:
        return f"{self.arm}/{self.size}/{self.seed}"


@dataclass(frozen=True, slots=True)
class PilotPlan:
    """What will be done, decided once and stored; row lists are example rows, in order.

    `metric_settings` are the checks of a house's style; `judged_by` says whether the metric or a person's preference
    decides the primary comparison. `left_out` is not tried, `late` only if this machine is faster than it seems;
    `later` are cells that come next when the run is given more minutes. `test_rows_available` is how many of the
    `rows_labelled` a test could take at this split; 0 in plans of earlier versions. `memory_seen` is what an arm's
    training took in earlier runs here ÷ what the formula counts.
    """

    dataset_sha256: str
    dataset_fingerprint: str
    dataset_name: str
    task_type: str
    labels: tuple[str, ...]
    instruction: str
    metric: str
    model: str
    accelerator: Accelerator
    dtype: str
    seed: int
    minutes: float
    arms: tuple[ArmPlan, ...]
    cells: tuple[Cell, ...]
    left_out: tuple[str, ...]
    train_rows: tuple[int, ...]
    validation_rows: tuple[int, ...]
    test_rows: tuple[int, ...]
    rows_available: int
    threads: int = 2
    notes: tuple[str, ...] = ()
    input_tokens: float = 0.0
    output_tokens: float = 0.0
    metric_settings: dict[str, Any] = field(default_factory=dict)
    judged_by: Literal["metric", "preference"] = "metric"
    longest_row_tokens: float = 0.0
    late: str = ""
    later: tuple[Cell, ...] = ()
    test_rows_available: int = 0
    rows_labelled: int = 0
    memory_seen: dict[str, float] = field(default_factory=dict)

    @property
    def all_cells(self) -> tuple[Cell, ...]:
        """Those that fit the minutes, and those that come with more."""
        return (*self.cells, *self.later)


@dataclass(frozen=True, slots=True)
class RowResult:
    """One answered row. `score` is None for a failed row (`error` says why); never scored as wrong."""

    arm: str
    size: int
    seed: int
    part: Part
    row: int
    prediction: str | None
    score: float | None
    latency_ms: float | None
    invalid: bool = False
    error: str | None = None


CAUTION = "Caution: "  # begins a note that whoever reads a cell's score has to know


@dataclass(frozen=True, slots=True)
class CellResult:
    """What one finished cell measured beside its rows; unknown is None. Notes that begin with CAUTION are shown.

    `cost_usd` and the tokens are what a hosted service was paid and counted, over every call of the cell.
    """

    arm: str
    size: int
    seed: int
    train_seconds: float | None
    evaluate_seconds: float
    peak_memory_mib: float | None
    training_memory_mib: float | None
    settings: dict[str, Any]
    estimated: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    cost_usd: float | None = None
    tokens_sent: int | None = None
    tokens_received: int | None = None


@dataclass(frozen=True, slots=True)
class GuardResult:
    """A proof that the comparison is real: what was checked, whether it held, the figures."""

    guard: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class PilotRecord:
    """Everything a pilot was and found; `results` is the contract's document, computed from `rows`."""

    run: str
    state: RunState
    plan: PilotPlan
    rows: tuple[RowResult, ...]
    cells: tuple[CellResult, ...]
    guards: tuple[GuardResult, ...]
    versions: dict[str, str]
    machine: dict[str, Any]
    started: str
    seconds: float
    results: dict[str, Any]
    references: dict[int, str] = field(default_factory=dict)
    inputs: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured quality (and what it cost) of one method × model at one place."""

    method: str
    arm: str
    model: str
    place: str
    metric: str
    n_train: int
    n_test: int
    value: float
    low: float
    high: float
    sd: float
    latency_p50_ms: float | None = None
    latency_p95_ms: float | None = None
    peak_memory_gib: float | None = None
    train_hours: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The only thing that passes from experiments to `advise`."""

    run: str
    task_type: str
    n_classes: int | None
    metric: str
    floor: float
    measurements: tuple[Measurement, ...]
    curve: tuple[tuple[int, float, float], ...] = ()
    curve_method: str | None = None
    rows_available: int | None = None
    input_tokens: float | None = None
    output_tokens: float | None = None
    verdict: str = ""

    def is_on(self, task_type: str | None) -> bool:
        """Whether it was on this kind of task, as far as both are known: what was measured on another says little."""
        return not self.task_type or task_type in (None, self.task_type)
