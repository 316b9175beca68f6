"""`list`: the runs there are, newest first."""

from __future__ import annotations

import argparse

from rich.table import Table

from advisor.commands.shell import DONE, print_json
from experiments.commands import tables
from experiments.runners import watch
from workspace import Store

NAME = "list"
HELP = "The runs there are, newest first."


def add(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(args: argparse.Namespace) -> int:
    """Show every run with its state as it is now."""
    store = Store()
    found = [watch.status(store, run.id) for run in store.runs.all()]
    if args.json:
        print_json(found)
        return DONE
    if not found:
        print("There are no runs yet. Start one: python -m experiments run DATA")
        return DONE
    table = Table("run", "data", "state", "done", "asked for", "reason")
    for status in found:
        state = f"{status['state']} (stalled)" if status["stalled"] else status["state"]
        done = f"{status['done_share']:.0%}"
        table.add_row(status["run"], status["dataset"], state, done, status["created_at"], status["reason"] or "")
    tables.console().print(table)
    return DONE
