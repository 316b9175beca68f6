"""The verdict for an engineer in three sentences, and its derivation concern by concern."""

from __future__ import annotations

import numpy as np

from advisor.decision.currency import Currency
from advisor.decision.simulate import Outcome
from advisor.decision.utility import Yardstick, concern_utilities, monthly_total, weights_of
from advisor.decision.words import amount, missed, percent, place_words, short_words, ways
from advisor.vocabulary import Draws, Explanation, Recommendation, TaskProfile, Term
from advisor.vocabulary.explained import NOTICED_SHARE

CONCERNS = {
    "quality": "Quality",
    "cost": "Cost, building spread over its use",
    "latency": "Time to answer (95 % within)",
    "time_to_launch": "Time to launch",
    "maintenance": "Upkeep",
}


def explain(
    said: Recommendation, outcome: Outcome, profile: TaskProfile, yardstick: Yardstick, assumed: int
) -> Explanation:
    """The sentences, and what every concern adds to the option and to its strongest rival."""
    row = next((r for r, c in enumerate(outcome.candidates) if c.id == (said.option or said.nearest)), None)
    if row is None:
        return Explanation(said.sentence, ("There is no option to explain: no model is left to choose from.",))
    rival = _rival(outcome, row)
    terms = _terms(outcome, profile, yardstick, (row, rival))
    fits = said.option is not None
    engineer = (
        _numbers(outcome, row, yardstick.horizon_months, profile),
        _margin(outcome, row, rival) if fits else _in_the_way(outcome, row),
        _trust(outcome, row, assumed) if fits else _nobody_fits(outcome, assumed),
    )
    name = None if rival is None else outcome.candidates[rival].id
    return Explanation(said.sentence, engineer, terms, name)


def _rival(outcome: Outcome, row: int) -> int | None:
    """The best option of another family, which fits if any does."""
    own = outcome.candidates[row].family
    others = [r for r in outcome.ranking() if outcome.candidates[r].family != own]
    known = [r for r in others if not np.isnan(outcome.candidates[r].draws["quality"]).all()]
    fits = [r for r in known if outcome.feasible[r]]
    return next(iter(fits or known), None)


def _range(draws: Draws, digits: str = "") -> str:
    known = draws[~np.isnan(draws)]
    if len(known) == 0:
        return "not known"
    low, value, high = (float(x) for x in np.quantile(known, (0.1, 0.5, 0.9)))
    say = (lambda x: f"{x:.2f}") if digits == "score" else amount
    return f"{say(value)} ({say(low)} to {say(high)})"


def _numbers(outcome: Outcome, row: int, horizon: Draws, profile: TaskProfile) -> str:
    candidate, currency = outcome.candidates[row], Currency.of(profile)
    money = monthly_total(candidate.draws, horizon) / currency.usd_per_unit
    quality = _range(candidate.draws["quality"], "score")
    slow = _range(candidate.draws["latency_p95_ms"])
    wait = "its time to answer is not published" if slow == "not known" else f"95 % of answers within {slow} ms"
    days = _range(candidate.draws["days_to_launch"])
    what = f"{short_words(candidate.plan)}, {place_words(candidate.plan.option.place, profile.serve_on)}"
    return (
        f"{what[0].upper()}{what[1:]}: expected quality {quality}, "
        f"{currency.name} {_range(money)} a month with building spread over its use, {wait}, live in {days} days "
        "(80 % ranges)."
    )


def _margin(outcome: Outcome, row: int, rival: int | None) -> str:
    if rival is None:
        return "There is no other kind of option to compare it with."
    a, b = outcome.candidates[row], outcome.candidates[rival]
    better = a.draws["quality"] > b.draws["quality"]
    either = not (np.isnan(a.draws["quality"]).all() or np.isnan(b.draws["quality"]).all())
    scores = f"; the first scores higher in {percent(float(better.mean()))} of the cases" if either else ""
    all_in_all = float((outcome.utility[row] > outcome.utility[rival]).mean())
    return (
        f"The strongest option of another kind is {short_words(b.plan)} "
        f"(expected quality {_range(b.draws['quality'], 'score')}){scores}, and all concerns weighed it comes out "
        f"ahead in {percent(all_in_all)}."
    )


