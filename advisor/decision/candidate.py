"""What the decision is made between: an option, its predicted numbers draw by draw, and the facts against it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from advisor.decision.currency import Currency
from advisor.vocabulary import Blocked, Draws, OptionPlan, TaskProfile

USD = Currency()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One option. `draws` has an array (n,) for every key of ESTIMATED; nan where unknown. `blocked` holds facts."""

    plan: OptionPlan
    draws: dict[str, Draws]
    blocked: tuple[Blocked, ...] = ()

    @property
    def id(self) -> str:
        return self.plan.option.id

    @property
    def family(self) -> str:
        return self.plan.option.family


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound a person set on one estimate; `least` marks a lower bound. `unit` and `key` are those of the question."""

    key: str
    estimate: str
    value: float
    label: str
    unit: str
    least: bool = False
    currency: Currency = USD

    def said(self) -> str:
        """The limit as it was typed, with its unit; of money also in the team's currency."""
        return self.currency.typed(self.value, self.unit)

    def about(self, value: float) -> str:
        """Another value of it in two digits."""
        return self.currency.with_unit(value, self.unit)


def limits_of(profile: TaskProfile) -> tuple[Limit, ...]:
    """The limits the answers set on uncertain numbers; memory and load are facts of the hardware chosen."""
    money = Currency.of(profile)
    wait = (profile.may_wait_hours or 0.0) * 3_600_000.0
    speed = None if profile.latency_p95_ms is None else max(profile.latency_p95_ms, wait)
    rows = (
        Limit("quality_target", "quality", profile.quality_target or 0.0, "quality", "", least=True),
        Limit("budget_one_off_usd", "one_off_cost_usd", profile.budget_one_off_usd or 0.0, "cost to build", "USD"),
        Limit(
            "budget_monthly_usd", "monthly_cost_usd", profile.budget_monthly_usd or 0.0, "running cost", "USD a month"
        ),
        Limit("latency_p95_ms", "waiting_p95_ms", speed or 0.0, "time to answer", "ms"),
        Limit("days_to_launch", "days_to_launch", profile.days_to_launch or 0.0, "days to launch", "days"),
    )
    return tuple(replace(row, currency=money) for row in rows if getattr(profile, row.key) is not None)


def breaks(limit: Limit, draws: Draws) -> Draws:
    """1.0 in the draws that break the limit; what is not known breaks nothing."""
    broken = draws < limit.value if limit.least else draws > limit.value
    return np.asarray(np.where(np.isnan(draws), False, broken), dtype=float)


def is_assumed(candidate: Candidate, limit: Limit) -> bool:
    """Whether a limit on the time to answer is held against an assumption: a hosted model that nobody timed."""
    return limit.key == "latency_p95_ms" and bool(np.isnan(candidate.draws["latency_p95_ms"]).all())
