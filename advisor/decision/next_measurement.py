"""The one measurement that would tell most about who wins on quality, worked out on the options' own draws.

Without evidence: a score of the leading prompt, or a pilot of the leading trained model. After a pilot on a stand-in
only the prompt of a real candidate counts, since the stand-in said next to nothing about it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from advisor.decision.candidate import Candidate
from advisor.decision.chances import leaders_on_quality
from advisor.decision.currency import Currency
from advisor.decision.simulate import HOPELESS, Outcome
from advisor.decision.words import percent, short_words
from advisor.decision.your_prompt import USUAL_PROMPT
from advisor.estimators.chance import logit
from advisor.estimators.cost import api_usd_per_request
from advisor.estimators.measured import Measured
from advisor.estimators.prompts import prompt_of
from advisor.estimators.quality import size_b
from advisor.estimators.sharpen import PILOT_ROWS, PILOT_RUNS, ROWS, Left, Sharpening, most_settling, sharpenings_of
from advisor.estimators.versus import Reached
from advisor.vocabulary import NextMeasurement, TaskDraws, TaskProfile

FEWEST_PILOT_ROWS = 40  # below it nothing can be held out and trained on
LARGE_B = 10.0  # assumption: who trains a larger model nine times wants to know that a smaller one would do
HARDLY_MOVES = 0.10  # assumption: a chance that stays within 10 points says the same before and after


def next_measurement(
    outcome: Outcome, profile: TaskProfile, draws: TaskDraws, measured: Measured
) -> NextMeasurement | None:
    """What to measure next and what it would tell; None where nothing is compared or everything is measured."""
    tuned, prompted = leaders_on_quality(outcome)
    if tuned is None or prompted is None:
        return None
    sides = [candidate.draws["quality"] for candidate in (tuned, prompted)]
    known = ~np.isnan(sides[0]) & ~np.isnan(sides[1])
    now = Reached(logit(sides[1][known]), logit(sides[0][known]))
    left = _left(profile, measured, (tuned, prompted))
    plain = _plain(outcome, prompted)
    if not _may_prompt(outcome) or (plain.plan.option.method, plain.plan.model.id) in measured.quality:
        left = replace(left, prompted_score=False)
    best = most_settling(sharpenings_of(now, left, measured.world.chance))
    if best is None:
        return None
    is_prompt = best.measurement == "prompted_score"
    of = plain if is_prompt else tuned
    stand_in = bool(measured.quality) and not _seen_real(outcome, measured)
    step = _prompt_step(of, profile, draws, stand_in) if is_prompt else _pilot_step(of, best.rows)
    hardly = best.chance_high - best.chance_low < HARDLY_MOVES
    return NextMeasurement(
        measurement=best.measurement,
        of=of.id,
        rows=best.rows,
        chance=best.chance,
        chance_low=best.chance_low,
        chance_high=best.chance_high,
        chance_within=best.chance_within,
        settles=best.settles,
        sentence=_tells_little(best) if hardly else f"{step} {_tells(best)}",
        step="" if hardly else step,
    )


def _plain(outcome: Outcome, prompted: Candidate) -> Candidate:
    """The same model prompted with fixed examples: its score tells as much, and nothing has to be built first."""
    same = (c for c in outcome.candidates if c.plan.model.id == prompted.plan.model.id and not c.blocked)
    return next((c for c in same if c.plan.option.method == USUAL_PROMPT), prompted)


def _seen_real(outcome: Outcome, measured: Measured) -> bool:
    """Whether a language model that could be used was measured."""
    real = [c for c in outcome.candidates if c.plan.card.trained != "head" and not c.blocked]
    return any((c.plan.option.method, c.plan.model.id) in measured.quality for c in real)


def _left(profile: TaskProfile, measured: Measured, sides: tuple[Candidate, Candidate]) -> Left:
    """A score that was typed or measured on the leading prompt is not asked for again, nor a pilot after a pilot."""
    tuned, prompted = sides
    seen = [(c.plan.option.method, c.plan.model.id) in measured.quality for c in (tuned, prompted)]
    labelled = profile.labelled_examples
    rows = PILOT_ROWS if labelled is None else min(labelled, PILOT_ROWS)
    can_train = rows >= FEWEST_PILOT_ROWS and not measured.quality and not seen[0] and not tuned.blocked
    can_prompt = profile.prompted_score is None and not seen[1] and not prompted.blocked
    return Left(can_prompt, rows if can_train else 0, labelled)


def _may_prompt(outcome: Outcome) -> bool:
    """Whether any prompt keeps the limits that its score says nothing about, in at least a few futures."""
    return any(
        c.family == "prompting"
        and not c.blocked
        and all(b.share <= 1 - HOPELESS for b in outcome.blocked[row] if b.limit != "quality_target")
        for row, c in enumerate(outcome.candidates)
    )


def _prompt_step(of: Candidate, profile: TaskProfile, draws: TaskDraws, stand_in: bool) -> str:
    labelled = profile.labelled_examples
    have = f" (you have {labelled or 'none'} so far)" if labelled is not None and labelled < ROWS else ""
    how = f"by {short_words(of.plan)}{_price(of, draws, profile)}"
    if stand_in:
        first = "The pilot used a small stand-in model. The cheapest measurement on a real candidate comes next"
        return f"{first}: score {ROWS} test rows {how}."
    rows = f"{ROWS} examples with right answers{have}"
    return f"Score {rows} {how}, and enter the score: no other measurement as cheap tells more."


def _price(of: Candidate, draws: TaskDraws, profile: TaskProfile) -> str:
    """What a hosted model charges for the rows; a machine of one's own is not rented for a hundred requests."""
    plan = of.plan
    if plan.model.price is None or not plan.model.hosted:
        return ""
    prompt = prompt_of(plan.card, draws, plan.model.context_tokens)
    each = api_usd_per_request(prompt, plan.model.price, np.zeros(draws.n))
    return f", about {Currency.of(profile).say(ROWS * float(np.median(each)))}"


def _pilot_step(of: Candidate, rows: int) -> str:
    large = size_b(of.plan.model) > LARGE_B
    smaller = "; a smaller model trained so shows the shape of it for far less" if large else ""
    return (
        f"Train on {rows} of your examples, and on a half and a quarter of them, {PILOT_RUNS} times each "
        f"({short_words(of.plan)}{smaller}): nothing tells more."
    )


def _tells_little(found: Sharpening) -> str:
    return (
        "No single cheap measurement would tell much more: the chance that training scores higher is "
        f"{percent(found.chance)} now and would hardly move."
    )


def _tells(found: Sharpening) -> str:
    low, high = percent(found.chance_low), percent(found.chance_high)
    said = (
        f"The chance that training scores higher is {percent(found.chance)} now; by what you find it will stand "
        f"somewhere between {low} and {high}"
    )
    if found.chance_within is not None:
        within = round(100 * found.chance_within)
        return f"{said}, known to ± {within} points." if within > 1 else f"{said}, known to a point."
    before, after = percent(found.wrong_before), percent(found.wrong_after)
    falls = f", and the chance of taking the wrong side falls from {before} to {after}" if before != after else ""
    return f"{said}{falls}."
