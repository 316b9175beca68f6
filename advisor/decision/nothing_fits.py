"""When no option survives in half the draws: the nearest one, and what would have to give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from advisor.decision.basis import Basis
from advisor.decision.candidate import Candidate, Limit, breaks, is_assumed
from advisor.decision.simulate import FEASIBLE, Outcome
from advisor.decision.steps import ASK_FIRST, say_which_model
from advisor.decision.words import percent, place_words, short_words
from advisor.vocabulary import Draws, Recommendation

# assumption: what it takes to change a fact, in tenfold steps of a limit; what cannot be changed is far away
PRICE_OF_A_FACT = {"hardware": 1.0, "may_rent_gpus": 1.0, "data_may_leave": 1.5, "serve_on": 2.0, "licence": 2.0}
PRICE_OF_A_RULE = 20.0
ONE = 1.0  # a limit of 0 USD, days or ms counts as one of 1, so that the option that misses it least is the nearest
ABOUT_AS_FAR = 0.1  # assumption: a quarter more of one limit makes a way no less near
OFTEN_BROKEN = 0.25
SOMETIMES = 0.1  # from here on it is said how often the nearest way fits
LEVELS = np.linspace(FEASIBLE, 1.0, 26)  # of the draws that a loosened limit is to keep
NEARLY_ALL, PEOPLES_HOURS = 0.9, ", nearly all of it the hours of people who look after it,"
TINY = 1e-9  # a value that is two digits already is not moved by its last bit
# limit that stands in the way → what to ask less of, and the answers that would say so
LESS: dict[str, tuple[str, frozenset[str]]] = {
    "budget_monthly_usd": ("fewer requests", frozenset({"requests_per_month", "peak_requests_per_second"})),
    "latency_p95_ms": ("a longer time to answer", frozenset({"latency_p95_ms"})),
}


def nothing_fits(outcome: Outcome, basis: Basis) -> Recommendation:
    """Name the nearest option and the limits that stand against it; never an empty answer."""
    rows = range(len(outcome.candidates))
    far = [_far_from_fitting(outcome, basis, row) for row in rows]
    nearest = _nearest(outcome, far)
    first = [basis.contradiction] if basis.contradiction else []
    if nearest is None:
        steps = first or ["Name at least one model that may be used."]
        return _none("Nothing can be offered: no model is left to choose from.", 1.0, steps, None)
    plan = outcome.candidates[nearest].plan
    facts = [b.text or b.limit for b in outcome.candidates[nearest].blocked]
    gives, ask = _what_gives(outcome, basis, nearest)
    assumed = any(is_assumed(outcome.candidates[nearest], limit) for limit in basis.limits)
    aside = ", its time to answer aside, which is assumed," if assumed else ""
    steps = [*first, f"{ASK_FIRST} {ask}.", *say_which_model(basis), *_less(outcome, basis, nearest)]
    whole = f"{short_words(plan)}, {place_words(plan.option.place, basis.profile.serve_on)}"
    fits = float(outcome.alive[nearest].mean())
    if not facts and fits >= SOMETIMES:
        some = percent(1 - outcome.chance_nothing_fits)
        often = (
            f"No single way keeps these limits in at least half of the cases we simulated, though in {some} one or "
            f"another does. The nearest, {whole}, does in {percent(fits)}"
        )
        sentence = f"{often}{_would_fit(facts, gives, aside)}"
    else:
        sentence = f"Nothing fits these limits. The nearest is {whole}{_would_fit(facts, gives, aside)}"
    against = tuple(b.limit for b in outcome.blocked[nearest])
    return _none(sentence, outcome.chance_nothing_fits, steps, plan.option.id, against)


def _nearest(outcome: Outcome, far: list[float]) -> int | None:
    """The one of least regret among those about as far from fitting as the nearest."""
    least = min(far, default=0.0)
    about = [row for row, distance in enumerate(far) if distance <= least + ABOUT_AS_FAR]
    return min(about, key=lambda row: (outcome.regret[row], far[row], outcome.candidates[row].id), default=None)


def _would_fit(facts: list[str], gives: list[str], aside: str = "") -> str:
    """The end of the sentence: facts that stand against it, and the limits that would have to give."""
    ifs = f"it would fit in half of the cases{aside} if {', and if '.join(gives)}."
    if not facts:
        return f"; {ifs}"
    return f". In its way: {'; '.join(facts)}. Without that {ifs if gives else 'it would fit.'}"


def _less(outcome: Outcome, basis: Basis, row: int) -> list[str]:
    """What to ask less of: only of what stands in the way, a target for quality is not met by fewer requests."""
    often = {b.limit for b in outcome.blocked[row] if b.share > OFTEN_BROKEN}
    if not _requests_cost(outcome.candidates[row], basis.limits):
        often -= {"budget_monthly_usd"}
    give = _loosened(outcome.candidates[row], basis.limits)
    if outcome.candidates[row].blocked or len(give) > 1:
        return []  # one alone would not do
    often -= {limit.key for limit in give if limit.key == "latency_p95_ms"}  # asked for already
    less = [words for limit, (words, _) in LESS.items() if limit in often]
    return [f"Or ask for less: {', or '.join(less)}."] if less else []


def _requests_cost(candidate: Candidate, limits: tuple[Limit, ...]) -> bool:
    """Whether fewer requests may bring it into the budget; people's hours and one's own machine cost the same."""
    upkeep = candidate.draws.get("upkeep_usd_per_month")
    people = 0.0 if upkeep is None or np.isnan(upkeep).all() else float(np.nanmedian(upkeep))
    budget = next((limit.value for limit in limits if limit.key == "budget_monthly_usd"), np.inf)
    return people < budget and candidate.plan.option.place.startswith(("api:", "rented:"))


def _mostly_people(candidate: Candidate) -> bool:
    """Whether what it costs a month is hardly anything but the hours of those who look after it."""
    found = [candidate.draws.get(key) for key in ("upkeep_usd_per_month", "monthly_cost_usd")]
    if any(draws is None or np.isnan(draws).all() for draws in found):
        return False
    people, all_of_it = (float(np.nanmedian(draws)) for draws in found if draws is not None)
    return people >= NEARLY_ALL * all_of_it


def _none(
    sentence: str, chance: float, steps: list[str], nearest: str | None, against: tuple[str, ...] = ()
) -> Recommendation:
    return Recommendation(
        kind="nothing_fits",
        option=None,
        method=None,
        model=None,
        place=None,
        trained_at=None,
        chance_best=0.0,
        chance_nothing_fits=chance,
        sentence=sentence,
        then=tuple(steps),
        nearest=nearest,
        against=against,
    )


def _far_from_fitting(outcome: Outcome, basis: Basis, row: int) -> float:
    """How much would have to give: a price per fact against it, and how many times over each limit it is (log 10)."""
    candidate = outcome.candidates[row]
    far = sum(PRICE_OF_A_FACT.get(b.limit, PRICE_OF_A_RULE) for b in candidate.blocked)
    for limit in basis.limits:
        draws = candidate.draws[limit.estimate]
        if np.isnan(draws).all():
            continue
        least = 0.01 if limit.least else ONE
        middle, bound = max(float(np.nanmedian(draws)), least), max(limit.value, least)
        far += max(0.0, float(np.log10(bound / middle if limit.least else middle / bound)))
    return far + 0.1 * (1.0 - float(outcome.alive[row].mean()))


def _what_gives(outcome: Outcome, basis: Basis, row: int) -> tuple[list[str], str]:
    """Limits that would have to give for an option to fit, as clauses after "if"; what to ask first, as a question."""
    candidate = outcome.candidates[row]
    clauses, questions = [], []
    for limit, needed in _loosened(candidate, basis.limits).items():
        change = f"{limit.about(needed)} instead of {limit.said()}"
        hours = PEOPLES_HOURS if limit.key == "budget_monthly_usd" and _mostly_people(candidate) else ""
        clauses.append(f"the {limit.label}{hours} {'were only' if limit.least else 'could be'} {change}")
        days = limit.key == "days_to_launch"
        questions.append(f"whether {f'{change} to launch' if days else f'a {limit.label} of {change}'} would do")
    if candidate.blocked:
        questions.insert(0, f"whether this can be lifted: {candidate.blocked[0].text or candidate.blocked[0].limit}")
    elif not clauses:
        return ["the limits together left more room"], "which of the limits can be loosened"
    also = f"; that alone is not enough, so also {', and '.join(questions[1:])}" if questions[1:] else ""
    return clauses, f"{questions[0]}{also}"


def _loosened(candidate: Candidate, limits: tuple[Limit, ...]) -> dict[Limit, float]:
    """The limits that must give, and how far, for the option to survive half of the draws; none if it does already.

    First those that the typical value breaks; where that is not enough, all that are known to be broken at times.
    """
    known = [x for x in limits if not np.isnan(candidate.draws[x.estimate]).all() and not is_assumed(candidate, x)]
    broken = {x: float(breaks(x, candidate.draws[x.estimate]).mean()) for x in known}
    mostly = [x for x in known if broken[x] > 1 - FEASIBLE]
    values: dict[Limit, float] = {}
    for given in (mostly, [x for x in known if broken[x] > 0]):
        others = [breaks(x, candidate.draws[x.estimate]) == 0 for x in known if x not in given]
        for level in LEVELS:
            values = {x: _outward(x, candidate.draws[x.estimate], level) for x in given}
            held = [breaks(replace(x, value=value), candidate.draws[x.estimate]) == 0 for x, value in values.items()]
            if np.all([*others, *held], axis=0).mean() >= FEASIBLE:
                return {x: value for x, value in values.items() if value != x.value}
    return {x: value for x, value in values.items() if value != x.value}


def _outward(limit: Limit, draws: Draws, level: float) -> float:
    """The limit, or what this share of the draws keeps, in two digits that never promise too much."""
    rate = limit.currency.usd_per_unit if limit.unit.startswith("USD") else 1.0
    exact = float(np.nanquantile(draws, 1 - level if limit.least else level)) / rate
    if exact <= 0 or (exact * rate >= limit.value) is limit.least:
        return min(exact * rate, limit.value) if limit.least else limit.value
    step = 10.0 ** (np.floor(np.log10(exact)) - 1)
    steps = np.floor(exact / step + TINY) if limit.least else np.ceil(exact / step - TINY)
    return float(steps * step) * rate
