"""From the outcome to the recommendation: which kind of answer, one sentence, the next steps."""

from __future__ import annotations

import numpy as np

from advisor.decision.basis import Basis
from advisor.decision.chances import chance_tuning_wins
from advisor.decision.given_up import given_up
from advisor.decision.nothing_fits import nothing_fits
from advisor.decision.simulate import INDIFFERENT_REGRET, LIKELY, Outcome
from advisor.decision.steps import FEW_TEST_ROWS, next_steps, untimed
from advisor.decision.undecided import (
    CLOSE_CALL,
    SURELY,
    chance_of_way,
    kind_is_open,
    leads,
    time_tells,
    to_try_first,
    too_slow,
    undecided,
    why_open,
)
from advisor.decision.words import (
    FAMILY,
    NO_LANGUAGE_MODEL,
    advice_words,
    continued,
    percent,
    place_words,
    short_words,
    ways,
)
from advisor.vocabulary import Draws, Kind, OptionPlan, Recommendation

FEW_LABELS = 300
SELDOM = 0.05  # that nothing fits so rarely is left out of the sentence
ONLY_SORTS = "what is best more often over a mix of all kinds of task can only sort"
SETTLED = 0.9  # from here on "do not train" may be said


def decided(outcome: Outcome, basis: Basis) -> tuple[Kind, int | None]:
    """The kind of answer and the row of the way that it names; no row where nothing fits."""
    if outcome.best is None:
        return "nothing_fits", None
    kind = _kind(outcome, basis)
    if kind == "combine":
        return kind, _combined(outcome)
    row = _to_start_with(outcome, basis)
    return kind, to_try_first(outcome, row) if kind == "cannot_tell" else row


def recommend(outcome: Outcome, basis: Basis) -> Recommendation:
    """The verdict on this outcome."""
    kind, row = decided(outcome, basis)
    if row is None:
        return nothing_fits(outcome, basis)
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
        sentence=_sentence(kind, row, outcome, basis),
        then=next_steps(kind, outcome, row, basis),
        undecided=undecided(kind, row, outcome, basis),
        given_up=given_up(outcome, row, basis.profile),
    )


