"""`models [--fetch]`: the starter models: where they come from, their licence, whether they are here."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from advisor.commands.shell import DONE, print_json
from experiments.models import StarterStatus, fetch, starters

NAME = "models"
HELP = "The starter models: where they come from, their licence, and whether they are here."
ROLES = {"base": "is prompted and tuned", "embedder": "finds similar examples"}


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the one option."""
    parser.add_argument("--fetch", action="store_true", help="download, verify and unpack what is not here yet")


def run(args: argparse.Namespace) -> int:
    """Show both models; bring them first when asked to, and say little where there was nothing to bring."""
    before = all(status.here for status in starters())
    found = fetch(lambda text: print(text, file=sys.stderr, flush=True)) if args.fetch else starters()
    if args.json:
        print_json([as_json(status) for status in found])
        return DONE
    if args.fetch and before:
        print("The starter models are here.")
        return DONE
    table = Table("model", "what it does", "licence", "origin", "here")
    for status in found:
        here = f"yes, in {status.folder}" if status.here else f"no ({status.megabytes} MB to download)"
        table.add_row(status.name, ROLES[status.role], status.licence, status.origin, here)
    Console().print(table)
    if not all(status.here for status in found):
        print("Fetch them with: python -m experiments models --fetch")
    return DONE


def as_json(status: StarterStatus) -> dict[str, Any]:
    """One model as plain values."""
    return {
        "model": status.name,
        "role": status.role,
        "licence": status.licence,
        "origin": status.origin,
        "here": status.here,
        "folder": str(status.folder),
        "megabytes": status.megabytes,
    }
