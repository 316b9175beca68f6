"""`probe`: how fast this machine is, kept as its calibration."""

from __future__ import annotations

import argparse
import sys

from rich.table import Table

from advisor.commands.shell import DONE, print_json
from experiments import calibration
from experiments.commands import tables
from experiments.pilot.here import threads_here
from workspace import Store

NAME = "probe"
HELP = "Two minutes of measuring this machine; kept as its calibration."


def add(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose."""


def run(args: argparse.Namespace) -> int:
    """Measure, keep, show."""
    print("Measuring this machine, about two minutes …", file=sys.stderr, flush=True)
    speed, document = calibration.measure(Store(), threads_here(), calibration.THOROUGH_S)
    if args.json:
        print_json({"machine": speed.name, **document})
        return DONE
    table = Table("dtype", "tokens read a second", "tokens trained on a second", title=speed.name)
    for dtype, found in document["measured"].items():
        table.add_row(dtype, f"{found['read_tokens_per_s']:,.0f}", f"{found['train_tokens_per_s']:,.0f}")
    tables.console().print(table)
    print(f"Pilots here run on {speed.accelerator} in {speed.dtype}. Kept for the next plans.")
    return DONE
