"""The prompt the team has already measured, as an option: how it stands against the limits and against the best."""

from __future__ import annotations

import math

import numpy as np

from advisor.decision.currency import Currency
from advisor.decision.simulate import Outcome
from advisor.decision.words import missed, percent, place_words, short_words
from advisor.vocabulary import Draws, ModelCard, Recommendation, TaskProfile, YourPrompt

ROWS = 200  # assumption: a typed prompted score was measured on about 200 rows
USUAL_PROMPT = "few_shot"  # assumption: a prompt that somebody measured holds some examples
Z_80 = 1.2816
NEARLY_ALL = 0.9


def score_sd(score: float) -> float:
    """How far a typed score may be off by the choice of its rows alone."""
    return math.sqrt(max(score * (1 - score), 0.01) / ROWS)


def your_prompt(
    outcome: Outcome, profile: TaskProfile, model: ModelCard | None, said: Recommendation
) -> YourPrompt | None:
    """None where no prompt was measured; `model` is the one that reached the score, None where it was not said."""
    score = profile.prompted_score
    if score is None:
        return None
    own = own_prompt(outcome, model)
    best = next((row for row, c in enumerate(outcome.candidates) if c.id == (said.option or said.nearest)), None)
    sentences = (
        _score(score, model),
        *_target(score, profile.quality_target),
        *_other_limits(outcome, own, profile),
        *_beside_best(outcome, own, best, score, profile),
    )
    meets = None if profile.quality_target is None else score >= profile.quality_target
    return YourPrompt(score, None if own is None else outcome.candidates[own].id, meets, sentences)


def own_prompt(outcome: Outcome, model: ModelCard | None) -> int | None:
    """The prompting option of that model which comes nearest: with examples, as a measured prompt usually has."""
    if model is None:
        return None
    rows = [r for r, c in enumerate(outcome.candidates) if c.family == "prompting" and c.plan.model.id == model.id]
    return min(rows, key=lambda r: (outcome.candidates[r].plan.option.method != USUAL_PROMPT, r), default=None)


def _score(score: float, model: ModelCard | None) -> str:
    whose = model.name if model else "a model you did not name, so the most able one considered was assumed"
    off = Z_80 * score_sd(score)
    return (
        f"Your prompt scores {score:g} with {whose}. If that was measured on about {ROWS} rows, the true score lies "
        f"between {max(0.0, score - off):.2f} and {min(1.0, score + off):.2f} (80 %)."
    )


def _target(score: float, target: float | None) -> tuple[str, ...]:
    if target is None:
        return ("You set no score to reach, so it fails none.",)
    gap = abs(score - target)
    unsure = " That is less than the choice of rows leaves open: measure it on more." if gap < score_sd(score) else ""
    if score >= target:
        ahead = f", with {gap:.2f} to spare" if gap >= 0.005 else ""
        return (f"It meets the {target:g} you ask for{ahead}.{unsure}",)
    return (f"It misses the {target:g} you ask for by {gap:.2f}.{unsure}",)


def _other_limits(outcome: Outcome, own: int | None, profile: TaskProfile) -> tuple[str, ...]:
    """What else stands against it; the score itself was measured, so the simulated one is left out."""
    if own is None:
        if profile.prompted_model is None:
            return ()
        return ("Its model is not among those weighed here: name it under the models to see what it costs.",)
    candidate = outcome.candidates[own]
    against = [missed(b) for b in outcome.blocked[own] if b.limit != "quality_target"]
    month = _middle(candidate.draws["monthly_cost_usd"])
    people = _middle(candidate.draws["upkeep_usd_per_month"]) or 0.0
    costs = "" if month is None else _running(month, people, Currency.of(profile))
    stands = f"In its way: {'; '.join(against)}." if against else "No other limit stands in its way."
    return (f"{costs}{stands}",)


def _running(month: float, people: float, currency: Currency) -> str:
    """What it costs to run, in USD a month; a team that thinks of the service's bill alone would not expect it."""
    part = "nearly all" if people >= NEARLY_ALL * month else f"about {currency.say(people)}"
    return f"Running it costs about {currency.say(month)} a month, {part} of it hours of your own people. "


def _beside_best(
    outcome: Outcome, own: int | None, best: int | None, score: float, profile: TaskProfile
) -> tuple[str, ...]:
    """The option named in the answer beside it."""
    if best is None:
        return ()
    candidate = outcome.candidates[best]
    what = f"{short_words(candidate.plan)}, {place_words(candidate.plan.option.place, profile.serve_on)}"
    named = "recommended" if outcome.best is not None else "nearest to fitting"
    if best == own:
        return (f"It is what is {named}: {what}.",)
    quality = candidate.draws["quality"]
    middle = _middle(quality)
    if middle is None:
        return ()
    higher = float(np.mean(quality[~np.isnan(quality)] > score))
    month = _middle(candidate.draws["monthly_cost_usd"])
    costs = "" if month is None else f", for about {Currency.of(profile).say(month)} a month"
    if own is not None and candidate.family == "prompting" and higher < 0.5 and _same_model(outcome, own, best):
        return (
            f"What is {named}, {what}, is the same model prompted in another way, and is expected to score no higher "
            f"({middle:.2f}): you have that way already. Keep your prompt, and change it only for one that scores "
            "higher on your test set.",
        )
    return (
        f"What is {named}, {what}, is expected to score {middle:.2f}{costs}; it scores higher than your prompt in "
        f"{percent(higher)} of the futures.",
    )


def _same_model(outcome: Outcome, one: int, other: int) -> bool:
    return outcome.candidates[one].plan.model.id == outcome.candidates[other].plan.model.id


def _middle(draws: Draws) -> float | None:
    return None if np.isnan(draws).all() else float(np.nanmedian(draws))
