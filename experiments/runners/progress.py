"""What a cell says while it works: every row and step goes to disk before the next one starts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from advisor.vocabulary import Cell, Part, RowResult
from experiments.arms.job import Spent
from workspace import Store

STEP_EVERY_S = 1.0  # progress inside a cell is kept at most this often; its last step always


@dataclass(slots=True)
class StoreReport:
    """The `Report` of an arm, writing to the workspace. `alive` is called with every sign of life."""

    store: Store
    run: str
    cell: Cell
    cancel: Path
    alive: Callable[[], None]
    _last_step: float = 0.0
    _last_phase: str = ""

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
        cell = self.cell
        self.store.rows.add(
            self.run,
            RowResult(
                arm=cell.arm,
                size=cell.size,
                seed=cell.seed,
                part=part,
                row=row,
                prediction=None if prediction is None else storable(prediction),
                score=None if score is None else float(score),
                latency_ms=None if latency_ms is None else float(latency_ms),
                invalid=invalid,
                error=None if error is None else storable(error),
            ),
        )
        self.alive()

    def step(self, phase: str, done: float, total: float, **figures: float) -> None:
        self.alive()
        now = time.monotonic()
        if phase == self._last_phase and done < total and now - self._last_step < STEP_EVERY_S:
            return
        self._last_step, self._last_phase = now, phase
        payload: dict[str, Any] = {"cell": self.cell.key, "phase": phase, "done": done, "total": total}
        self.store.events.append(self.run, "step", {**payload, **{k: float(v) for k, v in figures.items()}})

    def should_stop(self) -> bool:
        self.alive()
        return self.cancel.exists()

    def reserve(self, call: str, usd: float, limit_usd: float) -> bool:
        return self.store.spend.reserve(self.run, f"{self.cell.key}/{call}", usd, limit_usd=limit_usd)

    def settle(self, call: str, usd: float, tokens: tuple[int, int] = (0, 0)) -> None:
        self.store.spend.settle(self.run, f"{self.cell.key}/{call}", usd, tokens)

    def spent(self) -> Spent:
        found = self.store.spend.of_calls(self.run, f"{self.cell.key}/")
        return Spent(found.usd, found.tokens_sent, found.tokens_received, found.calls)


def storable(text: str) -> str:
    """Text that any file and database holds: half characters (lone surrogates) become the replacement sign."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
