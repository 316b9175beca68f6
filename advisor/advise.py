"""The one function that walks through the rooms: answers → options → estimates → reasons → decision → Advice."""

from __future__ import annotations

from dataclasses import replace

from advisor.again import Again, basis_of, prompted_model
from advisor.break_even import break_even_of
from advisor.catalog import find_model
from advisor.decision.chances import chance_tuning_wins, quality_alone
from advisor.decision.currency import Currency
from advisor.decision.explain import explain
from advisor.decision.moved import moved
from advisor.decision.next_measurement import next_measurement
from advisor.decision.nothing_fits import LESS
from advisor.decision.pilot import Question, pilot_worth, planned_rows
from advisor.decision.pilot_step import with_pilot
from advisor.decision.present import options_advice
from advisor.decision.steps import ANSWER_FIRST, FIRST
from advisor.decision.trade_offs import scale_of, trade_offs
from advisor.decision.verdict import recommend
from advisor.decision.worth import mean_worth, pilot_noise
from advisor.decision.your_prompt import your_prompt
from advisor.errors import TuneOrPromptError, UnknownName, all_at_once
from advisor.estimators.chance import Chance
from advisor.estimators.nearest import nearest_cases, traits_of
from advisor.options import unknown_names
from advisor.questionnaire import QUESTIONS, assumption
from advisor.rules.addresses import cited
from advisor.study import DRAWS, Study, on_this_task, study
from advisor.timing import wrong_times
from advisor.vocabulary import (
    CLASSIFYING,
    Advice,
    BreakEven,
    Evidence,
    Facts,
    NextMeasurement,
    OptionAdvice,
    PilotWorth,
    Recommendation,
    TaskProfile,
    Unmoved,
)

SEED = 20261125
PILOTS = 8  # simulated to tell what one is worth
FIXED = ("task_type", "n_classes")  # a pilot was on one task; what another would be, its figures do not say


def advise(profile: TaskProfile, facts: Facts, evidence: Evidence | None = None, seed: int | None = None) -> Advice:
    """The whole answer.

    Every profile is answered with the same seed unless one is given: same answers, same advice; and two profiles
    differ by what their answers do, not by the luck of their draws.
    """
    _known_names(profile, facts)
    seed = SEED if seed is None else seed
    found = study(profile, facts, evidence, Chance(seed, DRAWS))
    evidence = on_this_task(profile, evidence)
    outcome, yardstick = found.outcome, found.yardstick
    currency = Currency.of(found.profile)
    following = next_measurement(outcome, found.profile, found.draws, found.measured)
    basis = basis_of(found, following)
    said = recommend(outcome, basis)
    again = Again.of(found, said)
    flips, unmoved = again.flips()
    following = _without_effect(following, unmoved)
    said = recommend(outcome, basis_of(found, following))
    pilot = _pilot(found, said)
    assumed, even = _assumed(found.profile), break_even_of(found)
    return Advice(
        recommendation=with_pilot(said, pilot),
        profile=profile,
        options=tuple(map(_cited, options_advice(outcome, found.measured, profile.quality_target))),
        chance_best_by_method=outcome.chance_by("method"),
        chance_best_by_family=outcome.chance_by("family"),
        chance_tuning_wins=chance_tuning_wins(outcome),
        quality_alone=quality_alone(outcome),
        quality_metric=profile.metric or found.measured.world.task.metric,
        reasons=again.effects(),
        flips=flips,
        matters_not=tuple(
            u for u in unmoved if u.trait not in asked_for(following, said) and not (evidence and u.trait in FIXED)
        ),
        contradictions=basis.contradictions,
        trade_offs=trade_offs(profile.priorities, scale_of(outcome, profile, yardstick), currency),
        explanation=explain(said, outcome, found.profile, yardstick, len(assumed)),
        break_even=even if isinstance(even, BreakEven) else None,
        no_break_even=even if isinstance(even, str) else "",
        pilot=pilot,
        catalog_date=facts.catalog_date,
        assumed=assumed,
        evidence_run=evidence.run if evidence else None,
        nearest_cases=tuple(
            replace(case, source=cited(case.source))
            for case in nearest_cases(traits_of(found.profile), facts.published)
        ),
        next_measurement=following,
        your_prompt=your_prompt(outcome, found.profile, prompted_model(found), said),
    )


def _without_effect(following: NextMeasurement | None, unmoved: tuple[Unmoved, ...]) -> NextMeasurement | None:
    """A measurement whose result, whatever it is, leaves the verdict as it is, is no next step."""
    tried = next((u.tried for u in unmoved if u.trait == "prompted_score"), None)
    if following is None or not following.step or following.measurement != "prompted_score" or tried is None:
        return following
    said = (
        f"No score of the best prompt that was tried ({tried}) changes the verdict, so measuring it first would decide "
        "nothing."
    )
    return replace(following, sentence=said, step="")


def asked_for(following: NextMeasurement | None, said: Recommendation) -> frozenset[str]:
    """Answers that the next steps ask to find out or to change, or that stand in the way, alone or with another.

    Of these it is not said that they do not matter.
    """
    asked = [keys for words, keys in LESS.values() if any(words in step for step in said.then)]
    first = next((step for step in said.then if step.startswith(ANSWER_FIRST)), "")
    asked.append(frozenset(key for key, words in FIRST.items() if words in first))
    if following and following.step and following.measurement == "prompted_score":
        asked.append(frozenset({"prompted_score"}))
    return frozenset(said.against).union(*asked)


def _known_names(profile: TaskProfile, facts: Facts) -> None:
    """Every name that the catalog does not know, or that stands where it cannot be used, at once."""
    wrong: list[TuneOrPromptError] = [*unknown_names(profile, facts), *wrong_times(profile, facts)]
    if profile.prompted_model:
        try:
            find_model(profile.prompted_model, facts)
        except UnknownName as error:
            wrong.append(UnknownName(f"'prompted_model': {error.what[:1].lower()}{error.what[1:]}", error.mend))
    if wrong:
        raise all_at_once(wrong, UnknownName, "names in the answers cannot be used", "Mend these answers.")


def _cited(option: OptionAdvice) -> OptionAdvice:
    """The option with the address of every publication its estimates rest on."""
    return replace(option, estimates={k: replace(e, source=cited(e.source)) for k, e in option.estimates.items()})


def _pilot(found: Study, said: Recommendation) -> PilotWorth:
    outcome, chance = found.outcome, found.measured.world.chance
    noises = [
        (chance.normal(f"pilot {i} of prompting"), chance.normal(f"pilot {i} of training")) for i in range(PILOTS)
    ]
    scale = scale_of(outcome, found.profile, found.yardstick)
    rows = planned_rows(found.profile, found.draws)
    worth = mean_worth(outcome, noises, pilot_noise(rows.training, rows.test))
    seen = on_this_task(found.profile, found.evidence) is not None
    asked = Question(found.profile, found.draws, worth, scale, said.kind, seen)
    return pilot_worth(outcome, asked)


def _assumed(profile: TaskProfile) -> tuple[str, ...]:
    """What was taken for every unanswered question that matters."""
    return tuple(
        f"{question.label} Unanswered: {assumption(question)}."
        for question in QUESTIONS
        if getattr(profile, question.key) is None
        and assumption(question) != "nothing"
        and (question.key != "n_classes" or profile.task_type in (*CLASSIFYING, None))
    )


__all__ = ["DRAWS", "Study", "advise", "asked_for", "moved", "study"]
