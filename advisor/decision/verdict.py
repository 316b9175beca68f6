"""From the outcome to the recommendation: which kind of answer, one sentence, the next steps."""

from __future__ import annotations

import numpy as np

from advisor.decision.basis import Basis
from advisor.decision.candidate import Candidate
from advisor.decision.chances import chance_tuning_wins
from advisor.decision.nothing_fits import nothing_fits
from advisor.decision.simulate import Outcome
from advisor.decision.words import FAMILY, advice_words, amount, percent, place_words, short_words
from advisor.vocabulary import Kind, ModelCard, OptionPlan, Recommendation

CLOSE_CALL = 0.4  # below this share for its family, no answer is better than a wrong one
FEW_TEST_ROWS = 100  # enough to tell 0.80 from 0.90: ± 0.07 (Wilson, 80 %)
FEW_LABELS = 300
PILOT_FIRST = "Run a pilot on your own examples before you pay for the full training."
TRAIN_NOW = "Train it on all your examples, then measure it once on the test set."
PUT_TO_USE = (
    "Put it to use so that it can be switched off, and keep its answers: once checked, they are what training needs."
)
STOP_HERE = "You can stop here: the prompt you measured already meets your target."
MEASURE_IT = "Measure this way on the test set, and ask again with the score."
SETTLED = 0.9  # from here on "do not train" may be said


def recommend(outcome: Outcome, basis: Basis) -> Recommendation:
    """The verdict on this outcome."""
    if outcome.best is None:
        return nothing_fits(outcome, basis)
    kind = _kind(outcome, basis)
    row = _combined(outcome) if kind == "combine" else outcome.best
    plan = outcome.candidates[row].plan
    option = plan.option
    return Recommendation(
        kind=kind,
        option=option.id,
        method=option.method,
        model=option.model,
        place=option.place,
        trained_at=option.trained_at,
        chance_best=outcome.chance_best[row],
        chance_nothing_fits=outcome.chance_nothing_fits,
        sentence=_sentence(kind, plan, outcome, basis),
        then=_steps(kind, outcome.candidates[row], basis),
        undecided=_undecided(kind, plan, outcome, basis),
    )


def verdict_words(kind: Kind, plan: OptionPlan | None) -> str:
    """A verdict as a phrase, for 'then it would be: …'."""
    if plan is None:
        return "nothing fits the limits"
    what = short_words(plan)
    return {
        "option": what,
        "evaluate_first": f"write a test set first; until then {what}",
        "cannot_tell": f"too close to tell; start with {what}",
        "distil": f"let the large model label examples, then {what}",
        "combine": f"do both: {what}, and train the form of the answers",
        "nothing_fits": "nothing fits the limits",
    }[kind]


def _kind(outcome: Outcome, basis: Basis) -> Kind:
    assert outcome.best is not None
    profile = basis.profile
    best = outcome.candidates[outcome.best].plan.option
    labelled = profile.labelled_examples
    if profile.has_no_test_set and (labelled is None or labelled < FEW_TEST_ROWS) and not basis.measured:
        return "evaluate_first"
    if _kind_is_open(basis):
        return "cannot_tell"
    if any(r.rule == "form_and_facts" for r in basis.reasons) and (labelled or 0) >= FEW_TEST_ROWS:
        return "combine"
    if best.family != "prompting" and basis.taught > 0 and (labelled or 0) < FEW_LABELS:
        return "distil"
    return "cannot_tell" if _chance_of_way(outcome, best.family) < CLOSE_CALL else "option"


def _kind_is_open(basis: Basis) -> bool:
    """Nothing says what kind of task it is, neither an answer nor a measurement."""
    profile = basis.profile
    return profile.task_type is None and profile.prompted_score is None and not basis.measured


def _undecided(kind: Kind, plan: OptionPlan, outcome: Outcome, basis: Basis) -> str:
    """What the chance is of, and why it is no verdict all the same."""
    if kind == "evaluate_first":
        return (
            "The chances come from what others measured; without examples with right answers nobody could tell "
            "whether they hold for your task, so there is no verdict on it yet."
        )
    if kind != "cannot_tell":
        return ""
    family = plan.option.family
    if _kind_is_open(basis):
        ahead = percent(outcome.chance_by("family").get(family, 0.0))
        return (
            f"The kind of task is not answered, so the {ahead} is how often {FAMILY[family]} over a mix of all kinds "
            "of task; for yours alone it may be quite another chance. That is why there is no verdict yet."
        )
    leading = percent(_chance_of_way(outcome, family))
    return (
        f"The way named is the best in {leading} of the futures, less than the {percent(CLOSE_CALL)} we ask for: a "
        "verdict would be a guess. The next measurement named below tells most."
    )


def _chance_of_way(outcome: Outcome, family: str) -> float:
    """How often this side of the question is best: prompting, or learning from the examples in whatever form."""
    chances = outcome.chance_by("family")
    prompting = chances.get("prompting", 0.0)
    return prompting if family == "prompting" else sum(chances.values()) - prompting


def _combined(outcome: Outcome) -> int:
    """The feasible option with documents and the least regret, else the best of all."""
    assert outcome.best is not None
    rows = [
        row
        for row, candidate in enumerate(outcome.candidates)
        if outcome.feasible[row] and candidate.plan.card.retrieved_tokens > 0
    ]
    return min(rows, key=lambda row: (outcome.regret[row], outcome.candidates[row].id), default=outcome.best)


