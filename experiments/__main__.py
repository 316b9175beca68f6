"""`python -m experiments`: read a file, run a pilot on it, look at what came out."""

from __future__ import annotations

import sys
from typing import Any

from advisor.commands import shell
from experiments.commands import inspect, models

COMMANDS: tuple[Any, ...] = (inspect, models)


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    return shell.main("experiments", "A quick, fair experiment on your own data.", COMMANDS, argv)


if __name__ == "__main__":
    sys.exit(main())
