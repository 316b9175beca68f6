"""How long a run has worked: only time in which its worker lived counts, not time lost or paused."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from advisor.vocabulary import Cell, PilotPlan
from experiments.dataset.wording import many
from experiments.pilot.seconds import HOPEFUL_SHARE
from experiments.runners import allowance
from experiments.runners.pace import kept, pace, used_seconds
from workspace import Store

MAY_START_SHARE = 1.05  # a cell starts when it should end within the minutes and 5 %
MUST_END_SHARE = 1.2  # no cell goes on beyond the minutes and 20 % (the promise of `--minutes`)
KEPT_EVERY_S = 5.0


@dataclass(slots=True)
class Clock:
    """The worker's own clock: monotonic, carried on from what earlier workers of this run wrote."""

    store: Store
    run: str
    plan: PilotPlan
    minutes: float = field(init=False)
    _before: float = field(init=False)
    _since: float = field(init=False)
    _kept: float = field(init=False)

    def __post_init__(self) -> None:
        events = self.store.events.all(self.run)
        self.minutes = allowance.minutes(self.plan, events)
        self._before = used_seconds(events)
        self._since = time.monotonic()
        self._kept = self._before

    @property
    def seconds(self) -> float:
        return self._before + time.monotonic() - self._since

    def keep(self, *, now: bool = False) -> None:
        """Write the time used, every few seconds or at once."""
        seconds = self.seconds
        if now or seconds - self._kept >= KEPT_EVERY_S:
            self._kept = seconds
            self.store.events.append(self.run, "used", {"seconds": round(seconds, 3)})

    @property
    def limit_s(self) -> float | None:
        """The run's minutes in seconds; None when it is replayed without a clock (minutes 0)."""
        return self.minutes * 60 if self.minutes > 0 else None

    def fits(self, cell: Cell, *, first: bool) -> bool:
        """Whether a cell, at the pace seen so far, ends in time; the first cell of an arm is given more hope."""
        if self.limit_s is None:
            return True
        expected = self._expected_s(cell) * (HOPEFUL_SHARE if first else 1.0)
        return self.seconds + expected <= self.limit_s * MAY_START_SHARE

    def _expected_s(self, cell: Cell) -> float:
        events = self.store.events.all(self.run)
        return pace(self.plan, events).seconds(cell, kept(cell, events))

    def over(self) -> bool:
        """Whether the minutes and their tolerance are used up."""
        return self.limit_s is not None and self.seconds > self.limit_s * MUST_END_SHARE

    def why_dropped(self, cell: Cell) -> str:
        used = f"{self.seconds / 60:.1f} of {many(self.minutes, 'minute')} were used"
        return used if self.over() else f"{used} and it needs about {self._expected_s(cell) / 60:.1f} more"
