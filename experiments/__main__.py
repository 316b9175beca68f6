"""`python -m experiments`: read a file, run a pilot on it, look at what came out."""

from __future__ import annotations

import sys
from typing import Any

from advisor.commands import shell
from experiments.commands import (
    cancel,
    export,
    inspect,
    list_runs,
    load,
    models,
    probe,
    report,
    results,
    resume,
    run,
    status,
)

COMMANDS: tuple[Any, ...] = (
    inspect,
    run,
    list_runs,
    status,
    cancel,
    resume,
    results,
    load,
    report,
    export,
    probe,
    models,
)


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    return shell.main("experiments", "A quick, fair experiment on your own data.", COMMANDS, argv)


if __name__ == "__main__":
    sys.exit(main())
