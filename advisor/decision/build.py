"""An option with everything predicted, measured and ruled about it, ready to be decided on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

import numpy as np

from advisor.decision.candidate import Candidate
from advisor.estimators.chance import Chance
from advisor.estimators.measured import Measured
from advisor.estimators.option import predict, with_more_upkeep
from advisor.estimators.quality import as_quality, option_logit
from advisor.vocabulary import Blocked, Draws, MethodCard, Option, OptionPlan, Placement, Reason, TaskDraws


@dataclass(slots=True)
class Remembered:
    """Predictions in one world (the first that is asked about), so that deciding again in it computes none twice."""

    world: bytes = b""
    found: dict[tuple[Option, Placement | None, Placement | None], dict[str, Draws]] = field(default_factory=dict)

    def predictions(self, plans: Sequence[OptionPlan], draws: TaskDraws) -> list[dict[str, Draws]]:
        """One per plan; those of another world are computed and not kept."""
        world = _fingerprint(draws)
        self.world = self.world or world
        return [self._of(plan, draws) if world == self.world else predict(plan, draws) for plan in plans]

    def _of(self, plan: OptionPlan, draws: TaskDraws) -> dict[str, Draws]:
        key = (plan.option, plan.serve, plan.train)
        if key not in self.found:
            self.found[key] = predict(plan, draws)
        return self.found[key]


def _fingerprint(draws: TaskDraws) -> bytes:
    """Equal for worlds that are the same in every draw."""
    seen = hashlib.blake2b()
    for each in fields(draws):
        seen.update(np.ascontiguousarray(getattr(draws, each.name)).tobytes())
    return seen.digest()


def candidate_of(
    plan: OptionPlan, estimated: dict[str, Draws], measured: Measured, reasons: tuple[Reason, ...]
) -> Candidate:
    """What was measured replaces what was estimated, then the rules have their say."""
    predicted = dict(estimated)
    option, world = plan.option, measured.world
    seen = measured.score_of(option)
    if seen is None:
        rows = np.maximum(world.labelled, plan.card.labels_at_least)
        seen = as_quality(world, option_logit(world, option.method, plan.model, rows))
    predicted["quality"] = seen
    for estimate in {r.shift.estimate for r in reasons if r.shift and r.shift.estimate != "quality"}:
        factor = np.exp(_shifted(reasons, (option.method, option.family), estimate, world.chance))
        if estimate == "upkeep_hours_per_month":
            predicted = with_more_upkeep(predicted, factor)
        else:
            predicted[estimate] = predicted[estimate] * factor
    typed = measured.time_of(option)
    if typed is not None:
        predicted["latency_p95_ms"] = typed
    for key, value in measured.at_place.get((option.method, plan.model.id, option.place), {}).items():
        predicted[key] = value
    known = predicted["latency_p95_ms"]
    predicted["waiting_p95_ms"] = np.where(np.isnan(known), predicted["waiting_p95_ms"], known)
    return Candidate(plan, predicted, (*plan.blocked, *_ruled_out(plan, predicted["quality"], reasons)))


def ruled(reasons: Sequence[Reason], methods: Iterable[MethodCard], chance: Chance) -> dict[str, Draws]:
    """What the rules add to the logit of quality of each method they speak about."""
    found = {card.name: _shifted(reasons, (card.name, card.family), "quality", chance) for card in methods}
    return {method: shift for method, shift in found.items() if shift.any()}


def _shifted(reasons: Sequence[Reason], names: tuple[str, str], estimate: str, chance: Chance) -> Draws:
    """The sum of all shifts of an estimate that speak about a method or its family."""
    total = np.zeros(chance.n)
    for reason in reasons:
        shift = reason.shift
        if shift and shift.estimate == estimate and set(names) & set(shift.methods):
            total = total + shift.size + shift.sd * chance.normal(f"rule {reason.rule}")
    return total


def _ruled_out(plan: OptionPlan, quality: Draws, reasons: tuple[Reason, ...]) -> tuple[Blocked, ...]:
    found = [
        Blocked(r.rule, 1.0, r.text)
        for r in reasons
        if r.direction == "rules_out" and {plan.option.method, plan.option.family} & set(r.removes or (r.method,))
    ]
    if np.isnan(quality).all():
        found.append(Blocked("task_type", 1.0, f"{plan.card.label} cannot do this kind of task"))
    return tuple(found)
