"""`load FILE.json`: take in a record that was made on another machine."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from advisor.commands.shell import DONE, print_json
from advisor.vocabulary import PilotRecord
from experiments.dataset.wording import many
from experiments.runners import watch
from workspace import Run, Store

NAME = "load"
HELP = "Take in a record that `run --record` wrote, here or on another machine."


def add(parser: argparse.ArgumentParser) -> None:
    """Which file."""
    parser.add_argument("file", metavar="FILE.json", type=Path)


def run(args: argparse.Namespace) -> int:
    """Check the record and keep it as a run of this workspace, unless it is here already."""
    from experiments.evidence import read_record
    from experiments.pilot.records import already_here, of_same_run, take_in

    store = Store()
    record = read_record(args.file)
    before = of_same_run(store, record)
    here = already_here(store, before, record)
    taken = here or take_in(store, store.projects.default().id, record)
    if args.json:
        print_json(watch.status(store, taken.id))
    else:
        print(taken.id)
    said = _said(taken, record, before, new=here is None)
    print(f"{said} See `python -m experiments results {taken.id}`.", file=sys.stderr if args.json else sys.stdout)
    return DONE


def _said(taken: Run, record: PilotRecord, before: tuple[Run, ...], *, new: bool) -> str:
    """What became of the file: taken in, taken in beside what differs, or here already."""
    if not new:
        return f"This record is here already, as run {taken.id}; nothing was copied."
    rows = many(len(record.rows), "row")
    said = f"Loaded: {rows} of run {record.run}."
    if before:
        others = ", ".join(found.id for found in before)
        said += f" What is here of that run already ({others}) has other content and was kept beside it."
    return said
