"""`python -m advisor`: questionnaire, advice and estimates from the command line."""

from __future__ import annotations

import sys
from typing import Any

from advisor.commands import advise, estimate, gpus, methods, models, prices, quality, questions, shell, sources

COMMANDS: tuple[Any, ...] = (
    questions,
    advise,
    estimate,
    quality,
    models,
    gpus,
    prices,
    methods,
    sources,
)


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    return shell.main("advisor", "Should we fine-tune a model for this, or prompt one?", COMMANDS, argv)


if __name__ == "__main__":
    sys.exit(main())
