"""What to do next, once a way is named."""

from __future__ import annotations

import numpy as np

from advisor.decision.basis import Basis
from advisor.decision.candidate import Limit, limits_of
from advisor.decision.simulate import INDIFFERENT_REGRET, Outcome
from advisor.decision.words import percent, short_words
from advisor.decision.worth import leader
from advisor.decision.your_prompt import own_prompt
from advisor.vocabulary import Kind, ModelCard, OptionPlan, TaskProfile

FEW_TEST_ROWS = 100  # enough to tell 0.80 from 0.90: ± 0.07 (Wilson, 80 %)
SURELY_MET = 0.8  # below this a target that was met on some rows may be missed on the rest
SURELY_IN_TIME = 0.95  # from here on nobody needs to time it first
PILOT_FIRST = "Run a pilot on your own examples before you pay for the full training."
TRAIN_NOW = "Train it on all your examples, then measure it once on the test set."
PUT_TO_USE = (
    "Put it to use so that it can be switched off, and keep its answers: once checked, they are what training needs."
)
STOP_WITH_DOCUMENTS = (
    "If the prompt you measured looks the facts up already, you can stop here: it meets your target. If it does not, "
    "its score holds only until the facts change."
)
STOP_HERE = "You can stop here: the prompt you measured already meets your target."
MEASURE_IT = "Measure this way on the test set, and ask again with the score."
ENTER_THE_TIME = 'Enter what they took under "Have you timed hosted models?".'
ANSWER_FIRST = "Answer first:"
ASK_FIRST = "Ask first"
FIRST = {  # what decides most, as long as it is open
    "task_type": "the kind of task",
    "labelled_examples": "the number of examples with right answers",
    "requests_per_month": "requests a month",
}


def next_steps(kind: Kind, outcome: Outcome, row: int, basis: Basis) -> tuple[str, ...]:
    """Two to four next steps after the option in `row` was named, the cheapest first."""
    best = outcome.candidates[row]
    profile, plan = basis.profile, best.plan
    steps = [basis.contradiction] if basis.contradiction else []
    if kind == "evaluate_first":
        steps.append(f"Collect {FEW_TEST_ROWS} real inputs and have two people write down the right answers.")
    elif profile.evaluation_set != "yes":
        steps.append(_test_set(profile.labelled_examples))
    if kind != "evaluate_first" and (few := _too_few(profile.labelled_examples, plan)):
        steps.append(few)
    if kind == "cannot_tell" and profile.task_type is None:
        steps.insert(0, f"{ANSWER_FIRST} {', '.join(w for key, w in FIRST.items() if getattr(profile, key) is None)}.")
    steps += say_which_model(basis)
    steps += _time_it(outcome, row, profile, 0.0 if kind == "cannot_tell" else INDIFFERENT_REGRET)
    following = basis.next_measurement
    if following and following.step and (basis.measured or following.measurement == "prompted_score"):
        steps.append(following.step)
    if kind == "distil":
        steps.append(
            "Check that the large model's terms allow training on its answers, then let it label 1,000 inputs."
        )
    if kind == "combine":
        trained = leader(outcome, ("tuning",))
        what = "" if trained is None else f" ({short_words(outcome.candidates[trained].plan)} comes first here)"
        steps.append(f"Build the look-up first; then train on examples that contain the looked-up passages{what}.")
    if plan.option.family != "prompting" and basis.measured:
        steps.append(TRAIN_NOW)
    elif plan.option.family != "prompting" and kind not in ("evaluate_first", "cannot_tell"):
        steps.append(PILOT_FIRST)
    elif any(r.rule == "target_in_reach" for r in basis.reasons):
        steps.append(_target_met(basis.prompted_model, plan, outcome, profile.quality_target or 0.0))
    elif kind == "option":
        steps.append(PUT_TO_USE)
    if (kind == "option" and len(steps) < 2) or not steps:
        steps.append(MEASURE_IT)
    return tuple(steps[:4])


def say_which_model(basis: Basis) -> list[str]:
    """A measured score says more once its model is named."""
    profile = basis.profile
    if profile.prompted_score is None or profile.prompted_model is not None or basis.measured:
        return []
    return [
        f"Say which model reached the {profile.prompted_score:.2f}: it was taken as the most able one considered, "
        "and a smaller one is expected to score less."
    ]


