"""`export RUN --arm ARM --to DIR`: what an arm needs to live elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from advisor.commands.shell import DONE, print_json
from workspace import Store

NAME = "export"
HELP = "Prompt, adapter, training settings, serving command and model card of one arm."


def add(parser: argparse.ArgumentParser) -> None:
    """Which arm of which run, and where to."""
    parser.add_argument("run_id", metavar="RUN")
    parser.add_argument("--arm", required=True)
    parser.add_argument(
        "--merge", action="store_true", help="LoRA arms: also the whole model in 16 bits, measured again"
    )
    parser.add_argument("--to", metavar="DIR", type=Path, required=True, help="a new folder")


def run(args: argparse.Namespace) -> int:
    """Write the folder and say what is in it."""
    from experiments.export import export

    files = export(Store(), args.run_id, args.arm, args.to, merge=args.merge)
    if args.json:
        print_json({"folder": str(args.to), "files": [str(file.relative_to(args.to)) for file in files]})
        return DONE
    print(f"Wrote {args.to}: {', '.join(str(file.relative_to(args.to)) for file in files)}.")
    return DONE
