"""What the team said, what was assumed in place of an answer, and what nobody knows yet."""

from __future__ import annotations

from advisor.report.answers import answered
from advisor.report.citations import unknowns
from advisor.report.contents import Contents
from advisor.report.shortlist import shortlist
from advisor.vocabulary import Block, Bullets, Heading, Table, Text

LISTED, SEPARATOR = 12, "  ·  "


def blocks(c: Contents) -> tuple[Block, ...]:
    """Answers as a table, assumptions and unknowns as lists."""
    if c.advice is None:
        return ()
    rows = answered(c.advice.profile)
    return (
        Heading("What this rests on"),
        *((Table("What the team answered", ("Question", "Answer"), rows),) if rows else ()),
        *_listed("Assumed, because it was not answered", c.advice.assumed),
        *_listed("Not known", unknowns(shortlist(c))),
    )


def _listed(title: str, items: tuple[str, ...]) -> tuple[Block, ...]:
    """A list, or small print where a list would fill the page."""
    if not items:
        return ()
    listed = Bullets(items) if len(items) <= LISTED else Text(SEPARATOR.join(items), "small")
    return (Heading(title, 3), listed)
