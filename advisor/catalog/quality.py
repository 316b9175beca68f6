"""Reads the priors of quality: tables/quality_priors.yaml → vocabulary."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import yaml

from advisor.vocabulary.quality import MethodPrior, QualityPriors, TaskPrior

TABLE = Path(__file__).parent / "tables" / "quality_priors.yaml"


@functools.cache
def quality_priors() -> QualityPriors:
    """What to expect of every kind of task and every method before anything is measured."""
    table: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return QualityPriors(
        **table["line"],
        tasks={name: TaskPrior(**row) for name, row in table["tasks"].items()},
        methods={name: _method(row) for name, row in table["methods"].items()},
    )


def _method(row: dict[str, Any]) -> MethodPrior:
    tasks = None if row["tasks"] is None else tuple(row["tasks"])
    return MethodPrior(**{**row, "tasks": tasks})
