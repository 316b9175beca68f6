"""`python -m advisor prices`: what hosted models charge today, and what GPUs rent for."""

from __future__ import annotations

import argparse

from advisor.catalog import facts
from advisor.commands.gpus import gpu_json
from advisor.commands.shell import DONE, print_json
from advisor.commands.tables import figure, show, source_json

NAME = "prices"
HELP = "USD per million tokens of hosted models, USD per hour of GPUs, each with its date"


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(args: argparse.Namespace) -> int:
    """Print the prices."""
    known = facts()
    priced = [(model, model.price) for model in known.models if model.price is not None]
    rented = [gpu for gpu in known.gpus if gpu.usd_per_hour is not None]
    if args.json:
        print_json(
            {
                "models": [
                    {
                        "id": model.id,
                        "input_usd_per_mtok": price.input_usd_per_mtok,
                        "cached_input_usd_per_mtok": price.cached_input_usd_per_mtok,
                        "output_usd_per_mtok": price.output_usd_per_mtok,
                        "source": source_json(price.source),
                    }
                    for model, price in priced
                ],
                "gpus": [{key: gpu_json(gpu)[key] for key in ("id", "usd_per_hour", "price_source")} for gpu in rented],
            }
        )
        return DONE
    rows = [
        (
            model.id,
            figure(price.input_usd_per_mtok, ".4g"),
            figure(price.cached_input_usd_per_mtok, ".4g"),
            figure(price.output_usd_per_mtok, ".4g"),
            price.source.text,
        )
        for model, price in priced
    ]
    show("Hosted models, USD per million tokens", ("Model", "Input", "Cached input", "Output", "Source"), rows)
    rents = [
        (
            gpu.id,
            figure(gpu.usd_per_hour_low, ".2f"),
            figure(gpu.usd_per_hour, ".2f"),
            figure(gpu.usd_per_hour_high, ".2f"),
            "" if gpu.price_source is None else f"{gpu.price_source.text} ({gpu.price_source.checked})",
        )
        for gpu in rented
    ]
    show("Machines, USD per hour", ("Machine", "Low", "Typical", "High", "Source"), rents)
    return DONE
