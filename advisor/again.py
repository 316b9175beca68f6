"""Deciding again with something changed: what an answer, a rule or a volume does to the verdict."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from advisor.catalog import find_model
from advisor.decision.axes import WEIGHED_ONLY, axes
from advisor.decision.basis import Basis
from advisor.decision.build import Remembered
from advisor.decision.candidate import limits_of
from advisor.decision.contradictions import another_task, contradictions, timed_elsewhere
from advisor.decision.effects import effect_of
from advisor.decision.flips import Verdict, search
from advisor.decision.simulate import Outcome, simulate
from advisor.decision.verdict import decided, verdict_words
from advisor.estimators.chance import Chance
from advisor.estimators.latency import hosted_wait_ms
from advisor.questionnaire import QUESTIONS
from advisor.study import Focus, Study, on_this_task, study
from advisor.vocabulary import (
    Flip,
    Kind,
    ModelCard,
    NextMeasurement,
    Reason,
    Recommendation,
    TaskDraws,
    TaskProfile,
    Unmoved,
)

FLIP_DRAWS = 1_000  # the search needs the winner, not its chance to two digits; what it finds is decided in full
LEADING = 4  # options of each family that are looked at again
CLOSE_REGRET = 0.015  # and all that nearly were recommended
# answers that bring nothing back that is ruled out: those that change the world of every option (dear to compute), and
# the weights (tried in thirty ways)
LEADERS_DECIDE = frozenset((*(field.name for field in fields(TaskDraws)), "priorities"))


@dataclass(frozen=True, slots=True)
class View:
    """A study under fewer draws, to be changed again and again: all its options, or `only` those that lead."""

    base: Study
    chance: Chance
    only: frozenset[tuple[str, str]] | None
    remembered: Remembered

    @classmethod
    def of(cls, found: Study, chance: Chance, only: frozenset[tuple[str, str]] | None = None) -> View:
        """The same answers, other draws."""
        remembered = Remembered()
        profile = found.profile if only is None else with_models(found, only)
        focus = Focus(only, remembered=remembered, usual=None if only is None else found.usual)
        return cls(study(profile, found.facts, found.evidence, chance, focus), chance, only, remembered)

    @property
    def focus(self) -> Focus:
        """What a changed study looks at."""
        return Focus(self.only, remembered=self.remembered, usual=None if self.only is None else self.base.usual)

    def changed(self, key: str, value: Any) -> Study:
        """The study with one answer changed."""
        base = self.base
        profile = replace(base.profile, **{key: value, **_times_then(base, key, value)})
        if key not in WEIGHED_ONLY:
            return study(profile, base.facts, base.evidence, self.chance, self.focus)
        limits = limits_of(profile)
        outcome = simulate(base.outcome.candidates, profile, limits, base.yardstick)
        return replace(base, profile=profile, limits=limits, outcome=outcome)

    def without(self, rule: str) -> Study:
        """The study as if there were no such rule."""
        focus = replace(self.focus, without=frozenset((rule,)))
        return study(self.base.profile, self.base.facts, self.base.evidence, self.chance, focus)


@dataclass(frozen=True, slots=True)
class Again:
    """A study decided again and again: searched with few draws, and what is found decided as it would be answered.

    `wide` holds every option, as a changed answer may bring back what is ruled out now; `narrow` the leading ones, for
    answers that rule nothing out or in; `full` every option under all draws, in which the verdict was given.
    """

    found: Study
    now: Verdict
    wide: View
    narrow: View
    full: View
    _seen: dict[Any, Verdict] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, found: Study, said: Recommendation) -> Again:
        """Few draws and the leading options where they give the same verdict, more of both where not."""
        now, only = verdict_of(found), _leading(found.outcome, said)
        chance = found.measured.world.chance
        full = View.of(found, chance)
        wide = View.of(found, Chance(chance.seed, FLIP_DRAWS))
        if verdict_of(wide.base).key != now.key:
            wide = full
        narrow = View.of(found, wide.chance, only)
        return cls(found, now, wide, narrow if verdict_of(narrow.base).key == now.key else wide, full)

    def flips(self) -> tuple[tuple[Flip, ...], tuple[Unmoved, ...]]:
        """The nearest change of each answer that alters the verdict, and the answers that do not matter."""
        return search(self.now, axes(self.found.profile, QUESTIONS), self.changed, self.answered)

    def changed(self, key: str, value: Any) -> Verdict:
        """The verdict with one answer changed, under few draws."""
        seen = (key, str(value))
        if seen not in self._seen:
            view = self.narrow if key in LEADERS_DECIDE else self.wide
            verdict = verdict_of(view.changed(key, value))
            if verdict.key == NOTHING_FITS and view is not self.wide:
                verdict = verdict_of(self.wide.changed(key, value))
            self._seen[seen] = verdict
        return self._seen[seen]

    def answered(self, key: str, value: Any) -> Verdict:
        """The verdict that the changed answer would be given."""
        return verdict_of(self.full.changed(key, value))

    def effects(self) -> tuple[Reason, ...]:
        """Every reason with what it did to this verdict: the decision made again without it."""
        return tuple(self._with_effect(reason) for reason in self.found.reasons)

    def _with_effect(self, reason: Reason) -> Reason:
        if not reason.weight and reason.rule not in DECIDING_RULES:
            return reason
        without = self.wide.without(reason.rule)
        said = verdict_of(without)
        other = said.words if said.key != self.now.key else None
        return replace(reason, did=effect_of(reason, self.wide.base.outcome, without.outcome, other))


def _times_then(base: Study, key: str, value: Any) -> dict[str, Any]:
    """What was timed at the present length of answers takes longer for longer ones, as is assumed of hosted models."""
    typed = base.profile.hosted_times
    if key != "output_tokens" or not typed or value is None:
        return {}
    longer = hosted_wait_ms(float(value)) / hosted_wait_ms(float(np.median(base.draws.output_tokens)))
    return {"hosted_times": tuple(replace(timed, p95_ms=timed.p95_ms * longer) for timed in typed)}


NOTHING_FITS = ("nothing_fits",)
DECIDING_RULES = ("form_and_facts",)  # no weight on a number, but on the kind of answer


def basis_of(found: Study, following: NextMeasurement | None = None) -> Basis:
    """What a verdict on this study rests on."""
    rules = [reason.rule for reason in found.reasons]
    used = on_this_task(found.profile, found.evidence)
    return Basis(
        found.profile,
        found.reasons,
        found.limits,
        found.taught,
        bool(used and used.measurements),
        (
            *another_task(found.profile, found.evidence),
            *timed_elsewhere(found.measured.timed, (c.plan.model.id for c in found.outcome.candidates)),
            *contradictions(found.profile, rules),
        ),
        following,
        prompted_model(found),
    )


def prompted_model(found: Study) -> ModelCard | None:
    """The model that reached the score the team typed, where it said which."""
    name = found.profile.prompted_model
    return find_model(name, found.facts) if name else None


def _leading(outcome: Outcome, said: Recommendation) -> frozenset[tuple[str, str]]:
    """Method and model of what was recommended, of what nearly was, and of the first of each family."""
    pairs: dict[tuple[str, str], None] = {}
    ranked = [(row, outcome.candidates[row].plan.option) for row in outcome.ranking()]
    least = min((outcome.regret[row] for row, _ in ranked if outcome.feasible[row]), default=0.0)
    for row, option in ranked:
        close = outcome.feasible[row] and outcome.regret[row] <= least + CLOSE_REGRET and len(pairs) < 2 * LEADING
        if close or option.id in (said.option, said.nearest):
            pairs[option.method, option.model] = None
    for family in ("prompting", "tuning", "classical"):
        named = dict.fromkeys((o.method, o.model) for _, o in ranked if o.family == family)
        pairs |= dict.fromkeys(list(named)[:LEADING])
    documents = [o for row, o in ranked if outcome.candidates[row].plan.card.retrieved_tokens > 0]
    pairs |= dict.fromkeys((o.method, o.model) for o in documents[:1])
    return frozenset(pairs)


def with_models(found: Study, only: frozenset[tuple[str, str]]) -> TaskProfile:
    """The profile with the models of these options as answers, so that no other option is planned."""
    used = {model for _, model in only}
    return replace(
        found.profile,
        hosted_models=tuple(m.id for m in found.facts.models if m.hosted and m.id in used),
        open_models=tuple(m.id for m in found.facts.models if not m.hosted and m.id in used),
    )


def verdict_of(found: Study) -> Verdict:
    """What a study says, as far as it can be changed."""
    kind, row = decided(found.outcome, basis_of(found))
    return _verdict(kind, row, found.outcome)


def _verdict(kind: Kind, row: int | None, outcome: Outcome) -> Verdict:
    """Two verdicts are the same when the kind of answer and the way are.

    A way is looking up documents, prompting, training a language model, or a small classifier on whatever features.
    """
    if row is None:
        return Verdict((kind,), verdict_words(kind, None))
    plan = outcome.candidates[row].plan
    way: str = "head" if plan.card.trained == "head" else plan.option.family
    return Verdict((kind, "documents" if plan.card.retrieved_tokens > 0 else way), verdict_words(kind, plan))
