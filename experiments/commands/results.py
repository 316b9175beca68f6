"""`results RUN`: the comparison, as far as it goes."""

from __future__ import annotations

import argparse

from advisor.commands.shell import DONE, print_json
from experiments.commands import tables
from experiments.runners import watch
from workspace import Store

NAME = "results"
HELP = "The comparison of a run, as far as it goes."


def add(parser: argparse.ArgumentParser) -> None:
    """Which run."""
    parser.add_argument("run_id", metavar="RUN")


def run(args: argparse.Namespace) -> int:
    """Compute the results from the rows and show them."""
    from experiments.pilot.records import record_of

    store = Store()
    watch.observed(store, args.run_id)
    document = record_of(store, args.run_id).results
    if args.json:
        print_json(document)
    else:
        tables.comparison(document, tables.console())
    return DONE