def verdict_words(kind: Kind, plan: OptionPlan | None) -> str:
    """A verdict as a phrase, for 'then it would be: …'."""
    if plan is None:
        return "nothing fits the limits"
    what = short_words(plan)
    return {
        "option": what,
        "evaluate_first": f"write a test set first; until then {what}",
        "cannot_tell": f"no verdict yet; start with {what}",
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
    if kind_is_open(basis):
        return "cannot_tell"
    if any(r.rule == "form_and_facts" for r in basis.reasons) and (labelled or 0) >= FEW_TEST_ROWS:
        return "combine"
    if best.family != "prompting" and basis.taught > 0 and (labelled or 0) < FEW_LABELS:
        return "distil"
    unsure = chance_of_way(outcome, best.family) < CLOSE_CALL or time_tells(outcome) is not None
    return "cannot_tell" if unsure else "option"


def _combined(outcome: Outcome) -> int:
    """The feasible option with documents and the least regret, else the best of all."""
    assert outcome.best is not None
    rows = [
        row
        for row, candidate in enumerate(outcome.candidates)
        if outcome.feasible[row] and candidate.plan.card.retrieved_tokens > 0
    ]
    return min(rows, key=lambda row: (outcome.regret[row], outcome.candidates[row].id), default=outcome.best)


def _to_start_with(outcome: Outcome, basis: Basis) -> int:
    """The best; while nothing says what kind of task it is, the best of what can do every kind.

    A classifier is cheap and does no harm on average over all kinds of task; for most of them it is no start at all.
    """
    assert outcome.best is not None
    candidates = outcome.candidates
    rows = [r for r, c in enumerate(candidates) if outcome.feasible[r] and c.plan.card.trained != "head"]
    if not kind_is_open(basis) or not rows:
        return outcome.best
    chances: dict[str, float] = {}
    for row in rows:
        chances[candidates[row].family] = chances.get(candidates[row].family, 0.0) + outcome.chance_best[row]
    family = max(chances, key=lambda name: chances[name])
    of_family = [row for row in rows if candidates[row].family == family]
    least = min(outcome.regret[row] for row in of_family)
    close = [row for row in of_family if outcome.regret[row] <= least + INDIFFERENT_REGRET]
    return min(close, key=lambda row: (outcome.monthly_total[row], candidates[row].id))


def _sentence(kind: Kind, row: int, outcome: Outcome, basis: Basis) -> str:
    plan, serve_on = outcome.candidates[row].plan, basis.profile.serve_on
    said = ONLY_SORTS if kind_is_open(basis) and not leads(plan, outcome) else _share(plan, outcome)
    said += ", though it can only sort" if kind_is_open(basis) and plan.card.trained == "head" else ""
    cautions = _reaches(outcome.candidates[row].draws["quality"], basis.profile.quality_target) + _in_time(outcome, row)
    share = f"{said}{cautions}"
    what = advice_words(plan, serve_on)
    small = continued(what)
    if plan.option.family == "classical" and outcome.chance_by("family").get("classical", 0.0) >= CLOSE_CALL:
        what = f"{NO_LANGUAGE_MODEL}{small}"  # of what is best in under a half that would be too much to say
    if kind == "option" and _hardly_ever_trained(plan, outcome):
        what = f"Do not train for this: {small.replace(', instead of training', '')}"
    return {
        "option": f"{what}: {share}.",
        "evaluate_first": f"Write a test set of {FEW_TEST_ROWS} examples first; {_meanwhile(plan, small)} ({share}).",
        "cannot_tell": f"We cannot tell yet{why_open(row, outcome, basis)}: start {_start(plan)}, measure it, and ask "
        f"again ({share}).",
        "distil": f"Let the large model label your examples and train something small on them: "
        f"{short_words(plan)}, {place_words(plan.option.place, serve_on)}; {share}.",
        "combine": f"Do both: {small.replace(', instead of training', '')}, and train {_form(plan)}; {share}.",
        "nothing_fits": "",
    }[kind]


def _reaches(quality: Draws, target: float | None) -> str:
    """How often the target is reached, where that is not nearly sure."""
    if target is None or np.isnan(quality).all():
        return ""
    chance = float(np.mean(quality >= target))
    return "" if chance >= SURELY else f", though it reaches the {target:g} you ask for in {percent(chance)} only"


def _in_time(outcome: Outcome, row: int) -> str:
    """How often a time that nobody published keeps the limit, where that is not nearly sure and no reason to wait."""
    kept = 1.0 - too_slow(outcome, row)
    unsure = untimed(outcome, row) and LIKELY <= kept < SURELY
    return (
        f", if it answers in time, as it does in {percent(kept)} by what is assumed of hosted models" if unsure else ""
    )


def _meanwhile(plan: OptionPlan, small: str) -> str:
    """What to do without a test set: nobody trains before anything can be measured."""
    return f"until then {small}" if plan.option.family == "prompting" else f"what looks best so far is to {small}"


def _start(plan: OptionPlan) -> str:
    """Where to begin while nothing is decided; training is not what anybody calls cheap."""
    what = short_words(plan)
    return f"with {what}" if plan.option.family == "tuning" else f"cheaply ({what})"


def _form(plan: OptionPlan) -> str:
    """What is trained beside the look-up; the hosted model that was named cannot be."""
    with_what = ", with a model that you can train (the steps name one)" if plan.model.hosted else ""
    return f"the form of the answers on your examples{with_what}"


def _share(plan: OptionPlan, outcome: Outcome) -> str:
    """How often this kind of way is the best, in words."""
    family = plan.option.family
    chances = outcome.chance_by("family")
    chance, way = chances.get(family, 0.0), chance_of_way(outcome, family)
    cases = "cases we simulated" if outcome.chance_nothing_fits < SELDOM else "simulated cases in which something fits"
    share = f"in {percent(chance)} of the {cases} {FAMILY[family]}"
    if leads(plan, outcome):
        if family == "prompting" or chance >= CLOSE_CALL or way < CLOSE_CALL:
            return share
        learning = f"in {percent(way)} of the {cases} learning from your examples is best"
        return f"{learning}, in {percent(chance)} by {ways((family,))}"
    least = _loses_least(plan, outcome)
    if family != "prompting" and way > 0.5:
        return f"in {percent(way)} of the {cases} learning from your examples is best, and {least}"
    return f"{share}; another way is best more often, but {least}"


def _loses_least(plan: OptionPlan, outcome: Outcome) -> str:
    """Why this option: the least regret, or nearly that and cheaper or simpler."""
    rows = [row for row in range(len(outcome.candidates)) if outcome.feasible[row]]
    first = min(rows, key=lambda row: outcome.regret[row], default=None)
    if first is not None and outcome.candidates[first].id == plan.option.id:
        return "on average this loses the least"
    return "on average this loses hardly more than what loses the least, scores as well, and is cheaper or simpler"


def _hardly_ever_trained(plan: OptionPlan, outcome: Outcome) -> bool:
    """Neither all in all nor on quality alone."""
    settled = plan.option.family == "prompting" and outcome.chance_by("family").get("prompting", 0.0) >= SETTLED
    return settled and chance_tuning_wins(outcome) < 0.5
