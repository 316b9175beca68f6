"""Which answers are varied when looking for what would change the verdict, and by how much."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from advisor.decision.flips import Axis, Trial, ladder
from advisor.vocabulary import TaskProfile


class Row(Protocol):
    """What of a question's row is needed here."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def choices(self) -> tuple[str, ...]: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def whole(self) -> bool: ...
    @property
    def yes_no(self) -> bool: ...


# What an unanswered number is tried at; nothing where only an answered limit can be moved
TRIED_WHEN_UNANSWERED: dict[str, tuple[float, ...]] = {
    "labelled_examples": (0, 100, 1_000, 10_000),
    "requests_per_month": (1_000, 100_000, 1_000_000, 10_000_000),
    "prompted_score": (0.5, 0.7, 0.9),
    "latency_p95_ms": (2_000, 500, 200),
    "quality_target": (0.8, 0.9),
    "budget_monthly_usd": (1_000, 200),
    "days_to_launch": (30, 10),
}
NUMBERS = (
    *("labelled_examples", "requests_per_month", "prompted_score", "quality_target", "latency_p95_ms"),
    *("budget_one_off_usd", "budget_monthly_usd", "days_to_launch", "horizon_months", "n_classes"),
    *("input_tokens", "instruction_tokens", "labelling_cost_usd_per_example"),
)
CHOICES = (
    *("evaluation_set", "well_specified", "output_format", "label_quality", "labels_follow_house_rules"),
    *("facts_change", "needs_citations", "requirements_change", "data_may_leave", "may_rent_gpus", "serve_on"),
)
CHOICE_DISTANCE = 0.5  # another choice is as far as a number ten times as large
UNANSWERED_DISTANCE = 1.0


def axes(profile: TaskProfile, questions: Iterable[Row]) -> tuple[Axis, ...]:
    """One axis per question that can be varied for this profile."""
    found = [_axis(profile, row) for row in questions if row.key in (*NUMBERS, *CHOICES)]
    return tuple(axis for axis in found if axis is not None and axis.trials)


def _axis(profile: TaskProfile, row: Row) -> Axis | None:
    now = getattr(profile, row.key)
    if row.key in CHOICES:
        options: tuple[Any, ...] = (True, False) if row.yes_no else row.choices
        near = options.index(now) if now in options else -1
        trials = tuple(
            Trial(value, CHOICE_DISTANCE + 0.05 * abs(options.index(value) - near)) for value in options if value != now
        )
        return Axis(row.key, row.label, row.unit, now, tuple(sorted(trials, key=lambda t: t.distance)))
    if now is None:
        values = TRIED_WHEN_UNANSWERED.get(row.key, ())
        trials = tuple(Trial(int(v) if row.whole else v, UNANSWERED_DISTANCE) for v in values)
        return Axis(row.key, row.label, row.unit, None, trials, number=True, whole=row.whole)
    share = row.unit.startswith("score")
    steps = ladder(float(now), row.low or 0.0, row.high or float("inf"), share=share)
    trials = tuple(Trial(round(t.value) if row.whole else t.value, t.distance) for t in steps)
    return Axis(row.key, row.label, row.unit, now, trials, number=True, whole=row.whole)
