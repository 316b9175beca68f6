"""The checks that the comparison was real."""

from __future__ import annotations

from advisor.report import names
from advisor.report.contents import Contents
from advisor.report.outcome import guards
from advisor.vocabulary import Block, Heading, Notice, Table


def blocks(c: Contents) -> tuple[Block, ...]:
    """A row per guard, one that failed first and said aloud."""
    found = guards(c.results) if c.results else ()
    if not found:
        return ()
    failed = [names.spaced(guard) for guard, held, _ in found if not held]
    rows = tuple(
        (names.spaced(guard).capitalize(), "held" if held else "FAILED", detail)
        for guard, held, detail in sorted(found, key=lambda g: g[1])
    )
    warning = Notice(f"Do not rely on this comparison: {', '.join(failed)} failed.", "bad")
    return (
        Heading("Was the comparison real?"),
        *((warning,) if failed else ()),
        Table("Checks made on this pilot", ("Check", "Result", "What was seen"), rows),
    )
