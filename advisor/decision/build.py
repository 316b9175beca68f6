"""An option with everything predicted, measured and ruled about it, ready to be decided on."""

from __future__ import annotations

import numpy as np

from advisor.decision.candidate import Candidate
from advisor.estimators.chance import Chance
from advisor.estimators.measured import Measured
from advisor.estimators.option import predict
from advisor.estimators.quality import as_quality, option_logit
from advisor.vocabulary import Blocked, Draws, OptionPlan, Reason, TaskDraws


def candidate_of(plan: OptionPlan, draws: TaskDraws, measured: Measured, reasons: tuple[Reason, ...]) -> Candidate:
    """Predict an option; what was measured replaces what was estimated, then the rules have their say."""
    predicted: dict[str, Draws] = dict(predict(plan, draws))
    option, world = plan.option, measured.world
    seen = measured.quality.get((option.method, plan.model.id))
    if seen is None:
        rows = np.maximum(world.labelled, plan.card.labels_at_least)
        logits = option_logit(world, option.method, plan.model, rows) + _shifted(reasons, plan, "quality", world.chance)
        seen = as_quality(world, logits)
    predicted["quality"] = seen
    for estimate in {r.shift.estimate for r in reasons if r.shift and r.shift.estimate != "quality"}:
        predicted[estimate] = predicted[estimate] * np.exp(_shifted(reasons, plan, estimate, world.chance))
    for key, value in measured.at_place.get((option.method, plan.model.id, option.place), {}).items():
        predicted[key] = value
    return Candidate(plan, predicted, (*plan.blocked, *_ruled_out(plan, predicted["quality"], reasons)))


def _shifted(reasons: tuple[Reason, ...], plan: OptionPlan, estimate: str, chance: Chance) -> Draws:
    total = np.zeros(chance.n)
    for reason in reasons:
        shift = reason.shift
        if shift and shift.estimate == estimate and {plan.option.method, plan.option.family} & set(shift.methods):
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
