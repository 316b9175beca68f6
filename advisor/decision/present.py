"""Draws → the estimates, options and worth that are shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from advisor.decision.candidate import Candidate
from advisor.decision.pareto import pareto
from advisor.decision.simulate import Outcome
from advisor.decision.your_prompt import ROWS
from advisor.estimators.measured import PILOT, Carried, Measured
from advisor.vocabulary import ESTIMATED, Basis, Draws, Estimate, OptionAdvice, Source

YOUR_TIMING = "your own timing"
YOUR_SCORE = f"the score of your own prompt, taken as measured on about {ROWS} rows"
DAYS_DIFFER = "assumption: ± 20 % on another day or machine"
UNITS = {
    "quality": "score",
    "one_off_cost_usd": "USD",
    "monthly_cost_usd": "USD a month",
    "cost_per_1k_requests_usd": "USD per 1,000 requests",
    "latency_p50_ms": "ms",
    "latency_p95_ms": "ms",
    "training_memory_gib": "GiB",
    "serving_memory_gib": "GiB",
    "training_hours": "hours",
    "days_to_launch": "days",
    "upkeep_hours_per_month": "hours a month",
    "upkeep_usd_per_month": "USD a month",
}


def options_advice(outcome: Outcome, measured: Measured, target: float | None) -> tuple[OptionAdvice, ...]:
    """All options in the order they are shown."""
    front = pareto(outcome)
    return tuple(replace(option_advice(outcome, row, measured, target), pareto=front[row]) for row in outcome.ranking())


def option_advice(outcome: Outcome, row: int, measured: Measured, target: float | None) -> OptionAdvice:
    """One option as it is shown."""
    candidate = outcome.candidates[row]
    quality = candidate.draws["quality"]
    meets = None if target is None or np.isnan(quality).all() else float(np.mean(quality >= target))
    return OptionAdvice(
        option=candidate.plan.option,
        feasible=outcome.feasible[row],
        blocked_by=outcome.blocked[row],
        chance_best=outcome.chance_best[row],
        chance_meets_target=meets,
        regret=outcome.regret[row],
        estimates=estimates_of(candidate, measured),
    )


def estimates_of(candidate: Candidate, measured: Measured) -> dict[str, Estimate]:
    """Every key of ESTIMATED as a value with its 80 % range."""
    option = candidate.plan.option
    pair = (option.method, candidate.plan.model.id)
    placed = measured.at_place.get((*pair, option.place), {})
    found = {}
    for key in ESTIMATED:
        seen = key in placed or (key == "quality" and pair in measured.quality)
        basis, source = _pilots(measured.carried.get(pair), key) if seen else _ours(candidate, measured, key)
        if key == "quality" and not seen and measured.score_of(option) is not None:
            basis, source = "measured", YOUR_SCORE
        if key == "latency_p95_ms" and not seen and measured.time_of(option) is not None:
            basis, source = "measured", f"{YOUR_TIMING}; {DAYS_DIFFER}"
        found[key] = _estimate(candidate, key, basis, source)
    return found


def _pilots(carried: Carried | None, key: str) -> tuple[Basis, str]:
    """What the pilot saw is measured, what was carried from its rows to all rows is estimated from it."""
    if carried and key == "quality":
        return "estimated", carried.source
    if carried and key == "training_hours":
        return "estimated", carried.times
    return "measured", f"{PILOT}; {DAYS_DIFFER}" if "latency" in key else PILOT


def _ours(candidate: Candidate, measured: Measured, key: str) -> tuple[Basis, str]:
    return "estimated", _source(candidate, measured, key)


def _source(candidate: Candidate, measured: Measured, key: str) -> str:
    if key == "quality":
        priors = measured.world.priors
        method = priors.methods[candidate.plan.option.method]
        return f"{priors.source}; {measured.world.task.source}; {method.source}"
    if key in ("days_to_launch", "upkeep_hours_per_month", "upkeep_usd_per_month"):
        return candidate.plan.card.effort_source
    if candidate.plan.model.price is not None and "cost" in key:
        return dated(candidate.plan.model.price.source)
    return "computed from the model's shape, the hardware's rates and prices in the catalog"


def _estimate(candidate: Candidate, key: str, basis: Basis, source: str) -> Estimate:
    draws: Draws = candidate.draws[key]
    known = draws[~np.isnan(draws)]
    if len(known) == 0:
        return Estimate.unknown(UNITS[key], _why_unknown(candidate, key))
    low, value, high = (float(x) for x in np.quantile(known, (0.1, 0.5, 0.9)))
    return Estimate(value, low, high, UNITS[key], basis, source)


def dated(source: Source) -> str:
    """A fact's source with its address and the day it was looked at."""
    return f"{source.text}, {source.url} (read {source.checked})"


def _why_unknown(candidate: Candidate, key: str) -> str:
    if key == "quality":
        return "this method cannot do this kind of task"
    if key.startswith("latency") and candidate.plan.model.hosted:
        return "hosted services publish no times: measure it in a pilot, or time some calls and enter what they took"
    if candidate.plan.model.hosted:
        return "the provider does not tell"
    return "this option has no hardware to run on"
