"""A person's preference between two arms' answers: blind pairs, sides swapped by the plan's seed, each judged once."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from advisor.errors import RunError
from advisor.vocabulary import PilotRecord
from experiments import statistics
from experiments.pilot.representative import answers_of
from experiments.statistics import ALPHA, Interval
from workspace import Event, Store

KIND, REVEALED = "preferred", "revealed"
FEWEST, MOST = 20, 40  # pairs for a verdict, and pairs that are offered
Side = Literal["left", "right", "neither"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two answers to one row; `left` is the arm whose answer stands on the left."""

    row: int
    input: str
    left: str
    right: str
    left_answer: str
    right_answer: str


@dataclass(frozen=True, slots=True)
class Judgements:
    """Everything a person judged in a run: (arms, row) → the arm preferred; and the pairs of arms that are revealed."""

    made: Mapping[tuple[str, str, int], str | None] = field(default_factory=dict)
    revealed: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, events: Sequence[Event]) -> Judgements:
        """From the events of a run; of two judgements of one pair the first counts."""
        made: dict[tuple[str, str, int], str | None] = {}
        for event in events:
            if event.kind == KIND:
                first, second = event.payload["arms"]
                made.setdefault((first, second, int(event.payload["row"])), event.payload["preferred"])
        shown = frozenset((e.payload["arms"][0], e.payload["arms"][1]) for e in events if e.kind == REVEALED)
        return cls(made, shown)


@dataclass(frozen=True, slots=True)
class Preference:
    """What was judged so far between two arms: for `a`, for `b`, for neither; `offered` pairs there are to judge.

    `done`: all are judged, or the person has looked which is which; nothing is judged, and nothing shown before, then.
    """

    a: str
    b: str
    for_a: int
    for_b: int
    neither: int
    offered: int
    done: bool

    @property
    def judged(self) -> int:
        return self.for_a + self.for_b + self.neither

    @property
    def enough(self) -> bool:
        """Whether it may decide something. Stopping early is harmless: nobody knew which side was whose."""
        return self.done and self.judged >= FEWEST

    @property
    def share(self) -> Interval:
        """Of the pairs in which one was preferred, those that went to `a`."""
        return statistics.preferred(self.for_a, self.for_b)[0]

    @property
    def p_value(self) -> float:
        return statistics.preferred(self.for_a, self.for_b)[1]

    @property
    def winner(self) -> str | None:
        """The arm that is preferred, once enough was judged and chance alone would hardly do it."""
        if not self.enough or self.p_value >= ALPHA:
            return None
        return self.a if self.for_a > self.for_b else self.b


def pairs(record: PilotRecord, a: str, b: str) -> tuple[Pair, ...]:
    """Test rows that both answered, differently, in an order and on sides that only the seed and the arms decide."""
    one, other = _answers(record, a), _answers(record, b)
    rows = sorted(r for r in one.keys() & other.keys() if one[r].strip() != other[r].strip())
    rng = random.Random(f"{record.plan.seed} {' '.join(sorted((a, b)))}")
    rng.shuffle(rows)
    rows = rows[:MOST]
    swapped = [bool(i % 2) for i in range(len(rows))]  # each stands on the left as often as on the right
    rng.shuffle(swapped)
    first, second = sorted((a, b))
    found = []
    for row, swap in zip(rows, swapped, strict=True):
        left, right = (second, first) if swap else (first, second)
        said = {a: one[row], b: other[row]}
        found.append(Pair(row, record.inputs.get(row, ""), left, right, said[left], said[right]))
    return tuple(found)


def _answers(record: PilotRecord, arm: str) -> dict[int, str]:
    """Its answers that can be judged."""
    return {
        row: said.prediction
        for row, said in answers_of(record, arm).items()
        if said.error is None and said.prediction is not None
    }


def judge(store: Store, run: str, pair: Pair, side: Side) -> None:
    """Keep one judgement; the first of a pair stays. Refused once it was shown which arm is which."""
    if side not in ("left", "right", "neither"):
        raise RunError(f"'{side}' is no side of a pair.", "Choose left, right or neither.")
    arms = sorted((pair.left, pair.right))
    if (arms[0], arms[1]) in Judgements.of(store.events.all(run, kind=REVEALED)).revealed:
        raise RunError("These pairs are no longer blind: it was shown which arm is which.", "See the result.")
    preferred = {"left": pair.left, "right": pair.right}.get(side)
    store.events.append(run, KIND, {"row": pair.row, "arms": arms, "left": pair.left, "preferred": preferred})


def reveal(store: Store, run: str, a: str, b: str) -> None:
    """End the judging of two arms: from now on it may be seen which is which."""
    store.events.append(run, REVEALED, {"arms": sorted((a, b))})


def preference(record: PilotRecord, judgements: Judgements, a: str, b: str) -> Preference:
    """What a person has preferred so far between two arms."""
    first, second = sorted((a, b))
    offered = [pair.row for pair in pairs(record, a, b)]
    made = [judgements.made[first, second, row] for row in offered if (first, second, row) in judgements.made]
    done = (first, second) in judgements.revealed or (len(made) == len(offered) and bool(offered))
    return Preference(a, b, made.count(a), made.count(b), made.count(None), len(offered), done)


def document(found: Preference) -> dict[str, Any]:
    """As the results hold it; who is ahead is not said before the judging is done."""
    share, shown = found.share, found.done
    return {
        "a": found.a,
        "b": found.b,
        "judged": found.judged,
        "offered": found.offered,
        "done": shown,
        "for_a": found.for_a if shown else None,
        "for_b": found.for_b if shown else None,
        "neither": found.neither if shown else None,
        "share_a": round(share.value, 4) if shown and found.for_a + found.for_b else None,
        "low": round(share.low, 4) if shown else None,
        "high": round(share.high, 4) if shown else None,
        "p_value": found.p_value if shown else None,
        "winner": found.winner,
    }
