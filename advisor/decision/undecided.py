"""Why there is no verdict yet: the kind of task is open, a time is only assumed, or the chances are too even."""

from __future__ import annotations

from advisor.decision.basis import Basis
from advisor.decision.simulate import LIKELY, Outcome
from advisor.decision.steps import if_fast_enough, untimed
from advisor.decision.words import FAMILY, percent, short_words
from advisor.vocabulary import Kind, OptionPlan

WORTH_TIMING = 0.02  # assumption: two hundredths of the utility, gained by a few calls, are worth waiting for
SURELY = 0.8  # from here on a limit or a target is no caution beside the way
CLOSE_CALL = 0.5  # below this share for its family, no answer is better than a wrong one


def kind_is_open(basis: Basis) -> bool:
    """Nothing says what kind of task it is, neither an answer nor a pilot; a score alone does not."""
    return basis.profile.task_type is None and not basis.measured


def time_tells(outcome: Outcome) -> int | None:
    """The way on whose time the verdict hangs: the named one, if it likely is too slow; or one that would be better.

    Timing that one gains, on average, how often it is fast enough times how much better it is then.
    """
    assert outcome.best is not None
    if untimed(outcome, outcome.best):
        return outcome.best if too_slow(outcome, outcome.best) > 1 - LIKELY else None
    found = if_fast_enough(outcome, outcome.best)
    unsure = found is not None and too_slow(outcome, found[0]) > 1 - SURELY
    return found[0] if found and unsure and found[1] >= WORTH_TIMING else None


def to_try_first(outcome: Outcome, row: int) -> int:
    """Where to begin while nothing is decided: what only must be timed, or the best prompt; nobody trains first.

    A classifier is trained in seconds, so it may be the beginning.
    """
    timed = time_tells(outcome)
    if timed is not None:
        return timed
    trained = outcome.candidates[row].plan.card.trained
    prompts = [r for r, c in enumerate(outcome.candidates) if outcome.feasible[r] and c.family == "prompting"]
    if trained in ("nothing", "head") or not prompts:
        return row
    hosted = [r for r in prompts if outcome.candidates[r].plan.model.hosted]  # nothing has to be set up for these
    return min(hosted or prompts, key=lambda r: (outcome.regret[r], outcome.candidates[r].id))


def too_slow(outcome: Outcome, row: int) -> float:
    """The share of the futures in which it breaks the limit on time."""
    return next((b.share for b in outcome.blocked[row] if b.limit == "latency_p95_ms"), 0.0)


def why_open(row: int, outcome: Outcome, basis: Basis) -> str:
    """What is missing for a verdict, as a clause; empty where nothing is but clearer chances."""
    if kind_is_open(basis):
        return ", because the kind of task is not answered"
    if time_tells(outcome) == row:
        return f", because how fast {outcome.candidates[row].plan.model.name} answers is not known"
    return ""


def undecided(kind: Kind, row: int, outcome: Outcome, basis: Basis) -> str:
    """What the chance is of, and why it is no verdict all the same."""
    if kind == "evaluate_first":
        return (
            "The chances come from what others measured; without examples with right answers nobody could tell "
            "whether they hold for your task, so there is no verdict on it yet."
        )
    if kind != "cannot_tell":
        return ""
    plan = outcome.candidates[row].plan
    family = plan.option.family
    if kind_is_open(basis):
        ahead = percent(outcome.chance_by("family").get(family, 0.0))
        if not leads(plan, outcome):
            return (
                "The kind of task is not answered. Over a mix of all kinds a classifier is best most often, yet it can "
                "only sort, and most kinds are no sorting. That is why there is no verdict yet."
            )
        return (
            f"The kind of task is not answered, so the {ahead} is how often {FAMILY[family]} over a mix of all kinds "
            "of task; for yours alone it may be quite another chance. That is why there is no verdict yet."
        )
    if time_tells(outcome) == row:
        return (
            f"Nobody publishes how fast {plan.model.name} answers. By what is assumed of hosted models it keeps your "
            f"limit in {percent(1 - too_slow(outcome, row))} of the futures: a verdict would rest on a guess, which a "
            "few calls replace."
        )
    if chance_of_way(outcome, family) >= CLOSE_CALL and outcome.best is not None:
        return (
            f"Prompting is the best in {percent(chance_of_way(outcome, family))} of the futures, yet "
            f"{short_words(outcome.candidates[outcome.best].plan)} loses the least on average: a verdict would be a "
            "guess. The next measurement named below tells most."
        )
    leading, asked = percent(chance_of_way(outcome, family)), percent(CLOSE_CALL)
    less = f"just under the {asked}" if leading == asked else f"less than the {asked}"
    what = "Prompting" if family == "prompting" else "Learning from your examples"
    return (
        f"{what} is the best in {leading} of the futures, {less} we ask for: a "
        "verdict would be a guess. The next measurement named below tells most."
    )


def chance_of_way(outcome: Outcome, family: str) -> float:
    """How often this side of the question is best: prompting, or learning from the examples in whatever form."""
    chances = outcome.chance_by("family")
    prompting = chances.get("prompting", 0.0)
    return prompting if family == "prompting" else sum(chances.values()) - prompting


def leads(plan: OptionPlan, outcome: Outcome) -> bool:
    """Whether no other family is best more often."""
    chances = outcome.chance_by("family")
    return chances.get(plan.option.family, 0.0) >= max(chances.values(), default=0.0)
