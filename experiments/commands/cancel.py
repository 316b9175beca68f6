"""`cancel RUN`: stop a run; what was finished is kept."""

from __future__ import annotations

import argparse
import time

from advisor.commands.shell import DONE, print_json
from experiments.dataset.wording import many
from experiments.runners import local, watch
from workspace import Store

NAME = "cancel"
HELP = "Stop a run; what was finished is kept and can be resumed."
PATIENCE_S = 15.0


def add(parser: argparse.ArgumentParser) -> None:
    """Which run."""
    parser.add_argument("run_id", metavar="RUN")


def run(args: argparse.Namespace) -> int:
    """Ask the run to stop and wait until it has."""
    store = Store()
    local.cancel(store, args.run_id)
    end = time.monotonic() + PATIENCE_S
    while watch.observed(store, args.run_id).state in ("queued", "running") and time.monotonic() < end:
        time.sleep(0.2)
    found = watch.status(store, args.run_id)
    if args.json:
        print_json(found)
    elif found["state"] == "cancelled":
        kept = many(found["rows_answered"], "answered row is", "answered rows are")
        print(f"Run {args.run_id} is cancelled; {kept} kept.")
    else:
        print(f"Run {args.run_id} was asked to stop and is still {found['state']}.")
    return DONE