def _in_the_way(outcome: Outcome, row: int) -> str:
    broken = sorted(outcome.blocked[row], key=lambda b: -b.share)
    said = "; ".join(missed(b) for b in broken)
    return f"In its way stand: {said}." if said else "No single limit stands in its way, but all together do."


def _nobody_fits(outcome: Outcome, assumed: int) -> str:
    ruled_out, every = sum(1 for c in outcome.candidates if c.blocked), len(outcome.candidates)
    rest = " and the rest break a limit in more than half of the simulated cases" if ruled_out < every else ""
    of = f"All {every}" if ruled_out == every else f"Of {every}"
    counted = "options are ruled out by facts" if ruled_out == every else f"options {ruled_out} are ruled out by facts"
    return f"{of} {counted}{rest}; {assumed} questions are unanswered."


def _trust(outcome: Outcome, row: int, assumed: int) -> str:
    keeps, others = outcome.alive[row] > 0, outcome.alive.max(axis=0) > 0
    behind = (outcome.utility.max(axis=0) - outcome.utility[row])[keeps]
    lost = 100 * float(behind.mean()) if keeps.any() else 0.0
    breaks = float((others & ~keeps).mean())
    limits = f"; in {percent(breaks)} it breaks a limit that another option keeps" if breaks >= NOTICED_SHARE else ""
    within = "where it stays within the limits " if limits else ""
    short = "under 1 point of 100" if lost < 1 else f"about {lost:.0f} point{'s' * (round(lost) != 1)} of 100"
    family = ways((outcome.candidates[row].family,))
    chance = outcome.chance_by("family").get(outcome.candidates[row].family, 0.0)
    rests = f"{assumed} unanswered questions are drawn from wide ranges" if assumed else "every question was answered"
    return (
        f"{family[0].upper()}{family[1:]} is best in {percent(chance)} of the simulated cases, and {within}this choice "
        f"is on average {short} worse than the best of each case, all concerns weighed{limits}; {rests}, and what no "
        "source tells is left open."
    )


def _terms(
    outcome: Outcome, profile: TaskProfile, yardstick: Yardstick, rows: tuple[int, int | None]
) -> tuple[Term, ...]:
    """Weight × mean utility per concern; the sum over concerns is what is compared."""
    horizon = yardstick.horizon_months
    weights = weights_of(profile.priorities)
    sides = [(row, concern_utilities(outcome.weighed[row], profile, yardstick)) for row in rows if row is not None]
    found = []
    for concern, label in CONCERNS.items():
        shown = [
            (
                _said(outcome, row, concern, (horizon, Currency.of(profile))),
                weights[concern] * float(worth[concern].mean()),
            )
            for row, worth in sides
        ]
        other = shown[1] if len(shown) > 1 else ("", 0.0)
        found.append(Term(label, weights[concern], shown[0][0], shown[0][1], other[0], other[1]))
    return tuple(found)


def _said(outcome: Outcome, row: int, concern: str, scale: tuple[Draws, Currency]) -> str:
    draws = outcome.candidates[row].draws
    horizon, currency = scale
    if concern == "quality":
        return _range(draws["quality"], "score")
    if concern == "cost":
        return f"{currency.name} {_range(monthly_total(draws, horizon) / currency.usd_per_unit)} a month"
    key, unit = {
        "latency": ("latency_p95_ms", "ms"),
        "time_to_launch": ("days_to_launch", "days"),
        "maintenance": ("upkeep_hours_per_month", "hours a month"),
    }[concern]
    said = _range(draws[key])
    return said if said == "not known" else f"{said} {unit}"
