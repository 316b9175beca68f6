"""`python -m advisor sources`: where every fact comes from, and when it was looked at."""

from __future__ import annotations

import argparse

from advisor.catalog import sources
from advisor.commands.shell import DONE, print_json
from advisor.commands.tables import show

NAME = "sources"
HELP = "every source behind the catalog: what it is used for, address, date"


def add(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(args: argparse.Namespace) -> int:
    """Print the sources, one line for each and what rests on it."""
    found = sources()
    if args.json:
        print_json([{"about": s.about, "facts": s.facts, **s.source_json()} for s in found])
        return DONE
    rows = [(s.about, str(s.facts), s.text, s.url, s.checked) for s in found]
    show("Sources", ("About", "Facts", "Source", "Address", "Checked"), rows)
    return DONE
