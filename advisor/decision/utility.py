"""What an option is worth to a team in every draw: one utility per concern, its weight, and what is known of it.

Utility = Σ weight × u; u of quality = (q - floor) / (1 - floor), every other u = 1 / (1 + (x / reference) ^ steepness).
References are the team's own limits or the defaults below, never the options themselves, so adding an option changes no
other. The steepness is 1, but for a limit on the time to answer: well within it, hardly anybody minds how quick.
What is cheap and quick but wrong is worth nothing: below half of what the task allows, the other u count in proportion.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from advisor.decision.candidate import Candidate
from advisor.vocabulary import Draws, Priorities, TaskProfile

# Where half the utility is gone, unless the team set a limit. assumption: with equal weights a hundredth of each is
# about what one point of quality is worth: 100 USD a month, 150 ms, one day until launch, an hour of upkeep
REFERENCE_LATENCY_MS = 15_000.0
READING_MS_PER_TOKEN = 100.0  # assumption: what is written as fast as people read (some 8 words a second) costs no time
REFERENCE_UPKEEP_HOURS = 100.0
# assumption: who names a time limit means it: three quarters of it leave 91 % of the worth of an answer at once
STEEPNESS_OF_A_TIME_LIMIT = 8.0
# assumption: a prototype is small and soon, so money and days weigh more there
REFERENCE_MONTHLY_USD = {"production": 10_000.0, "prototype": 1_000.0}
REFERENCE_DAYS = {"production": 100.0, "prototype": 30.0}
# assumption: nobody puts to use what is less than half as good as the task allows, however cheap and quick it is
USEFUL_SHARE = 0.5
EQUAL_WEIGHT = 0.2  # who gives quality less than its fifth minds less; who gives it none does not mind at all
UNKNOWN_UTILITY = 0.5  # a number nobody knows counts as if it stood at its reference
MS_PER_HOUR = 3_600_000.0


@dataclass(frozen=True, slots=True)
class Reference:
    """Where half the worth of a concern is gone, and how suddenly."""

    half: Draws | float
    steepness: float = 1.0

    def worth(self, amount: Draws | float) -> Draws:
        """From 1 for nothing at all towards 0."""
        times = np.maximum(amount, 0.0) / self.half
        return np.asarray(1.0 / (1.0 + (times if self.steepness == 1.0 else times**self.steepness)))


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What amounts and scores are held against, per draw: months of use, what guessing scores, what the task allows."""

    horizon_months: Draws
    guessed: Draws
    reachable: Draws
    best: Draws = field(init=False)  # what the task allows, from 0 to 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "best", self.quality(self.reachable))

    def quality(self, score: Draws) -> Draws:
        """A score from 0, no better than guessing, to 1, all right; 0 where it is not known."""
        above = (score - self.guessed) / (1.0 - self.guessed)
        return np.asarray(np.minimum(np.fmax(above, 0.0), 1.0))

    def useful(self, quality: Draws, weight: float) -> Draws:
        """Which part of its other merits counts at such a quality: 1 from half of what the task allows on, or less."""
        part = np.minimum(quality / np.maximum(USEFUL_SHARE * self.best, 1e-6), 1.0)
        return np.asarray(part if weight >= EQUAL_WEIGHT else part ** (weight / EQUAL_WEIGHT))


def monthly_total(draws: dict[str, Draws], horizon: Draws) -> Draws:
    """Running cost a month with the building cost spread over the horizon, USD."""
    return np.asarray(draws["monthly_cost_usd"] + draws["one_off_cost_usd"] / horizon)


def weights_of(priorities: Priorities | None) -> dict[str, float]:
    """The team's weights, adding up to 1."""
    raw = priorities or Priorities()
    named = {key: getattr(raw, key) for key in ("quality", "cost", "latency", "time_to_launch", "maintenance")}
    total = sum(named.values()) or 1.0
    return {key: value / total for key, value in named.items()}


def references(profile: TaskProfile, horizon: Draws) -> dict[str, Reference]:
    """Where half the utility of each concern is gone: the team's own limits, else the defaults above."""
    stage = profile.stage or "production"
    usual = REFERENCE_MONTHLY_USD[stage]
    monthly: Draws | float = usual
    if profile.budget_monthly_usd or profile.budget_one_off_usd:
        running = profile.budget_monthly_usd if profile.budget_monthly_usd is not None else usual
        monthly = running + (profile.budget_one_off_usd or 0.0) / horizon
    limit = max(profile.latency_p95_ms or 0.0, (profile.may_wait_hours or 0.0) * MS_PER_HOUR)
    speed = Reference(limit, STEEPNESS_OF_A_TIME_LIMIT) if limit else Reference(_nobody_named_a_limit(profile))
    return {
        "cost": Reference(monthly),
        "latency": speed,
        "time_to_launch": Reference(profile.days_to_launch or REFERENCE_DAYS[stage]),
        "maintenance": Reference(REFERENCE_UPKEEP_HOURS),
    }


def _nobody_named_a_limit(profile: TaskProfile) -> float:
    """Milliseconds after which half the worth of a quick answer is gone; a long answer is read while it is written."""
    return REFERENCE_LATENCY_MS + READING_MS_PER_TOKEN * (profile.output_tokens or 0)


def concern_utilities(candidate: Candidate, profile: TaskProfile, yardstick: Yardstick) -> dict[str, Draws]:
    """What each concern is worth (at most 1) per draw, before its weight.

    What the other merits lose where the answers are hardly of use is the quality's doing, so it is taken off there.
    """
    weights = weights_of(profile.priorities)
    worth = _worth(candidate, references(profile, yardstick.horizon_months), yardstick)
    if weights["quality"] > 0:
        useful = yardstick.useful(worth["quality"], weights["quality"])
        lost = sum((1.0 - useful) * weights[concern] * worth[concern] for concern in worth if concern != "quality")
        worth["quality"] = np.asarray(worth["quality"] - lost / weights["quality"])
    return worth


def _worth(candidate: Candidate, reference: dict[str, Reference], yardstick: Yardstick) -> dict[str, Draws]:
    amounts = {
        "cost": monthly_total(candidate.draws, yardstick.horizon_months),
        "latency": candidate.draws["waiting_p95_ms"],
        "time_to_launch": candidate.draws["days_to_launch"],
        "maintenance": candidate.draws["upkeep_hours_per_month"],
    }
    found = {"quality": yardstick.quality(candidate.draws["quality"])}
    for concern, amount in amounts.items():
        worth = reference[concern].worth(amount)
        found[concern] = np.where(np.isnan(worth), UNKNOWN_UTILITY, worth)
    return found


def utility_of(
    candidate: Candidate, weights: dict[str, float], reference: dict[str, Reference], yardstick: Yardstick
) -> Draws:
    """The weighted sum per draw, limits aside; of the other merits only what counts at such a quality."""
    worth = _worth(candidate, reference, yardstick)
    others = sum(weights[concern] * worth[concern] for concern in weights if concern != "quality")
    useful = yardstick.useful(worth["quality"], weights["quality"])
    return np.asarray(weights["quality"] * worth["quality"] + useful * others)
