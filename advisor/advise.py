"""The one function that walks through the rooms: answers → options → estimates → reasons → decision → Advice."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from advisor.catalog import find_model
from advisor.catalog.quality import quality_priors
from advisor.decision.axes import axes
from advisor.decision.basis import Basis
from advisor.decision.break_even import break_even
from advisor.decision.build import candidate_of
from advisor.decision.candidate import Limit, limits_of
from advisor.decision.chances import chance_tuning_wins
from advisor.decision.contradictions import contradiction
from advisor.decision.flips import Verdict, search
from advisor.decision.moved import moved
from advisor.decision.next_measurement import next_measurement
from advisor.decision.present import option_advice, pilot_worth
from advisor.decision.simulate import Outcome, monthly_total, simulate
from advisor.decision.verdict import recommend
from advisor.decision.words import short_words
from advisor.decision.worth import leader, worth_of_pilot
from advisor.errors import UnknownName
from advisor.estimators.chance import Chance
from advisor.estimators.conditioning import see_prompted_score
from advisor.estimators.measured import Measured, see_evidence
from advisor.estimators.quality import World, world_of
from advisor.options import plans
from advisor.questionnaire import BY_KEY, QUESTIONS, assumption, profile_to_yaml, task_draws
from advisor.rules import Situation, reasons_for
from advisor.vocabulary import (
    Advice,
    Draws,
    Evidence,
    Facts,
    ModelCard,
    OptionPlan,
    Reason,
    TaskDraws,
    TaskProfile,
)

DRAWS = 4000  # design, section 5: a chance near 0.5 is then known to ± 0.01
FLIP_DRAWS = 300  # a flip needs the winner, not its chance to two digits
FLIP_OPTIONS = 4  # of each family
TAUGHT_AT_MOST = 2_000.0  # assumption: taught labels help up to here (tiny-classifiers saw them flatten by 1,748)
PROMPTED_SCORE_ROWS = 200  # assumption: a typed prompted score was measured on about 200 rows


@dataclass(frozen=True, slots=True)
class Study:
    """Everything computed on the way to an answer."""

    profile: TaskProfile
    facts: Facts
    evidence: Evidence | None
    draws: TaskDraws
    measured: Measured
    reasons: tuple[Reason, ...]
    limits: tuple[Limit, ...]
    taught: float
    outcome: Outcome


def advise(profile: TaskProfile, facts: Facts, evidence: Evidence | None = None, seed: int | None = None) -> Advice:
    """The whole answer. The seed is fixed by the profile unless given: same answers, same advice."""
    number = zlib.crc32(profile_to_yaml(profile).encode()) if seed is None else seed
    found = study(profile, facts, evidence, Chance(number, DRAWS))
    outcome = found.outcome
    recommendation = recommend(outcome, _basis(found))
    chance = found.measured.world.chance
    worth = worth_of_pilot(outcome, (chance.normal("pilot of prompting"), chance.normal("pilot of training")))
    return Advice(
        recommendation=recommendation,
        profile=profile,
        options=tuple(option_advice(outcome, row, found.measured, profile.quality_target) for row in outcome.ranking()),
        chance_best_by_method=outcome.chance_by("method"),
        chance_best_by_family=outcome.chance_by("family"),
        chance_tuning_wins=chance_tuning_wins(outcome),
        reasons=found.reasons,
        flips=_flips(found, number),
        break_even=_break_even(found),
        pilot=pilot_worth(outcome, worth, found.profile, evidence, recommendation.kind),
        catalog_date=facts.catalog_date,
        assumed=_assumed(found.profile),
        evidence_run=evidence.run if evidence else None,
    )


def study(
    profile: TaskProfile,
    facts: Facts,
    evidence: Evidence | None,
    chance: Chance,
    only: frozenset[tuple[str, str]] | None = None,
) -> Study:
    """Plan, predict and simulate; `only` keeps those (method, model) pairs, for the search for flips."""
    known = _with_evidence(profile, evidence)
    draws = task_draws(known, chance.rng("answers"), chance.n)
    taught = _taught(known)
    taught_draws = replace(draws, labelled_examples=draws.labelled_examples + taught)
    found = list(plans(known, facts, only))
    world = world_of(known, taught_draws, quality_priors(), chance)
    world = _with_prompted_score(world, known, facts, found)
    measured = see_evidence(world, evidence, _find(facts), known.metric) if evidence else Measured(world)
    situation = Situation(known, float(np.median(draws.labelled_examples)), float(np.median(draws.n_classes)), taught)
    reasons = reasons_for(situation)
    candidates = [candidate_of(plan, draws, measured, reasons) for plan in found]
    limits = limits_of(known)
    outcome = simulate(candidates, known, limits, draws.horizon_months, world.floor)
    return Study(known, facts, evidence, draws, measured, reasons, limits, taught, outcome)


def _with_evidence(profile: TaskProfile, evidence: Evidence | None) -> TaskProfile:
    """Unanswered questions the data answered; what the team typed stays."""
    if evidence is None:
        return profile
    learned: dict[str, Any] = {
        "task_type": evidence.task_type if evidence.task_type in BY_KEY["task_type"].choices else None,
        "n_classes": evidence.n_classes if (evidence.n_classes or 0) >= 2 else None,
        "labelled_examples": evidence.rows_available,
        "input_tokens": round(evidence.input_tokens) or 1 if evidence.input_tokens else None,
        "output_tokens": round(evidence.output_tokens) or 1 if evidence.output_tokens else None,
    }
    return replace(profile, **{k: v for k, v in learned.items() if v is not None and getattr(profile, k) is None})


def _taught(profile: TaskProfile) -> float:
    """Examples a teacher model can label beside the team's own."""
    if not profile.teacher_model:
        return 0.0
    pool = TAUGHT_AT_MOST if profile.unlabelled_examples is None else float(profile.unlabelled_examples)
    return min(pool, TAUGHT_AT_MOST)


