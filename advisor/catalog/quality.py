"""Reads the priors of quality: tables/quality_priors.yaml and the fitted quality_line.yaml → vocabulary."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from advisor.vocabulary.quality import MethodPrior, QualityPriors, TaskPrior

TABLES = Path(__file__).parent / "tables"


@functools.cache
def quality_priors() -> QualityPriors:
    """What to expect of every kind of task and every method before anything is measured."""
    return priors_from(yaml.safe_load((TABLES / "quality_line.yaml").read_text(encoding="utf-8")))


def priors_from(fitted: Mapping[str, Any]) -> QualityPriors:
    """The priors with this fit in the place of the shipped one, so that a benchmark can leave sources out."""
    table: dict[str, Any] = yaml.safe_load((TABLES / "quality_priors.yaml").read_text(encoding="utf-8"))
    return QualityPriors(
        **table["line"],
        **fitted["line"],
        tasks={name: _task(row, fitted["tasks"]) for name, row in table["tasks"].items()},
        methods={name: _method(row) for name, row in table["methods"].items()},
    )


def _task(row: dict[str, Any], fitted: Mapping[str, Any]) -> TaskPrior:
    own = {key: value for key, value in row.items() if key != "like"}
    like = fitted[row["like"]] if "like" in row else {}
    return TaskPrior(**{key: value for key, value in like.items() if key != "pairs"}, **own)


def _method(row: dict[str, Any]) -> MethodPrior:
    tasks = None if row["tasks"] is None else tuple(row["tasks"])
    return MethodPrior(**{**row, "tasks": tasks})
