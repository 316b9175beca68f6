"""Worlds with one answer each, for the tests of formulas over draws."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from advisor.vocabulary import TaskDraws

MIDDLING = {
    "labelled_examples": 1000.0,
    "input_tokens": 200.0,
    "output_tokens": 50.0,
    "instruction_tokens": 300.0,
    "requests_per_month": 100_000.0,
    "peak_requests_per_second": 0.5,
    "horizon_months": 12.0,
    "engineer_usd_per_day": 600.0,
    "labelling_cost_usd_per_example": 1.0,
    "retrain_every_months": 6.0,
    "own_gpu_usd_per_hour": 0.6,
    "n_classes": 1.0,
}


def world(n: int = 3, **answers: float) -> TaskDraws:
    """Every draw alike: the middling task with these answers; shared factors are 1."""
    values = {field.name: 1.0 for field in fields(TaskDraws)} | MIDDLING | answers
    return TaskDraws(**{name: np.full(n, value) for name, value in values.items()})