def _sentence(kind: Kind, plan: OptionPlan, outcome: Outcome, basis: Basis) -> str:
    serve_on = basis.profile.serve_on
    why_open = ", because the kind of task is not answered" if _kind_is_open(basis) else ""
    share = _share(plan, outcome)
    what = advice_words(plan, serve_on)
    small = what[0].lower() + what[1:]
    if kind == "option" and _hardly_ever_trained(plan, outcome):
        what = f"Do not train for this: {small.replace(', instead of training', '')}"
    return {
        "option": f"{what}: {share}.",
        "evaluate_first": f"Write a test set of {FEW_TEST_ROWS} examples first; until then {small} ({share}).",
        "cannot_tell": f"We cannot tell yet{why_open}: start cheaply ({short_words(plan)}), measure it, and ask again "
        f"({share}).",
        "distil": f"Let the large model label your examples and train something small on them: "
        f"{short_words(plan)}, {place_words(plan.option.place, serve_on)}; {share}.",
        "combine": f"Do both: {small.replace(', instead of training', '')}, and train the form of the answers on your "
        f"examples; {share}.",
        "nothing_fits": "",
    }[kind]


def _share(plan: OptionPlan, outcome: Outcome) -> str:
    """How often this kind of way is the best, in words."""
    family = plan.option.family
    chances = outcome.chance_by("family")
    chance, way = chances.get(family, 0.0), _chance_of_way(outcome, family)
    share = f"in {percent(chance)} of the cases we simulated {FAMILY[family]}"
    if chance >= max(chances.values(), default=0.0):
        return share
    least = _loses_least(plan, outcome)
    if family != "prompting" and way > 0.5:
        return f"in {percent(way)} of the cases we simulated learning from your examples is best, and {least}"
    return f"{share}; another way is best more often, but {least}"


def _loses_least(plan: OptionPlan, outcome: Outcome) -> str:
    """Why this option: the least regret, or nearly that and cheaper or simpler."""
    rows = [row for row in range(len(outcome.candidates)) if outcome.feasible[row]]
    first = min(rows, key=lambda row: outcome.regret[row], default=None)
    if first is not None and outcome.candidates[first].id == plan.option.id:
        return "on average this loses the least"
    return "on average this loses hardly more than what loses the least, and is cheaper or simpler"


def _hardly_ever_trained(plan: OptionPlan, outcome: Outcome) -> bool:
    """Neither all in all nor on quality alone."""
    settled = plan.option.family == "prompting" and outcome.chance_by("family").get("prompting", 0.0) >= SETTLED
    return settled and chance_tuning_wins(outcome) < 0.5


def _steps(kind: Kind, best: Candidate, basis: Basis) -> tuple[str, ...]:
    """Two to four next steps, the cheapest first."""
    profile, plan = basis.profile, best.plan
    steps = [basis.contradiction] if basis.contradiction else []
    if kind == "evaluate_first":
        steps.append(f"Collect {FEW_TEST_ROWS} real inputs and have two people write down the right answers.")
    elif profile.evaluation_set != "yes":
        steps.append("Set at least 100 examples aside as a test set that is used for nothing else.")
    if kind == "cannot_tell" and profile.task_type is None:
        steps.append("Answer first: the kind of task, the number of examples with right answers, requests a month.")
    if profile.prompted_score is not None and profile.prompted_model is None and not basis.measured:
        steps.append(
            f"Say which model reached the {profile.prompted_score:.2f}: it was taken as the most able one considered, "
            "and a smaller one is expected to score less."
        )
    if profile.latency_p95_ms is not None and np.isnan(best.draws["latency_p95_ms"]).all():
        kept = float(np.mean(best.draws["waiting_p95_ms"] <= profile.latency_p95_ms))
        steps.append(
            f"Time some calls of {plan.model.name}: nobody publishes how fast it answers; by what is assumed of hosted "
            f"models it keeps your limit of {amount(profile.latency_p95_ms)} ms with a chance of {percent(kept)}."
        )
    following = basis.next_measurement
    if following and following.step and (basis.measured or following.measurement == "prompted_score"):
        steps.append(following.step)
    if kind == "distil":
        steps.append(
            "Check that the large model's terms allow training on its answers, then let it label 1,000 inputs."
        )
    if kind == "combine":
        steps.append("Build the look-up first; then train on examples that contain the looked-up passages.")
    if plan.option.family != "prompting" and basis.measured:
        steps.append(TRAIN_NOW)
    elif plan.option.family != "prompting" and kind not in ("evaluate_first", "cannot_tell"):
        steps.append(PILOT_FIRST)
    elif any(r.rule == "target_in_reach" for r in basis.reasons):
        steps.append(_target_met(basis.prompted_model, plan))
    elif kind == "option":
        steps.append(PUT_TO_USE)
    if kind == "option" and len(steps) < 2:
        steps.append(MEASURE_IT)
    return tuple(steps[:4])


def _target_met(own: ModelCard | None, plan: OptionPlan) -> str:
    """The measured prompt may be another model's than the one recommended."""
    if own is None or own.id == plan.model.id:
        return STOP_HERE
    return f"Or stay with the prompt you measured ({own.name}): it already meets your target."
