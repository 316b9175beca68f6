"""Every source the report leans on, under the number it was cited by."""

from __future__ import annotations

from advisor.report.citations import sources
from advisor.report.contents import Contents
from advisor.vocabulary import Block, Bullets, Heading, Text


def blocks(c: Contents) -> tuple[Block, ...]:
    """Numbered sources and the date of the facts."""
    found = sources(c)
    if c.advice is None or not found:
        return ()
    when = f"Facts and prices were last looked at for this catalog on {c.advice.catalog_date}."
    return (Heading("Sources"), Bullets(found, numbered=True), Text(when, "small"))
