"""What the commands that print a table of facts share."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from advisor.vocabulary import Source


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "") -> None:
    """One table, as wide as the terminal; 140 columns where there is none."""
    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    table = Table(title=title, title_justify="left", caption=caption or None, caption_justify="left", box=None)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def source_json(source: Source | None) -> dict[str, Any] | None:
    """A source as JSON, None where there is none."""
    return None if source is None else asdict(source)


def figure(value: float | None, form: str = "g") -> str:
    """A number for people; a dash where nobody knows it."""
    return "–" if value is None else format(value, form)