def _with_prompted_score(world: World, profile: TaskProfile, facts: Facts, found: list[OptionPlan]) -> World:
    if profile.prompted_score is None:
        return world
    model = find_model(profile.prompted_model, facts) if profile.prompted_model else _usual_model(found)
    if model is None:
        return world
    score = profile.prompted_score
    sd = float(np.sqrt(max(score * (1 - score), 0.01) / PROMPTED_SCORE_ROWS))
    return see_prompted_score(world, model, "few_shot", score, sd)


def _usual_model(found: list[OptionPlan]) -> ModelCard | None:
    """The most able of the models considered: the score is the best that prompting reached."""
    models = {p.model.id: p.model for p in found if p.option.family == "prompting" and not p.blocked}
    return max(models.values(), key=lambda m: m.capability.mean, default=None)


def _find(facts: Facts) -> Any:
    def find(name: str) -> ModelCard | None:
        try:
            return find_model(name, facts)
        except UnknownName:
            return None

    return find


def _basis(found: Study) -> Basis:
    return Basis(
        found.profile,
        found.reasons,
        found.limits,
        found.taught,
        bool(found.evidence and found.evidence.measurements),
        contradiction(found.profile),
        next_measurement(found.outcome, found.measured) if found.evidence else "",
    )


def _flips(found: Study, seed: int) -> tuple[Any, ...]:
    """Decide again with one answer changed, over the leading options and few draws."""
    outcome = found.outcome
    pairs: list[tuple[str, str]] = []
    for family in ("prompting", "tuning", "classical"):
        best_first = [outcome.candidates[r].plan.option for r in outcome.ranking()]
        named = dict.fromkeys((o.method, o.model) for o in best_first if o.family == family)
        pairs += list(named)[:FLIP_OPTIONS]
    only, chance = frozenset(pairs), Chance(seed, FLIP_DRAWS)
    models = _models_named(found, only)

    def verdict(profile: TaskProfile) -> Verdict:
        again = study(replace(profile, **models), found.facts, found.evidence, chance, only)
        said = recommend(again.outcome, _basis(again))
        if again.outcome.best is None:
            return Verdict((said.kind,), "nothing fits")
        plan = again.outcome.candidates[again.outcome.best].plan
        return Verdict((said.kind, plan.option.family), f"{said.kind.replace('_', ' ')}: {short_words(plan)}")

    def changed(key: str, value: Any) -> Verdict:
        return verdict(replace(found.profile, **{key: value}))

    return search(verdict(found.profile), axes(found.profile, QUESTIONS), changed)


def _models_named(found: Study, only: frozenset[tuple[str, str]]) -> dict[str, Any]:
    """The models of these options as answers, so that no other option is planned."""
    used = {model for _, model in only}
    hosted = tuple(m.id for m in found.facts.models if m.hosted and m.id in used)
    return {
        "hosted_models": hosted,
        "open_models": tuple(m.id for m in found.facts.models if not m.hosted and m.id in used),
    }


def _break_even(found: Study) -> Any:
    rows = [leader(found.outcome, families) for families in (("prompting",), ("tuning",))]
    if rows[0] is None or rows[1] is None:
        return None
    pairs = [found.outcome.candidates[row].plan.option for row in rows if row is not None]
    only = frozenset((o.method, o.model) for o in pairs)
    models, chance = _models_named(found, only), Chance(1, FLIP_DRAWS)

    def monthly(volume: float) -> tuple[Draws, Draws] | None:
        profile = replace(found.profile, requests_per_month=volume, peak_requests_per_second=None, **models)
        again = study(profile, found.facts, found.evidence, chance, only)
        sides = []
        for option in pairs:
            costs = [
                monthly_total(c.draws, again.draws.horizon_months)
                for c in again.outcome.candidates
                if (c.plan.option.method, c.plan.option.model) == (option.method, option.model) and not c.blocked
            ]
            if not costs:
                return None
            sides.append(min(costs, key=lambda c: float(np.nanmean(c))))
        return sides[0], sides[1]

    return break_even(monthly)


def _assumed(profile: TaskProfile) -> tuple[str, ...]:
    """What was taken for every unanswered question that matters."""
    return tuple(
        f"{question.label} Unanswered: {assumption(question)}."
        for question in QUESTIONS
        if getattr(profile, question.key) is None and assumption(question) != "nothing"
    )


__all__ = ["Study", "advise", "moved", "study"]
