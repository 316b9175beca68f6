"""`load FILE.json`: take in a record that was made on another machine."""

from __future__ import annotations

import argparse
from pathlib import Path

from advisor.commands.shell import DONE, print_json
from experiments.dataset.wording import many
from experiments.runners import watch
from workspace import Store

NAME = "load"
HELP = "Take in a record that `run --record` wrote, here or on another machine."


def add(parser: argparse.ArgumentParser) -> None:
    """Which file."""
    parser.add_argument("file", metavar="FILE.json", type=Path)


def run(args: argparse.Namespace) -> int:
    """Check the record and keep it as a run of this workspace."""
    from experiments.evidence import read_record
    from experiments.pilot.records import take_in

    store = Store()
    record = read_record(args.file)
    taken = take_in(store, store.projects.default().id, record)
    if args.json:
        print_json(watch.status(store, taken.id))
    else:
        print(taken.id)
        rows = many(len(record.rows), "row")
        print(f"Loaded: {rows} of run {record.run}. See `python -m experiments results {taken.id}`.")
    return DONE
