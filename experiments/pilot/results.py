"""The contract's document of `results`, computed from the rows of a record."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from advisor.estimators.learning_curve import Point, extrapolate
from advisor.vocabulary import Estimate, PilotRecord
from experiments.pilot.comparing import Compared, compare_all
from experiments.pilot.errors_by_label import errors_by_label
from experiments.pilot.judged import judged
from experiments.pilot.preference import Judgements, Preference, document, preference
from experiments.pilot.scores import ArmOutcome, Scoring
from experiments.pilot.verdict import verdict

PERCENTILES = (50, 95)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a run's events know beside its record: prompts by cell, what was not done, and what a person judged.

    `chats` are the turns that `prompts` were made of.
    `minutes` are those it was given in all (None: those of the plan), `minutes_needed` those that what was left out
    for time would take.
    """

    prompts: dict[str, str] = field(default_factory=dict)
    chats: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    not_done: tuple[str, ...] = ()
    minutes: float | None = None
    minutes_needed: int = 0
    judgements: Judgements = field(default_factory=Judgements)


NOTHING = Beside()


def results(record: PilotRecord, beside: Beside = NOTHING) -> dict[str, Any]:
    """What came out so far; for a run that is not done the verdict says that it is partial."""
    scoring = Scoring.of(record)
    outcomes = scoring.outcomes()
    compared = compare_all(outcomes, scoring)
    plan = record.plan
    preferred = _preference(record, compared, beside.judgements)
    return {
        "run": record.run,
        "state": record.state,
        "dataset": plan.dataset_name,
        "metric": plan.metric,
        "floor": rounded(floor(record, scoring)),
        "model": plan.model,
        "arms": [arm_document(o, record, beside) for o in outcomes],
        "comparisons": [_comparison(c) for c in compared],
        "learning_curve": learning_curve(record, scoring),
        "shots_curve": shots_curve(record, scoring),
        "errors_by_label": errors_by_label(record),
        "guards": [{"guard": g.guard, "ok": g.ok, "detail": g.detail} for g in record.guards],
        "verdict": _verdict(record, outcomes, compared, preferred),
        "judged_by": plan.judged_by,
        "preference": None if preferred is None else document(preferred),
        "interval": "95 %",
        "n_test": len(plan.test_rows),
        "rows_available": plan.rows_available,
        "test_rows_available": plan.test_rows_available,
        "rows_labelled": plan.rows_labelled,
        "seconds": round(record.seconds, 1),
        "minutes": plan.minutes if beside.minutes is None else beside.minutes,
        "minutes_needed": beside.minutes_needed,
        "left_out": [*plan.left_out, *beside.not_done],
        "notes": list(plan.notes),
    }


def _preference(record: PilotRecord, compared: Sequence[Compared], judgements: Judgements) -> Preference | None:
    """What a person prefers of the primary pair; None where nobody was asked."""
    primary = next((c for c in compared if c.primary), None)
    if primary is None:
        return None
    found = preference(record, judgements, primary.a.arm, primary.b.arm)
    return found if found.judged or record.plan.judged_by == "preference" else None


def _verdict(
    record: PilotRecord, outcomes: Sequence[ArmOutcome], compared: Sequence[Compared], preferred: Preference | None
) -> dict[str, Any]:
    """By the metric, unless a person's preference is to decide; too many failed rows block both."""
    found = verdict(record, outcomes, compared)
    primary = next((c for c in compared if c.primary), None)
    if primary is None or preferred is None or found["winner"] is None:
        return found
    return judged(found, primary, preferred, decides=record.plan.judged_by == "preference")


def floor(record: PilotRecord, scoring: Scoring) -> float:
    """What guessing reaches with this metric on answers like these."""
    known = [record.references[row] for row in record.plan.train_rows if row in record.references]
    return float(scoring.metric.floor(known))


