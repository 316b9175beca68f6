"""`report RUN --pdf OUT.pdf`: the pilot on paper."""

from __future__ import annotations

import argparse
from pathlib import Path

from advisor.commands.shell import DONE, print_json
from workspace import Store

NAME = "report"
HELP = "The pilot on paper: comparison, learning curve, guards, how it was made."


def add(parser: argparse.ArgumentParser) -> None:
    """Which run, and where the paper goes."""
    parser.add_argument("run_id", metavar="RUN")
    parser.add_argument("--pdf", metavar="OUT.pdf", type=Path, required=True)


def run(args: argparse.Namespace) -> int:
    """Write the PDF."""
    from advisor.report import as_json, pdf, pilot_report
    from experiments.pilot.records import record_of

    record = record_of(Store(), args.run_id)
    blocks = pilot_report(record.results, record)
    written = pdf.write(blocks, args.pdf, title=f"Pilot on {record.plan.dataset_name}")
    if args.json:
        print_json({"pdf": str(written.path), "pages": written.pages, "blocks": as_json(blocks)})
    else:
        print(f"Wrote {written.path} ({written.pages} pages).")
    return DONE
