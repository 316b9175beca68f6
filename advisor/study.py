"""Options, predictions and the simulation for one profile: everything that is computed on the way to an answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from advisor.catalog import find_model
from advisor.catalog.quality import quality_priors
from advisor.decision.build import Remembered, candidate_of, ruled
from advisor.decision.candidate import Limit, limits_of
from advisor.decision.simulate import Outcome, simulate
from advisor.decision.utility import Yardstick
from advisor.decision.your_prompt import USUAL_PROMPT, score_sd
from advisor.errors import UnknownName
from advisor.estimators.chance import Chance
from advisor.estimators.conditioning import score_of_the_prompt, see_prompted_score
from advisor.estimators.measured import Measured, see_evidence
from advisor.estimators.quality import World, reachable, world_of
from advisor.methods import METHODS
from advisor.options import plans
from advisor.questionnaire import BY_KEY, task_draws
from advisor.rules import Situation, reasons_for
from advisor.rules.situation import PROMPTING, Prompted
from advisor.timing import timed_models
from advisor.vocabulary import Draws, Evidence, Facts, ModelCard, OptionPlan, Reason, TaskDraws, TaskProfile

DRAWS = 4_000  # design, section 5: a chance near 0.5 is then known to ± 0.01
TAUGHT_AT_MOST = 2_000.0  # assumption: taught labels help up to here (tiny-classifiers saw them flatten by 1,748)


@dataclass(frozen=True, slots=True)
class Focus:
    """What is looked at again: `only` these pairs of method and model, and `without` these rules.

    `remembered` holds the predictions of the world that is looked at again and again; `usual` is the model that an
    unnamed prompted score is taken for, where fewer options are planned than it was chosen from.
    """

    only: frozenset[tuple[str, str]] | None = None
    without: frozenset[str] = frozenset()
    remembered: Remembered = field(default_factory=Remembered, compare=False)
    usual: ModelCard | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """Everything computed on the way to an answer; `evidence` as it was given, used or not."""

    profile: TaskProfile
    facts: Facts
    evidence: Evidence | None
    draws: TaskDraws
    measured: Measured
    reasons: tuple[Reason, ...]
    limits: tuple[Limit, ...]
    taught: float
    usual: ModelCard | None
    yardstick: Yardstick
    outcome: Outcome


def study(
    profile: TaskProfile, facts: Facts, evidence: Evidence | None, chance: Chance, focus: Focus | None = None
) -> Study:
    """Plan, predict and simulate."""
    focus = focus or Focus()
    given, evidence = evidence, on_this_task(profile, evidence)
    known = _with_evidence(profile, evidence)
    draws = task_draws(known, chance.rng("answers"), chance.n)
    taught = _taught(known)
    taught_draws = replace(draws, labelled_examples=draws.labelled_examples + taught)
    found = list(plans(_by_id(known, facts), facts, focus.only))
    typical = float(np.median(draws.labelled_examples)), float(np.median(draws.n_classes))
    situation = Situation(known, *typical, taught, _prompted(evidence, found, facts))
    reasons = tuple(r for r in reasons_for(situation) if r.rule not in focus.without)
    world = world_of(known, taught_draws, quality_priors(), chance)
    world = replace(world, ruled=ruled(reasons, METHODS, chance))
    usual = focus.usual or _usual_model(found)
    world = _with_prompted_score(world, known, facts, usual)
    measured = see_evidence(world, evidence, _find(facts), known.metric) if evidence else Measured(world)
    measured = replace(measured, timed=timed_models(known, facts), typed=_typed_score(known, facts, chance))
    predicted = focus.remembered.predictions(found, draws)
    candidates = [candidate_of(plan, p, measured, reasons) for plan, p in zip(found, predicted, strict=True)]
    limits = limits_of(known)
    yardstick = Yardstick(draws.horizon_months, world.floor, reachable(measured.world))
    outcome = simulate(candidates, known, limits, yardstick)
    return Study(known, facts, given, draws, measured, reasons, limits, taught, usual, yardstick, outcome)


def _by_id(profile: TaskProfile, facts: Facts) -> TaskProfile:
    """The profile with the models it scored and timed called by the catalog's ids, however they are spelled."""
    find = _find(facts)
    scored = find(profile.prompted_model) if profile.prompted_model else None
    times = profile.hosted_times and tuple(
        replace(timed, model=card.id) if (card := find(timed.model)) else timed for timed in profile.hosted_times
    )
    return replace(profile, prompted_model=scored.id if scored else profile.prompted_model, hosted_times=times)


def on_this_task(profile: TaskProfile, evidence: Evidence | None) -> Evidence | None:
    """The evidence, unless it is of another kind of task than was answered."""
    return evidence if evidence is not None and evidence.is_on(profile.task_type) else None


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


def _prompted(evidence: Evidence | None, found: list[OptionPlan], facts: Facts) -> Prompted:
    """Whether prompts were measured, and of a model that may be used."""
    find = _find(facts)
    seen = {m.model for m in evidence.measurements if m.method in PROMPTING} if evidence else set()
    models = {card.id if (card := find(name)) else name for name in seen}
    if not models:
        return "nothing"
    usable = {plan.model.id for plan in found if plan.option.method in PROMPTING and not plan.blocked}
    return "candidate" if models & usable else "stand_in"


def _taught(profile: TaskProfile) -> float:
    """Examples a teacher model can label beside the team's own."""
    if not profile.teacher_model:
        return 0.0
    pool = TAUGHT_AT_MOST if profile.unlabelled_examples is None else float(profile.unlabelled_examples)
    return min(pool, TAUGHT_AT_MOST)


def _with_prompted_score(world: World, profile: TaskProfile, facts: Facts, usual: ModelCard | None) -> World:
    if profile.prompted_score is None:
        return world
    model = find_model(profile.prompted_model, facts) if profile.prompted_model else usual
    if model is None:
        return world
    score = profile.prompted_score
    return see_prompted_score(world, model, USUAL_PROMPT, score, score_sd(score))


def _typed_score(profile: TaskProfile, facts: Facts, chance: Chance) -> dict[tuple[str, str], Draws]:
    """The measured prompt as the option that comes nearest to it; of a model nobody named it is no measurement."""
    if profile.prompted_score is None or profile.prompted_model is None:
        return {}
    model, score = find_model(profile.prompted_model, facts), profile.prompted_score
    return {(USUAL_PROMPT, model.id): score_of_the_prompt(chance, model, score, score_sd(score))}


def _usual_model(found: list[OptionPlan]) -> ModelCard | None:
    """The most able of the models considered: the score is the best that prompting reached.

    Also one that may not be used: who reached the score does not change with what is allowed afterwards.
    """
    models = {p.model.id: p.model for p in found if p.option.family == "prompting"}
    return max(models.values(), key=lambda m: m.capability.mean, default=None)


def _find(facts: Facts) -> Any:
    def find(name: str) -> ModelCard | None:
        try:
            return find_model(name, facts)
        except UnknownName:
            return None

    return find
