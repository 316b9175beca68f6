"""The questionnaire's keys in a reader's words, for answers and for what would change the verdict."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from advisor.report.names import spaced
from advisor.vocabulary import HostedTime, OwnGpu, Priorities, TaskProfile
from advisor.vocabulary.languages import language_name

WORDS = {
    "name": "Project",
    "description": "What it is about",
    "stage": "Stage",
    "task_type": "Kind of task",
    "n_classes": "Number of labels",
    "languages": "Languages",
    "domain": "Field",
    "evaluation_set": "Examples to judge by",
    "well_specified": "Can be said in instructions",
    "labelled_examples": "Labelled examples",
    "unlabelled_examples": "Unlabelled examples",
    "label_quality": "Quality of the labels",
    "labels_follow_house_rules": "Labels follow house rules",
    "labelling_cost_usd_per_example": "Cost of one label (USD)",
    "teacher_model": "Model that could teach",
    "input_tokens": "Length of an input (tokens)",
    "output_tokens": "Length of an answer (tokens)",
    "instruction_tokens": "Length of the instructions (tokens)",
    "output_format": "Form of the answer",
    "requests_per_month": "Requests a month",
    "peak_requests_per_second": "Requests a second at the peak",
    "latency_p95_ms": "Slow answers at most (ms)",
    "streaming": "Answers are streamed",
    "may_wait_hours": "May wait (hours)",
    "prompted_score": "Best score with prompting so far",
    "prompted_model": "Model of that score",
    "metric": "Metric",
    "quality_target": "Score to reach",
    "facts_change": "Facts change",
    "needs_citations": "Must cite its sources",
    "requirements_change": "Requirements change",
    "retrain_every_months": "Trained again every (months)",
    "data_may_leave": "Data may leave the house",
    "gpus": "GPUs at hand",
    "may_rent_gpus": "GPUs may be rented",
    "own_gpu_usd_per_hour": "An own GPU costs (USD an hour)",
    "serve_on": "Runs on",
    "budget_one_off_usd": "Budget for building (USD)",
    "budget_monthly_usd": "Budget a month (USD)",
    "horizon_months": "Used for (months)",
    "days_to_launch": "Days until launch, at most",
    "engineer_usd_per_day": "An engineer costs (USD a day)",
    "currency": "Currency",
    "usd_per_currency_unit": "US dollars for one unit of it",
    "team_experience": "The team's experience",
    "priorities": "Priorities",
    "hosted_models": "Hosted models to consider",
    "open_models": "Open models to consider",
    "hosted_times": "Slow answers (p95) of hosted models, timed",
}
ELSEWHERE = {"name", "description"}  # in the title


def question(key: str) -> str:
    """A key of the questionnaire in words."""
    return WORDS.get(key, spaced(key).capitalize())


def answered(profile: TaskProfile) -> tuple[tuple[str, str], ...]:
    """(question, answer) of everything that was answered, in the questionnaire's order."""
    given = ((f.name, getattr(profile, f.name)) for f in fields(profile) if f.name not in ELSEWHERE)
    return tuple((question(key), said(worded(key, value))) for key, value in given if value is not None)


def worded(key: str, value: Any) -> Any:
    """An answer that is kept as a code, by its name."""
    return tuple(map(language_name, value)) if key == "languages" else value


def said(value: Any) -> str:
    """An answer in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,.15g}"  # as typed: nobody's answer is rounded
    if isinstance(value, Priorities):
        return ", ".join(f"{spaced(f.name)} {getattr(value, f.name):g}" for f in fields(value))
    if isinstance(value, OwnGpu):
        return f"{value.count} × {value.name}"
    if isinstance(value, HostedTime):
        return str(value)
    if isinstance(value, tuple):
        return ", ".join(said(item) for item in value) or "none"
    return spaced(str(value))