def arm_document(outcome: ArmOutcome, record: PilotRecord, beside: Beside) -> dict[str, Any]:
    """One arm's line of the comparison."""
    latency = np.percentile(outcome.latency_ms, PERCENTILES) if outcome.latency_ms else (None, None)
    first = outcome.cells[0]
    shown = f"{first.arm}/{first.size}/{first.seed}"
    trained = [cell.train_seconds for cell in outcome.cells if cell.train_seconds is not None]
    memory = [m for cell in outcome.cells if (m := cell.peak_memory_mib) is not None]
    training = [m for cell in outcome.cells if (m := cell.training_memory_mib) is not None]
    where = outcome.place
    return {
        "arm": outcome.arm,
        "method": outcome.method,
        "model": next(a.model for a in record.plan.arms if a.arm == outcome.arm),
        "score": rounded(outcome.value),
        "low": rounded(outcome.interval.low),
        "high": rounded(outcome.interval.high),
        "sd": rounded(outcome.interval.sd),
        "all_passed": rounded(outcome.full_share) if record.plan.metric_settings else None,
        "validation_score": rounded(outcome.validation),
        "n_test": len(outcome.rows) - outcome.failed_rows,
        "n_train": outcome.examples_used,
        "size": outcome.size,
        "seeds": list(outcome.seeds),
        "failed_rows": outcome.failed_rows,
        "invalid_outputs": outcome.invalid_outputs,
        "latency_ms": {"p50": rounded(latency[0], 2), "p95": rounded(latency[1], 2)}
        | {"rows": len(outcome.latency_ms)},
        "peak_memory_mib": None if where else rounded(max(memory, default=None), 1),
        "training_memory_mib": rounded(max(training, default=None), 1),
        "train_seconds": rounded(float(np.mean(trained)) if trained else None, 2),
        "cost_usd": rounded(outcome.cost_usd, 6),
        "cost_per_1k_requests_usd": None
        if outcome.usd_per_request is None
        else rounded(outcome.usd_per_request * 1000, 6),
        "tokens": outcome.tokens,
        "place": where,
        "settings": first.settings,
        "estimated": _estimated(outcome),
        "notes": list(dict.fromkeys(note for cell in outcome.cells for note in cell.notes)),
        "prompt": beside.prompts.get(shown, ""),
        "chat": beside.chats.get(shown, []),
    }


def _estimated(outcome: ArmOutcome) -> dict[str, Any]:
    """What was said before, by the plan and the formulas, of the first cell; measured figures stand beside it."""
    return dict(outcome.cells[0].estimated)


def _comparison(compared: Compared) -> dict[str, Any]:
    verdicts = {
        "a": f"{compared.a.name} is better",
        "b": f"{compared.b.name} is better",
        "no difference": "no difference we can show",
    }
    return {
        "a": compared.a.arm,
        "b": compared.b.arm,
        "primary": compared.primary,
        "difference": rounded(compared.difference.value),
        "low": rounded(compared.difference.low),
        "high": rounded(compared.difference.high),
        "p_value": compared.p_value,
        "p_adjusted": compared.p_adjusted,
        "verdict": verdicts[compared.verdict],
        "n": compared.n,
    }


def learning_curve(record: PilotRecord, scoring: Scoring) -> dict[str, Any] | None:
    """The tuned arm that the plan repeats: its points, and where it would be with all the rows the team has.

    Where the plan repeats none that has finished, the one with most sizes.
    """
    sizes = {arm.arm: sorted({c.size for c in record.cells if c.arm == arm.arm}) for arm in record.plan.arms}
    found = [scoring.outcome(arm, size) for arm in sizes for size in sizes[arm][-1:]]
    trained = [o for o in found if o.family == "tuning"]
    if not trained:
        return None
    planned = Counter(cell.arm for cell in record.plan.all_cells)
    arm = max(trained, key=lambda o: (planned[o.arm] > 1, len(sizes[o.arm]), o.chancy, o.validation or 0.0))
    points = [scoring.outcome(arm.arm, size) for size in sizes[arm.arm]]
    rows = record.plan.rows_available
    at_full, warnings = _at_full_data(points, rows, floor(record, scoring), record)
    return {
        "method": arm.method,
        "arm": arm.arm,
        "points": [
            {"n": p.size, "score": rounded(p.value), "low": rounded(p.interval.low), "high": rounded(p.interval.high)}
            | {"sd": rounded(p.interval.sd), "runs": len(p.seeds)}
            for p in points
        ],
        "rows_available": rows,
        "at_full_data": at_full.as_json(),
        "warnings": list(warnings),
    }


def shots_curve(record: PilotRecord, scoring: Scoring) -> dict[str, Any] | None:
    """How a prompt does with fewer examples: {"arm", "points": [{"shots", "score", "low", "high"}]}, or None."""
    for arm in record.plan.arms:
        sizes = sorted({c.size for c in record.cells if c.arm == arm.arm and c.settings.get("shots")})
        found = [scoring.outcome(arm.arm, size) for size in sizes]
        if len(found) > 1 and all(outcome.family == "prompting" for outcome in found):
            points = [
                {"shots": o.shots, "score": rounded(o.value)}
                | {"low": rounded(o.interval.low), "high": rounded(o.interval.high)}
                for o in found
            ]
            return {"arm": arm.arm, "points": points}
    return None


def _at_full_data(
    points: Sequence[ArmOutcome], rows: int, guessing: float, record: PilotRecord
) -> tuple[Estimate, tuple[str, ...]]:
    known = [Point(p.size, p.value, p.interval.sd, len(p.seeds)) for p in points if not math.isnan(p.value)]
    if not known or rows <= 0:
        return Estimate.unknown("score", "no training size has been measured"), ()
    if max(point.n for point in known) >= rows:
        return Estimate.unknown("score", "all rows were trained on: what they give was measured"), ()
    rng = np.random.default_rng([record.plan.seed, rows])
    found = extrapolate(known, rows, guessing, rng)
    return found.estimate, found.warnings


def rounded(value: Any, digits: int = 4) -> float | None:
    """A figure as the document holds it; not a number is unknown."""
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), digits)
