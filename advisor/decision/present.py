"""Draws → the estimates, options and worth that are shown."""

from __future__ import annotations

import numpy as np

from advisor.decision.candidate import Candidate
from advisor.decision.simulate import Outcome
from advisor.decision.words import percent
from advisor.decision.worth import Worth
from advisor.estimators.measured import Measured
from advisor.vocabulary import (
    CLASSIFYING,
    ESTIMATED,
    Basis,
    Draws,
    Estimate,
    Evidence,
    Kind,
    OptionAdvice,
    PilotWorth,
    TaskProfile,
)

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
}
WORTH_IT_CHANCE = 0.10  # assumption: a pilot costs an hour; below one in ten nobody runs it
WORTH_IT_GAIN = 0.005  # of a utility from 0 to 1
FEW_ROWS = 40


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
        basis: Basis = "measured" if key in placed or (key == "quality" and pair in measured.quality) else "estimated"
        source = "your pilot" if basis == "measured" else _source(candidate, measured, key)
        found[key] = _estimate(candidate, key, basis, source)
    return found


def _source(candidate: Candidate, measured: Measured, key: str) -> str:
    if key == "quality":
        priors = measured.world.priors
        method = priors.methods[candidate.plan.option.method]
        return f"{priors.source}; {measured.world.task.source}; {method.source}"
    if key in ("days_to_launch", "upkeep_hours_per_month"):
        return candidate.plan.card.effort_source
    if candidate.plan.model.price is not None and "cost" in key:
        return candidate.plan.model.price.source.text
    return "computed from the model's shape, the hardware's rates and prices in the catalog"


def _estimate(candidate: Candidate, key: str, basis: Basis, source: str) -> Estimate:
    draws: Draws = candidate.draws[key]
    known = draws[~np.isnan(draws)]
    if len(known) == 0:
        return Estimate.unknown(UNITS[key], _why_unknown(candidate, key))
    low, value, high = (float(x) for x in np.quantile(known, (0.1, 0.5, 0.9)))
    return Estimate(value, low, high, UNITS[key], basis, source)


def _why_unknown(candidate: Candidate, key: str) -> str:
    if key == "quality":
        return "this method cannot do this kind of task"
    if key.startswith("latency") and candidate.plan.model.hosted:
        return "hosted services publish no times: measure it in a pilot"
    if candidate.plan.model.hosted:
        return "the provider does not tell"
    return "this option has no hardware to run on"


def pilot_worth(
    outcome: Outcome, worth: Worth, profile: TaskProfile, evidence: Evidence | None, kind: Kind
) -> PilotWorth:
    """Whether to run a pilot, why, and which."""
    rows = profile.labelled_examples
    chance = worth.changes
    plan = _plan(outcome, profile)
    if rows is not None and rows < FEW_ROWS:
        why = f"A pilot needs at least {FEW_ROWS} examples with right answers; you have {rows:,}."
        return PilotWorth(False, chance, why, f"First collect {FEW_ROWS} to 200 examples. Then: {plan}")
    if kind == "nothing_fits":
        return PilotWorth(False, chance, "Nothing fits the limits, whatever a pilot would show.", plan)
    worth_it = chance >= WORTH_IT_CHANCE and worth.gain >= WORTH_IT_GAIN
    stake = f"it would add {worth.gain:.2g} of the worth (0 to 1) on average"
    if worth_it:
        why = f"A pilot would change the decision in {percent(chance)} of the cases; {stake}, for about an hour."
    else:
        why = f"A pilot would change the decision in only {percent(chance)} of the cases; {stake}."
    if evidence is not None:
        why = f"After this pilot another one would change the decision in {percent(chance)} of the cases."
    return PilotWorth(worth_it, chance, why, plan)


def _plan(outcome: Outcome, profile: TaskProfile) -> str:
    """Arms, rows and minutes in words."""
    classifies = profile.task_type in (*CLASSIFYING, None)
    arms = "prompting with and without examples, similar examples, LoRA"
    arms += ", a simple classifier and one on text features" if classifies else ""
    classes = profile.n_classes or 6
    rows = max(256, 8 * classes) if classifies else 300
    if profile.labelled_examples is not None:
        rows = min(rows, profile.labelled_examples * 2 // 3)
    return (
        f"{arms}; training on up to {rows:,} rows, the same 100 to 200 test rows for all, three repeats of the best "
        "trained one; about 10 to 30 minutes on this machine with the small starter model, which shows the shape "
        "of the comparison. Not known after it: prices in practice, and how far a larger model would go."
    )
