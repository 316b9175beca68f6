"""How answers are scored: one file per metric, per row first; all on 0..1 and none with a heavy import."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from advisor.errors import PlanError, UnknownName
from experiments.metrics import (
    accuracy,
    call_match,
    chrf,
    entity_f1,
    exact_match,
    field_f1,
    final_answer,
    format_checks,
    macro_f1,
    mcc,
    micro_f1,
    rouge_l,
    sql_match,
    token_f1,
    valid_json,
)
from experiments.metrics.json_values import parsed
from experiments.metrics.metric import Metric, Pair

__all__ = ["METRICS", "PREFERENCE", "Metric", "Pair", "answers_are_json", "default_metric", "metric"]

METRICS: tuple[Metric, ...] = (
    accuracy.METRIC,
    macro_f1.METRIC,
    micro_f1.METRIC,
    mcc.METRIC,
    exact_match.METRIC,
    token_f1.METRIC,
    field_f1.METRIC,
    entity_f1.METRIC,
    valid_json.METRIC,
    chrf.METRIC,
    rouge_l.METRIC,
    final_answer.METRIC,
    sql_match.METRIC,
    call_match.METRIC,
)
PREFERENCE = "preference"  # a person's, between two arms' answers; see experiments/pilot/preference.py
DEFAULTS = {
    "classification": "accuracy",
    "multi_label_classification": "micro_f1",
    "extraction": "field_f1",
    "summarisation": "chrf",
    "generation": "chrf",
    "question_answering": "token_f1",
    "reasoning": "final_answer",
    "code": "exact_match",
    "text_to_sql": "sql_match",
    "function_calling": "call_match",
    "chat": "chrf",
}


def metric(name: str, settings: Mapping[str, Any] | None = None) -> Metric:
    """The metric of this name; an unknown one lists the nearest. `settings` are the house's own checks."""
    asked = name.strip().lower().replace("-", "_").replace(" ", "_")
    if asked == format_checks.NAME:
        if not settings:
            raise PlanError("The checks of the house style are not given.", "Give them with --format-checks FILE.")
        return format_checks.bound_to(settings)
    found = next((m for m in METRICS if m.name == asked), None)
    if found is None:
        names = [*(m.name for m in METRICS), format_checks.NAME, PREFERENCE]
        near = difflib.get_close_matches(asked, names, n=3) or names
        raise UnknownName(f"No metric '{name}' that a pilot can compute.", f"Choose one of: {', '.join(near)}.")
    return found


def default_metric(task_type: str, answers: Sequence[str] = ()) -> Metric:
    """The metric a task is judged by unless the team says otherwise; JSON metrics only where the answers are JSON."""
    chosen = metric(DEFAULTS.get(task_type, "exact_match"))
    if chosen.name == "field_f1" and answers and not answers_are_json(answers):
        return metric("token_f1")
    return chosen


def answers_are_json(answers: Sequence[str]) -> bool:
    """True where every known answer is a JSON object or list: then an answer that is not is invalid."""
    return bool(answers) and all(isinstance(parsed(answer), dict | list) for answer in answers)
