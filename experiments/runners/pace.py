"""How fast a run goes beside its plan: what its steps and finished cells took, and what is left of a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from advisor.vocabulary import Cell, PilotPlan
from workspace import Event

PRIOR_S = 20.0  # assumption: the planner's estimate weighs as much as 20 measured seconds
# what takes less than both (the second: of the longest cell) is mostly starting, and says little of how the rest goes
SHORT_S, SHORT_SHARE = 15.0, 0.1
MOST_BELIEVED = 3.0  # assumption: beyond this it was that arm that was misjudged, not the machine


@dataclass(slots=True)
class Rate:
    """Measured seconds beside estimated ones, of one kind of work."""

    measured: float = 0.0
    estimated: float = 0.0

    def add(self, measured: float, estimated: float) -> None:
        """Some work more; what took far longer than expected says something of its arm, not of the machine."""
        self.measured += min(measured, MOST_BELIEVED * estimated)
        self.estimated += estimated

    @property
    def ratio(self) -> float:
        """What to multiply an estimate with, from now on."""
        return (self.measured + PRIOR_S) / (self.estimated + PRIOR_S)


@dataclass(frozen=True, slots=True)
class Pace:
    """Training and the rest apart: how fast a machine reads says little about how fast it trains."""

    training: Rate
    answering: Rate

    def seconds(self, cell: Cell, parts: Parts | None = None) -> float:
        """What is left of a cell, from now on."""
        done = parts or Parts()
        training = cell.train_seconds * (1 - done.trained) * self.training.ratio
        return training + (cell.seconds - cell.train_seconds) * (1 - done.answered) * self.answering.ratio


@dataclass(slots=True)
class Parts:
    """How far a cell is in its two kinds of work, as shares; and the seconds that a share of each was seen to take."""

    trained: float = 0.0
    answered: float = 0.0
    training: tuple[float, float] = (0.0, 0.0)
    answering: tuple[float, float] = (0.0, 0.0)


def parts(cell: Cell, events: Iterable[Event]) -> Parts:
    """From the steps of the newest attempt at a cell, which may still run."""
    began: dict[str, Event] = {}
    latest: dict[str, Event] = {}
    for event in events:
        if event.payload.get("cell") != cell.key:
            continue
        if event.kind == "cell_started":
            began, latest = {}, {}
        elif event.kind == "step":
            phase = str(event.payload["phase"])
            began.setdefault(phase, event)
            latest[phase] = event
    share = {phase: _share(step) for phase, step in latest.items()}
    seen = {
        phase: (latest[phase].at - first.at, max(0.0, share[phase] - _share(first))) for phase, first in began.items()
    }
    return Parts(
        trained=1.0 if "evaluate" in share else share.get("train", 0.0),
        answered=share.get("evaluate", 0.0),
        training=seen.get("train", (0.0, 0.0)),
        answering=seen.get("evaluate", (0.0, 0.0)),
    )


def furthest(cell: Cell, events: Iterable[Event]) -> Parts:
    """The most of a cell that any attempt at it reached: what was done once stays done in the eyes of who watches."""
    attempts: list[list[Event]] = [[]]
    for event in events:
        if event.payload.get("cell") == cell.key:
            if event.kind == "cell_started":
                attempts.append([])
            attempts[-1].append(event)
    reached = [parts(cell, attempt) for attempt in attempts]
    return Parts(max(one.trained for one in reached), max(one.answered for one in reached))


def kept(cell: Cell, events: Iterable[Event]) -> Parts:
    """What of a cell a new attempt need not do again: the rows it answered, and its training once it had ended."""
    so_far = parts(cell, events)
    return Parts(trained=1.0, answered=so_far.answered) if so_far.trained >= 1.0 else Parts()


def _share(step: Event) -> float:
    return float(step.payload["done"]) / max(1.0, float(step.payload["total"]))


def used_seconds(events: Iterable[Event]) -> float:
    """The active time of a run so far, as its worker last wrote it."""
    return max((float(e.payload["seconds"]) for e in events if e.kind == "used"), default=0.0)


def pace(plan: PilotPlan, events: Sequence[Event]) -> Pace:
    """How fast cells go here compared with the plan: those that are done, and what the others did so far."""
    done = {e.payload["cell"]: e.payload for e in events if e.kind == "cell"}
    training, answering = Rate(), Rate()
    short_s = min(SHORT_S, SHORT_SHARE * max((cell.seconds for cell in plan.all_cells), default=0.0))
    for cell in plan.all_cells:
        if cell.key in done and cell.seconds < short_s:
            continue
        rest_s = cell.seconds - cell.train_seconds
        if cell.key in done:
            trained_s = float(done[cell.key]["result"]["train_seconds"] or 0.0) if cell.train_seconds else 0.0
            training.add(trained_s, cell.train_seconds)
            answering.add(float(done[cell.key]["seconds"]) - trained_s, rest_s)
        else:
            so_far = parts(cell, events)
            training.add(so_far.training[0], cell.train_seconds * so_far.training[1])
            answering.add(so_far.answering[0], rest_s * so_far.answering[1])
    return Pace(training, answering)
