"""Small jobs for arms, and a report that keeps what it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor.vocabulary import Example
from experiments.arms import ArmJob, card
from experiments.arms.job import Spent

LABELS = ("BookTable", "GetWeather", "PlayMusic")
TEXTS = {
    "BookTable": "book a table for {n}",
    "GetWeather": "what is the weather like {n}",
    "PlayMusic": "play some music {n} please",
}


@dataclass
class KeptReport:
    """Everything an arm said, in order. `stop_after` rows it asks the arm to stop; `on_row` may raise."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    steps: list[tuple[str, int, int]] = field(default_factory=list)
    stop_when: Callable[[KeptReport], bool] = lambda _report: False
    calls: dict[str, tuple[float, float | None]] = field(default_factory=dict)
    counted: list[tuple[int, int]] = field(default_factory=list)
    most_usd: float = 0.0

    def row(
        self,
        part: str,
        row: int,
        prediction: str | None,
        score: float | None,
        latency_ms: float | None,
        *,
        invalid: bool = False,
        error: str | None = None,
    ) -> None:
        self.rows.append((part, row, prediction, score, latency_ms, invalid, error))

    def step(self, phase: str, done: float, total: float, **figures: float) -> None:
        self.steps.append((phase, done, total))

    def should_stop(self) -> bool:
        return self.stop_when(self)

    def reserve(self, call: str, usd: float, limit_usd: float) -> bool:
        if self.usd() + usd > limit_usd:
            return False
        assert call not in self.calls, "a call may not be reserved twice"
        self.calls[call] = (usd, None)
        self.most_usd = max(self.most_usd, self.usd())
        return True

    def settle(self, call: str, usd: float, tokens: tuple[int, int] = (0, 0)) -> None:
        self.calls[call] = (self.calls[call][0], usd)
        self.counted.append(tokens)

    def usd(self) -> float:
        return sum(reserved if usd is None else usd for reserved, usd in self.calls.values())

    def spent(self) -> Spent:
        sent, received = (sum(t[i] for t in self.counted) for i in (0, 1))
        return Spent(self.usd(), sent, received, len(self.calls))

    def answers(self) -> dict[tuple[str, int], str | None]:
        return {(row[0], row[1]): row[2] for row in self.rows}


def examples(count: int, first: int = 0, labels: tuple[str, ...] = LABELS) -> tuple[Example, ...]:
    found = []
    for row in range(first, first + count):
        label = labels[row % len(labels)]
        found.append(Example(row, row + 2, TEXTS[label].format(n=row), label))
    return tuple(found)


def with_several(count: int, first: int = 0) -> tuple[Example, ...]:
    """Rows with one label or two, as JSON lists."""
    found = []
    for example in examples(count, first):
        second = [LABELS[(example.row + 1) % len(LABELS)]] if example.row % 2 else []
        output = json.dumps(sorted({example.output, *second}))
        found.append(Example(example.row, example.line, example.input, output))
    return tuple(found)


def json_examples(count: int, first: int = 0) -> tuple[Example, ...]:
    return tuple(
        Example(row, row + 1, f"book a table for {row % 10}", f'{{"people": "{row % 10}"}}')
        for row in range(first, first + count)
    )


def job(arm: str, folder: Path, base: Path | None, embedder: Path | None, **changes: Any) -> ArmJob:
    """A job with 12 training, 6 validation and 6 test rows; `settings` are added to the card's."""
    settings = {**card(arm).settings, **changes.pop("settings", {})}
    folder.mkdir(parents=True, exist_ok=True)
    values: dict[str, Any] = {
        "arm": arm,
        "settings": settings,
        "task_type": "classification",
        "labels": LABELS,
        "instruction": "Decide which label fits the text.",
        "metric": "accuracy",
        "seed": 1,
        "train": examples(12),
        "validation": examples(6, 100),
        "test": examples(6, 200),
        "base_folder": base,
        "embedder_folder": embedder,
        "folder": folder,
        "accelerator": "cpu",
        "dtype": "fp32",
        "threads": 1,
    }
    values.update(changes)
    return ArmJob(**values)
