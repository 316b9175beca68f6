"""`resume RUN`: go on where a run stopped."""

from __future__ import annotations

import argparse

from experiments.commands import asking, ending, tables, watching
from experiments.pilot.budget import in_minutes
from experiments.runners import local
from workspace import Store

NAME = "resume"
HELP = "Go on where a run stopped; finished rows are not repeated."


def add(parser: argparse.ArgumentParser) -> None:
    """Which run, and how much longer it may take."""
    parser.add_argument("run_id", metavar="RUN")
    parser.add_argument("--minutes", metavar="N", help="minutes more, for what was left out for time")
    ending.add_flag(parser)


def run(args: argparse.Namespace) -> int:
    """Resume and follow the run to its comparison."""
    ending.check(args)
    more = None if args.minutes is None else in_minutes(args.minutes)
    store, say = Store(), tables.console(stderr=args.json)
    if local.nothing_left(store, args.run_id):
        say.print(f"Run {args.run_id} is done and left nothing out; there is nothing to resume.", markup=False)
        return ending.finish(store, args.run_id, args, say)
    local.resume(store, args.run_id, api_key=asking.key_again(store, args.run_id), more_minutes=more)
    try:
        watching.follow(store, args.run_id, say)
    except KeyboardInterrupt:
        return watching.left_running(args.run_id, say)
    return ending.finish(store, args.run_id, args, say)
