"""`python -m advisor models`: the models considered, open and hosted."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from advisor.catalog import facts
from advisor.commands.shell import DONE, print_json
from advisor.commands.tables import figure, show, source_json
from advisor.vocabulary import ModelCard

NAME = "models"
HELP = "the models considered: size, context, licence, capability; * marks those taken when none is named"


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(args: argparse.Namespace) -> int:
    """Print the models."""
    models = facts().models
    if args.json:
        print_json([model_json(model) for model in models])
        return DONE
    rows = [
        (
            f"{model.id}{' *' if model.default else ''}",
            figure(model.parameters_b, ".3g"),
            f"{model.context_tokens:,}",
            {True: "yes", False: "no", None: "ask"}[model.commercial_use],
            f"{model.capability.mean:+.1f} ± {model.capability.sd:.1f}",
            model.licence,
        )
        for model in models
    ]
    columns = ("Model", "10⁹ parameters", "Context", "Commercial", "Capability", "Licence")
    show("Models", columns, rows, f"Capability: logit scale, see sources. Catalog of {facts().catalog_date}.")
    return DONE


def model_json(model: ModelCard) -> dict[str, Any]:
    """One model as JSON."""
    return {
        "id": model.id,
        "name": model.name,
        "family": model.family,
        "hosted": model.hosted,
        "provider": model.provider,
        "parameters_b": model.parameters_b,
        "active_parameters_b": model.active_parameters_b,
        "context_tokens": model.context_tokens,
        "licence": model.licence,
        "commercial_use": model.commercial_use,
        "capability": asdict(model.capability),
        "architecture": None if model.architecture is None else asdict(model.architecture),
        "aliases": list(model.aliases),
        "default": model.default,
        "ends": model.ends,
        "tuning_ends": model.tuning_ends,
        "source": source_json(model.source),
    }
