"""What a plan needs before its first cell: models on disk, libraries in memory."""

from __future__ import annotations

from pathlib import Path

from advisor.errors import MissingStarter
from advisor.vocabulary import PilotPlan
from experiments import arms
from experiments.models import resolve, starters
from experiments.runners.cell import Models


def needs_of(plan: PilotPlan) -> set[str]:
    """The needs of all arms of the plan; an arm with none computes with scikit-learn."""
    cards = [arms.card(arm.arm) for arm in plan.arms]
    return {need for card in cards for need in card.needs or ("classical",)}


def models_of(plan: PilotPlan) -> Models:
    """The folders behind the names, checked; a missing one is said before anything runs."""
    needs = needs_of(plan)
    base = resolve(plan.model).folder if "base" in needs else None
    embedder = _embedder() if "embedder" in needs else None
    return Models(base, embedder)


def _embedder() -> Path:
    """The folder of the starter that finds similar examples."""
    found = next(status for status in starters() if status.role == "embedder")
    if not found.here:
        raise MissingStarter(
            f"The starter model {found.name} is not on this machine.", "Run `python -m experiments models --fetch`."
        )
    return found.folder
