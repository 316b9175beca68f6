"""`status RUN`: how far a run is, and whether its process lives."""

from __future__ import annotations

import argparse

from advisor.commands.shell import DONE, print_json
from experiments.commands import tables
from experiments.runners import watch
from workspace import Store

NAME = "status"
HELP = "How far a run is, and whether its process lives."


def add(parser: argparse.ArgumentParser) -> None:
    """Which run."""
    parser.add_argument("run_id", metavar="RUN")


def run(args: argparse.Namespace) -> int:
    """Show the run as it is now."""
    found = watch.status(Store(), args.run_id)
    if args.json:
        print_json(found)
    else:
        tables.console().print(tables.progress(found))
    return DONE
