"""`python -m advisor methods`: the ways of adapting a model."""

from __future__ import annotations

import argparse
from typing import Any

from advisor.commands.shell import DONE, print_json
from advisor.commands.tables import show
from advisor.methods import METHODS
from advisor.vocabulary import MethodCard

NAME = "methods"
HELP = "the twelve ways of adapting a model: what is trained, effort, what they need"


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(args: argparse.Namespace) -> int:
    """Print the methods."""
    if args.json:
        print_json([method_json(card) for card in METHODS])
        return DONE
    rows = [
        (
            card.name,
            card.family,
            card.one_line,
            "{:g} to {:g}".format(*card.engineer_days[::2]),
            "{:g} to {:g}".format(*card.upkeep_hours_per_month[::2]),
        )
        for card in METHODS
    ]
    columns = ("Method", "Family", "What it is", "Engineer days", "Upkeep, h a month")
    show("Methods", columns, rows, f"Effort: {METHODS[0].effort_source}.")
    return DONE


def method_json(card: MethodCard) -> dict[str, Any]:
    """One method as JSON; what it trains is counted per model by `estimate`."""
    return {
        "name": card.name,
        "label": card.label,
        "family": card.family,
        "one_line": card.one_line,
        "trained": card.trained,
        "base_weight_dtype": card.base_weight_dtype,
        "simplicity": card.simplicity,
        "fixed_shots": card.fixed_shots,
        "retrieved_shots": card.retrieved_shots,
        "retrieved_tokens": card.retrieved_tokens,
        "needs_labels": card.needs_labels,
        "labels_at_least": card.labels_at_least,
        "needs_open_weights": card.needs_open_weights,
        "learning_rate": card.learning_rate,
        "epochs": card.epochs,
        "engineer_days": list(card.engineer_days),
        "upkeep_hours_per_month": list(card.upkeep_hours_per_month),
        "effort_source": card.effort_source,
    }
