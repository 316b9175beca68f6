"""Which answers are varied when looking for what would change the verdict, and by how much."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from advisor.decision.axis import Axis, Trial, ladder
from advisor.decision.contradictions import TEXT_METRICS
from advisor.decision.currency import Currency
from advisor.vocabulary import CLASSIFYING, OwnGpu, Priorities, TaskProfile


class Row(Protocol):
    """What of a question's row is needed here."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def kind(self) -> str: ...
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
    "prompted_score": (0.3, 0.5, 0.7, 0.85, 0.95),
    "latency_p95_ms": (2_000, 500, 200),
    "quality_target": (0.8, 0.9),
    "budget_monthly_usd": (1_000, 200),
    "days_to_launch": (30, 10),
}
# choices that are tried also when nobody answered them
IMPORTANT_CHOICES = (
    *("evaluation_set", "well_specified", "output_format", "label_quality", "labels_follow_house_rules"),
    *("facts_change", "needs_citations", "requirements_change", "data_may_leave", "may_rent_gpus", "serve_on"),
)
# other words for the same answer, the paper's own, and what only changes how amounts are written
NOT_VARIED = ("name", "description", "currency", "usd_per_currency_unit")
# what only the weighing looks at: the predicted numbers stay, so they need not be computed again
WEIGHED_ONLY = (
    *("evaluation_set", "quality_target", "budget_one_off_usd", "budget_monthly_usd", "days_to_launch", "priorities"),
)
CHOICE_DISTANCE = 0.5  # another choice is as far as a number ten times as large
UNANSWERED_DISTANCE = 1.0
FIELDS_TRIED = ("general", "medical", "legal", "finance")
WEIGHT_FACTORS = (2.0, 0.5, 4.0, 0.25, 10.0, 0.0)
WEIGHTS_TRIED = "each concern 2 to 10 times as heavy or as light, or left out"
WORDS = {"time_to_launch": "time to launch", "maintenance": "upkeep", "latency": "speed"}


def axes(profile: TaskProfile, questions: Iterable[Row]) -> tuple[Axis, ...]:
    """One axis per question that was answered, or that matters although it was not."""
    found = (_axis(profile, row) for row in questions if row.key not in NOT_VARIED)
    return tuple(axis for axis in found if axis is not None and (axis.trials or axis.now is not None))


def _axis(profile: TaskProfile, row: Row) -> Axis | None:
    now = getattr(profile, row.key)
    if row.kind == "number":
        return _number(profile, row, now)
    if row.kind == "priorities":
        label = "priorities" if now is None else row.label
        alike = "all alike" if now is None else now
        return Axis(row.key, label, "", alike, _weights(now or Priorities()), tried=WEIGHTS_TRIED)
    if now is None and row.key not in IMPORTANT_CHOICES:
        return None
    values: tuple[Any, ...] = (True, False) if row.yes_no else row.choices
    if row.key == "metric" and profile.task_type in CLASSIFYING:
        values = tuple(value for value in values if value not in TEXT_METRICS)
    if row.kind != "choice":
        return Axis(row.key, row.label, row.unit, now, _others(row.key, now))
    near = values.index(now) if now in values else -1
    trials = [Trial(v, CHOICE_DISTANCE + 0.05 * abs(values.index(v) - near)) for v in values if v != now]
    return Axis(row.key, row.label, row.unit, now, tuple(sorted(trials, key=lambda t: t.distance)))


def _number(profile: TaskProfile, row: Row, now: float | None) -> Axis:
    money = Currency.of(profile)
    if not now and row.key in TRIED_WHEN_UNANSWERED:
        values = TRIED_WHEN_UNANSWERED.get(row.key, ())
        trials = tuple(Trial(int(v) if row.whole else v, UNANSWERED_DISTANCE) for v in values)
        kept = tuple(t for t in trials if t.value != now)
        return Axis(row.key, row.label, row.unit, now, kept, True, row.whole, money)
    if now is None:
        return Axis(row.key, row.label, row.unit, None, (), True, row.whole, money)
    share = row.unit.startswith("score")
    steps = ladder(float(now), row.low or 0.0, row.high or float("inf"), share=share)
    trials = tuple(Trial(round(t.value) if row.whole else t.value, t.distance) for t in steps)
    kept = tuple(t for t in trials if t.value != now)
    return Axis(row.key, row.label, row.unit, now, kept, True, row.whole, money)


def _weights(now: Priorities) -> tuple[Trial, ...]:
    """One concern weighted otherwise than now, the smallest change first."""
    trials = []
    for place, factor in enumerate(WEIGHT_FACTORS):
        for concern in ("quality", "cost", "latency", "time_to_launch", "maintenance"):
            weight = getattr(now, concern)
            if weight <= 0:
                continue
            value = {**{key: getattr(now, key) for key in Priorities.__dataclass_fields__}, concern: weight * factor}
            if sum(value.values()) <= 0:
                continue
            said = "counting nothing" if factor == 0 else f"weighted {factor:g} times as much"
            trials.append(Trial(Priorities(**value), 0.15 * (place // 2 + 1), f"{WORDS.get(concern, concern)} {said}"))
    return tuple(trials)


def _others(key: str, now: Any) -> tuple[Trial, ...]:
    """Other answers to a question whose answer is a text, a list or GPUs."""
    if key == "gpus":
        one = (OwnGpu("A100-80GB", 1),)
        return tuple(Trial(v, CHOICE_DISTANCE) for v in ((), one) if v != now)
    if key == "domain":
        return tuple(Trial(v, CHOICE_DISTANCE) for v in FIELDS_TRIED if v != now)
    if key == "languages":
        return (Trial(("en",) if tuple(now) != ("en",) else ("de",), CHOICE_DISTANCE),)
    return (Trial(None, UNANSWERED_DISTANCE, "left open"),)
