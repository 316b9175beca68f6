"""Shapes the estimator tests share."""

from __future__ import annotations

from advisor.catalog import find_model
from advisor.vocabulary import Architecture


def shape(model: str) -> Architecture:
    """The architecture of a model of the catalog."""
    found = find_model(model).architecture
    assert found is not None
    return found
