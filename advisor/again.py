"""Deciding again with something changed: what an answer, a rule or a volume does to the verdict."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from advisor.decision.axes import WEIGHED_ONLY, axes
from advisor.decision.basis import Basis
from advisor.decision.break_even import break_even
from advisor.decision.build import Remembered
from advisor.decision.candidate import limits_of
from advisor.decision.contradictions import contradictions
from advisor.decision.effects import effect_of
from advisor.decision.flips import Verdict, search
from advisor.decision.simulate import Outcome, monthly_total, simulate
from advisor.decision.verdict import recommend, verdict_words
from advisor.decision.worth import leader
from advisor.estimators.chance import Chance
from advisor.questionnaire import QUESTIONS
from advisor.study import Focus, Study, study
from advisor.vocabulary import BreakEven, Draws, Flip, NextMeasurement, Reason, Recommendation, TaskProfile, Unmoved

FLIP_DRAWS = 1_000  # a flip needs the winner, not its chance to two digits; fewer draws would hardly be faster
EDGE_DRAWS = 2_000  # the edge of a number is looked at twice: few draws may stand on the wrong side of it
SURE_DRAWS = 4_000  # where 1,000 draws do not give the verdict that was given
LEADING = 4  # options of each family that are looked at again
CLOSE_REGRET = 0.015  # and all that nearly were recommended
MODELS = ("hosted_models", "open_models")


@dataclass(frozen=True, slots=True)
class Again:
    """The leading options of a study, decided again and again under the same random numbers."""

    found: Study
    said: Recommendation
    chance: Chance
    only: frozenset[tuple[str, str]]
    base: Study
    now: Verdict
    remembered: Remembered
    _seen: dict[Any, Verdict] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, found: Study, said: Recommendation, seed: int) -> Again:
        """Few draws where they give the same verdict, as many as it was given with where not."""
        only = _leading(found.outcome, said)
        for draws in (FLIP_DRAWS, SURE_DRAWS):
            chance = Chance(seed, draws)
            remembered = Remembered()
            base = study(
                _with_models(found, only), found.facts, found.evidence, chance, Focus(only, remembered=remembered)
            )
            now = _verdict(recommend(base.outcome, basis_of(base)), base.outcome)
            if now.key == _verdict(said, found.outcome).key:
                break
        return cls(found, said, chance, only, base, now, remembered)

    def flips(self) -> tuple[tuple[Flip, ...], tuple[Unmoved, ...]]:
        """The nearest change of each answer that alters the verdict, and the answers that do not matter."""
        return search(self.now, axes(self.found.profile, QUESTIONS), self.changed, self._sure().changed)

    def _sure(self) -> Again:
        """The same with more draws."""
        if self.chance.n >= EDGE_DRAWS:
            return self
        chance = Chance(self.chance.seed, EDGE_DRAWS)
        remembered = Remembered()
        focus = Focus(self.only, remembered=remembered)
        base = study(_with_models(self.found, self.only), self.found.facts, self.found.evidence, chance, focus)
        return replace(self, chance=chance, base=base, remembered=remembered, _seen={})

    def changed(self, key: str, value: Any) -> Verdict:
        """The verdict with one answer changed."""
        seen = (key, str(value))
        if seen not in self._seen:
            self._seen[seen] = self._decide(key, value)
        return self._seen[seen]

    def _decide(self, key: str, value: Any) -> Verdict:
        profile = replace(self.found.profile, **{key: value})
        if key in WEIGHED_ONLY:
            base, limits = self.base, limits_of(profile)
            weighed = (replace(base.profile, **{key: value}), limits, base.draws.horizon_months)
            outcome = simulate(base.outcome.candidates, *weighed, base.measured.world.floor)
            again = replace(base, profile=weighed[0], limits=limits, outcome=outcome)
        elif key in MODELS:
            again = study(profile, self.found.facts, self.found.evidence, self.chance)
        else:
            narrowed = replace(_with_models(self.found, self.only), **{key: value})
            focus = Focus(self.only, remembered=self.remembered)
            again = study(narrowed, self.found.facts, self.found.evidence, self.chance, focus)
        return _verdict(recommend(again.outcome, basis_of(again)), again.outcome)

    def effects(self) -> tuple[Reason, ...]:
        """Every reason with what it did to this verdict: the decision made again without it."""
        return tuple(self._with_effect(reason) for reason in self.found.reasons)

    def _with_effect(self, reason: Reason) -> Reason:
        if not reason.weight and reason.rule not in DECIDING_RULES:
            return reason
        focus = Focus(self.only, frozenset((reason.rule,)), self.remembered)
        profile = _with_models(self.found, self.only)
        without = study(profile, self.found.facts, self.found.evidence, self.chance, focus)
        said = _verdict(recommend(without.outcome, basis_of(without)), without.outcome)
        other = said.words if said.key != self.now.key else None
        return replace(reason, did=effect_of(reason, self.base.outcome, without.outcome, other))


DECIDING_RULES = ("form_and_facts",)  # no weight on a number, but on the kind of answer


def basis_of(found: Study, following: NextMeasurement | None = None) -> Basis:
    """What a verdict on this study rests on."""
    rules = [reason.rule for reason in found.reasons]
    return Basis(
        found.profile,
        found.reasons,
        found.limits,
        found.taught,
        bool(found.evidence and found.evidence.measurements),
        contradictions(found.profile, rules),
        following,
    )


def break_even_of(found: Study) -> BreakEven | str:
    """The volume from which the leading trained option is cheaper than the leading prompting one; or why there is none.

    Where one side has no option within the limits, and no volume changes who is cheaper, that is what is said.
    """
    rows = [leader(found.outcome, families) for families in (("prompting",), ("tuning",))]
    sides = dict(zip(("prompting", "training"), rows, strict=True))
    missing = [side for side, row in sides.items() if row is None or not found.outcome.feasible[row]]
    none_left = (
        f"No option of {' and none of '.join(missing)} stays within the limits, so no number of requests is named from "
        "which training is the cheaper way."
    )
    if None in rows:
        return none_left
    pairs = [found.outcome.candidates[row].plan.option for row in rows if row is not None]
    only = frozenset((o.method, o.model) for o in pairs)
    chance = Chance(1, FLIP_DRAWS)

    def monthly(volume: float) -> tuple[Draws, Draws] | None:
        profile = replace(_with_models(found, only), requests_per_month=volume, peak_requests_per_second=None)
        again = study(profile, found.facts, found.evidence, chance, Focus(only))
        costs_of: list[Draws] = []
        for option in pairs:
            costs = [
                monthly_total(c.draws, again.draws.horizon_months)
                for c in again.outcome.candidates
                if (c.plan.option.method, c.plan.option.model) == (option.method, option.model) and not c.blocked
            ]
            if not costs:
                return None
            costs_of.append(min(costs, key=lambda c: float(np.nanmean(c))))
        return costs_of[0], costs_of[1]

    even = break_even(monthly)
    return none_left if missing and isinstance(even, str) else even


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


def _with_models(found: Study, only: frozenset[tuple[str, str]]) -> TaskProfile:
    """The profile with the models of these options as answers, so that no other option is planned."""
    used = {model for _, model in only}
    return replace(
        found.profile,
        hosted_models=tuple(m.id for m in found.facts.models if m.hosted and m.id in used),
        open_models=tuple(m.id for m in found.facts.models if not m.hosted and m.id in used),
    )


def _verdict(said: Recommendation, outcome: Outcome) -> Verdict:
    """Two verdicts are the same when the kind of answer and the way (documents, else the family) are."""
    row = next((r for r, c in enumerate(outcome.candidates) if c.id == said.option), None)
    if row is None:
        return Verdict((said.kind,), verdict_words(said.kind, None))
    plan = outcome.candidates[row].plan
    way = "documents" if plan.card.retrieved_tokens > 0 else plan.option.family
    return Verdict((said.kind, way), verdict_words(said.kind, plan))
