"""How a command that followed a run ends: its record written where one is wanted, its comparison, its exit code."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from advisor.commands.shell import CANCELLED, DONE, print_json
from advisor.errors import PlanError, RunError
from experiments.commands import tables
from workspace import Store


def add_flag(parser: argparse.ArgumentParser) -> None:
    """Where the record goes."""
    parser.add_argument("--record", metavar="FILE.json", type=Path, help="write everything to one file at the end")


def check(args: argparse.Namespace) -> None:
    """Refuse a record that could not be written, before anything starts.

    Raises:
        PlanError: its folder does not exist, or it is a folder itself.
    """
    record: Path | None = args.record
    if record is None:
        return
    if record.is_dir():
        raise PlanError(f"{record} is a folder.", "Name a file with --record.")
    if not record.parent.is_dir():
        raise PlanError(f"The folder {record.parent} does not exist.", "Name another file with --record.")


def finish(store: Store, run_id: str, args: argparse.Namespace, say: Console) -> int:
    """Write the record, show the comparison; the exit code says whether the run came to its end or was cancelled.

    Raises:
        RunError: the run failed, or its process is gone.
    """
    from experiments.pilot.records import record_of
    from experiments.pilot.saving import save_record

    ended = store.runs.get(run_id)
    if ended.state not in ("done", "cancelled"):
        log = store.runs.folder(run_id) / "log.txt"
        raise RunError(f"Run {run_id} is {ended.state}: {str(ended.reason).rstrip('.')}.", f"Its log is {log}.")
    record = record_of(store, run_id)
    if args.record is not None:
        save_record(record, args.record)
        say.print(f"Wrote {args.record}.", markup=False)
    if args.json:
        print_json(record.results)
    else:
        tables.comparison(record.results, say)
    return DONE if ended.state == "done" else CANCELLED
