"""How long a run has worked: only time in which its worker lived counts, not time lost or paused."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from advisor.vocabulary import Cell, PilotPlan
from workspace import Event, Store

PRIOR_S = 20.0  # assumption: the planner's estimate weighs as much as 20 measured seconds
MAY_START_SHARE = 1.05  # a cell starts when it should end within the minutes and 5 %
HOPEFUL_SHARE = 0.4  # assumption: an arm's only cell may take as little of what is expected; unused time helps nobody
MUST_END_SHARE = 1.2  # no cell goes on beyond the minutes and 20 % (the promise of `--minutes`)
MOST_BELIEVED = 3.0  # assumption: beyond this it was that arm that was misjudged, not the machine
KEPT_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Pace:
    """Measured seconds beside estimated ones, over the cells that are done."""

    measured: float
    estimated: float

    @property
    def ratio(self) -> float:
        """What to multiply an estimate with, from now on."""
        return (self.measured + PRIOR_S) / (self.estimated + PRIOR_S)


def used_seconds(events: Iterable[Event]) -> float:
    """The active time of a run so far, as its worker last wrote it."""
    return max((float(e.payload["seconds"]) for e in events if e.kind == "used"), default=0.0)


def pace(plan: PilotPlan, events: Iterable[Event]) -> Pace:
    """How fast cells go here compared with the plan."""
    estimated = {cell.key: cell.seconds for cell in plan.cells}
    done = [(e.payload["cell"], float(e.payload["seconds"])) for e in events if e.kind == "cell"]
    known = [(seconds, estimated[key]) for key, seconds in done if key in estimated]
    return Pace(sum(min(s, MOST_BELIEVED * e) for s, e in known), sum(e for _, e in known))


@dataclass(slots=True)
class Clock:
    """The worker's own clock: monotonic, carried on from what earlier workers of this run wrote."""

    store: Store
    run: str
    plan: PilotPlan
    _before: float = field(init=False)
    _since: float = field(init=False)
    _kept: float = field(init=False)

    def __post_init__(self) -> None:
        self._before = used_seconds(self.store.events.all(self.run, kind="used"))
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
        """The minutes of the plan in seconds; None when it is replayed without a clock (minutes 0)."""
        return self.plan.minutes * 60 if self.plan.minutes > 0 else None

    def fits(self, cell: Cell, *, first: bool) -> bool:
        """Whether a cell, at the pace seen so far, ends in time; the first cell of an arm is given more hope."""
        if self.limit_s is None:
            return True
        expected = cell.seconds * pace(self.plan, self.store.events.all(self.run, kind="cell")).ratio
        expected *= HOPEFUL_SHARE if first else 1.0
        return self.seconds + expected <= self.limit_s * MAY_START_SHARE

    def over(self) -> bool:
        """Whether the minutes and their tolerance are used up."""
        return self.limit_s is not None and self.seconds > self.limit_s * MUST_END_SHARE

    def why_dropped(self) -> str:
        return f"{self.seconds / 60:.1f} of {self.plan.minutes:g} minutes were used"
