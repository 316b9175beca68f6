"""What a report is made from: everything a section may look at, all of it optional."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from advisor.report.money import Money
from advisor.vocabulary import Advice, Evidence, Moved, OptionAdvice, PilotRecord


def today() -> str:
    """The date of making, ISO."""
    return date.today().isoformat()


@dataclass(frozen=True, slots=True)
class Contents:
    """The advice, the evidence behind it, and the pilot's `results` document; `made` is an ISO date."""

    advice: Advice | None = None
    evidence: Evidence | None = None
    results: dict[str, Any] | None = field(default=None, hash=False)
    before: Advice | None = None
    moved: tuple[Moved, ...] = ()
    record: PilotRecord | None = field(default=None, hash=False)
    made: str = field(default_factory=today)

    @property
    def money(self) -> Money:
        return Money.of(self.advice.profile if self.advice else None)

    @property
    def left_out(self) -> bool:
        """Whether there is a pilot that the advice does not rest on: it was on another kind of task than answered."""
        return (
            self.advice is not None
            and self.evidence is not None
            and not self.evidence.is_on(self.advice.profile.task_type)
        )

    @property
    def metric(self) -> str | None:
        """The metric scores are in, from the nearest source that names one."""
        if self.results and self.results.get("metric"):
            return str(self.results["metric"])
        if self.evidence:
            return self.evidence.metric
        if self.advice is None or self.advice.profile.metric or self.advice.profile.task_type is None:
            return self.advice.profile.metric if self.advice else None
        usual = self.advice.quality_metric  # whether people would accept an answer is no metric to name a score by
        return usual if usual and usual != "preference" else None

    @property
    def recommended(self) -> OptionAdvice | None:
        """The option the recommendation names, with its estimates."""
        wanted = self.advice.recommendation.option if self.advice else None
        if self.advice is None or wanted is None:
            return None
        return next((option for option in self.advice.options if option.option.id == wanted), None)
