"""The contract's document of `advise` (design, section 4), from the dataclasses."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any


def document(advice: Any) -> dict[str, Any]:
    """An Advice as JSON; keys beyond the contract are only ever added."""
    return {
        "recommendation": _recommendation(advice.recommendation),
        "explanation": asdict(advice.explanation) if advice.explanation else None,
        "options": [_option(option) for option in advice.options],
        "chance_best_by_method": dict(advice.chance_best_by_method),
        "chance_best_by_family": dict(advice.chance_best_by_family),
        "chance_tuning_wins": advice.chance_tuning_wins,
        "quality_alone": advice.quality_alone,
        "quality_metric": advice.quality_metric,
        "reasons": [_reason(reason) for reason in advice.reasons],
        "contradictions": [asdict(c) for c in advice.contradictions],
        "flips": [{"trait": f.trait, "from": f.before, "to": f.after, "then": f.then} for f in advice.flips],
        "matters_not": [asdict(u) for u in advice.matters_not],
        "trade_offs": [asdict(t) for t in advice.trade_offs],
        "break_even": _break_even(advice.break_even),
        "no_break_even": advice.no_break_even,
        "pilot": _pilot(advice.pilot),
        "next_measurement": asdict(advice.next_measurement) if advice.next_measurement else None,
        "nearest_cases": [_case(case) for case in advice.nearest_cases],
        "your_prompt": asdict(advice.your_prompt) if advice.your_prompt else None,
        "assumed": list(advice.assumed),
        "evidence_run": advice.evidence_run,
        "catalog_date": advice.catalog_date,
    }


def _recommendation(rec: Any) -> dict[str, Any]:
    keys = (
        "kind",
        "option",
        "method",
        "model",
        "place",
        "trained_at",
        "chance_best",
        "chance_nothing_fits",
        "sentence",
    )
    found = {key: getattr(rec, key) for key in keys}
    named = {key: getattr(rec, key) for key in ("nearest", "undecided", "given_up") if getattr(rec, key)}
    return {**found, "then": list(rec.then), **named}


def _option(o: Any) -> dict[str, Any]:
    return {
        "option": o.option.id,
        "method": o.option.method,
        "family": o.option.family,
        "model": o.option.model,
        "place": o.option.place,
        "trained_at": o.option.trained_at,
        "feasible": o.feasible,
        "blocked_by": [{"limit": b.limit, "share": b.share, "text": b.text} for b in o.blocked_by],
        "chance_best": o.chance_best,
        "chance_meets_target": o.chance_meets_target,
        "regret": o.regret,
        "pareto": o.pareto,
        "estimates": {name: e.as_json() for name, e in o.estimates.items()},
    }


def _reason(r: Any) -> dict[str, Any]:
    return {
        "rule": r.rule,
        "favours": r.method,
        "direction": r.direction,
        "effect": r.effect,
        "weight": r.weight,
        "strength": r.strength,
        "text": r.text,
        "source": r.source,
        "did": asdict(r.did) if r.did else None,
    }


def _break_even(even: Any) -> dict[str, Any] | None:
    if even is None:
        return None
    return {"requests_per_month": even.requests_per_month, "low": even.low, "high": even.high, "text": even.text}


def _pilot(pilot: Any) -> dict[str, Any]:
    return {
        "worth_it": pilot.worth_it,
        "chance_it_changes_the_decision": pilot.chance_it_changes_the_decision,
        "why": pilot.why,
        "plan": pilot.plan,
        "stake": asdict(pilot.stake) if pilot.stake else None,
    }


def _case(case: Any) -> dict[str, Any]:
    """A published comparison; scores 0..1, as in `quality --batch`."""
    return {
        "task": case.task,
        "task_type": case.task_type,
        "metric": case.metric,
        "prompted": case.prompted_score,
        "prompted_model": case.prompted_model,
        "tuned": case.tuned_score,
        "tuned_model": case.tuned_model,
        "n_train": case.n_train,
        "year": case.year,
        "source": case.source,
    }