def _time_it(outcome: Outcome, row: int, profile: TaskProfile, least_gain: float) -> list[str]:
    """Some calls of a hosted model tell whether it is fast enough: the one that is named, or one that would be."""
    limit = next((found for found in limits_of(profile) if found.estimate == "waiting_p95_ms"), None)
    if limit is None:
        return []
    if again := _time_again(outcome, row, limit):
        return [again]
    rival = if_fast_enough(outcome, row)
    timed = row if untimed(outcome, row) else rival[0] if rival and rival[2] > least_gain else None
    if timed is None:
        return []
    plan, waits = outcome.candidates[timed].plan, outcome.candidates[timed].draws["waiting_p95_ms"]
    kept = float(np.mean(waits <= limit.value))
    if kept >= SURELY_IN_TIME:
        return []
    assumed = (
        f"Time some calls of {plan.model.name}: nobody publishes how fast it answers; by what is assumed of hosted "
        f"models it keeps your limit of {limit.said()} with a chance of {percent(kept)}"
    )
    if timed != row:
        return [f"{assumed}. If it does, {short_words(plan)} is the better way. {ENTER_THE_TIME}"]
    rest = [r for r, ok in enumerate(outcome.feasible) if ok and not untimed(outcome, r)]
    then = min(rest, key=lambda r: (outcome.regret[r], outcome.candidates[r].id), default=None)
    otherwise = "" if then is None else f"; if not, {short_words(outcome.candidates[then].plan)} is next"
    return [f"{assumed}{otherwise}. {ENTER_THE_TIME}"]


def _time_again(outcome: Outcome, row: int, limit: Limit) -> str:
    """A hosted model whose time was measured, and on another day may be over the limit as well as under it."""
    candidate = outcome.candidates[row]
    kept = float(np.mean(candidate.draws["waiting_p95_ms"] <= limit.value))
    if not candidate.plan.model.hosted or untimed(outcome, row) or not 1 - SURELY_IN_TIME < kept < SURELY_IN_TIME:
        return ""
    return (
        f"Time {candidate.plan.model.name} on more requests, on other days: what was measured is so near your limit of "
        f"{limit.said()} that it is kept with a chance of {percent(kept)}."
    )


def untimed(outcome: Outcome, row: int) -> bool:
    """Whether how fast it answers is nowhere published and not measured either."""
    return bool(np.isnan(outcome.candidates[row].draws["latency_p95_ms"]).all())


def if_fast_enough(outcome: Outcome, row: int) -> tuple[int, float, float] | None:
    """The untimed option that is most above this one where it is fast enough: its row, and by how much.

    First on average over all futures, with nothing gained where it is too slow, then where it is fast enough.
    """
    gains = {}
    for r, ok in enumerate(outcome.feasible):
        kept = outcome.alive[r] > 0
        if ok and r != row and untimed(outcome, r) and kept.any():
            gains[r] = float((outcome.utility[r] - outcome.utility[row])[kept].mean())
    best = max(gains, key=lambda r: (gains[r], outcome.candidates[r].id), default=None)
    if best is None or gains[best] <= 0:
        return None
    return best, gains[best] * float((outcome.alive[best] > 0).mean()), gains[best]


def _too_few(labelled: int | None, plan: OptionPlan) -> str:
    """What a way that learns needs before it can, where the examples at hand are fewer."""
    needed = plan.card.labels_at_least
    if labelled is None or labelled >= needed or plan.option.family == "prompting":
        return ""
    have = f"you have {labelled}" if labelled else "you have none"
    return (
        f"Label {needed} examples first: {have}, and every figure of this way counts on {needed}, their cost included."
    )


def _test_set(labelled: int | None) -> str:
    """As many as there may be: where examples are few, some must be left to learn from."""
    if labelled is None or labelled >= 2 * FEW_TEST_ROWS:
        return f"Set at least {FEW_TEST_ROWS} examples aside as a test set that is used for nothing else."
    return (
        f"Set half of your examples aside as a test set that is used for nothing else, and collect more: "
        f"{FEW_TEST_ROWS} tell 0.80 from 0.90."
    )


def _target_met(own: ModelCard | None, plan: OptionPlan, outcome: Outcome, target: float) -> str:
    """The measured prompt may be another model's, know no documents, or meet the target by the choice of its rows."""
    row = own_prompt(outcome, own)
    meets = 1.0 if row is None else float(np.mean(outcome.candidates[row].draws["quality"] >= target))
    if own is not None and meets < SURELY_MET and plan.card.retrieved_tokens == 0:
        return (
            f"Measure the prompt you have ({own.name}) on more rows: it met your target on those you took, and meets "
            f"it on all with a chance of {percent(meets)}. If it does, you can stop here."
        )
    if plan.card.retrieved_tokens > 0:
        return STOP_WITH_DOCUMENTS
    if own is None or own.id == plan.model.id:
        return STOP_HERE
    return f"Or stay with the prompt you measured ({own.name}): it already meets your target."
