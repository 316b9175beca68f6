"""The one measurement that would tell most about which side scores higher."""

from __future__ import annotations

from advisor.report.contents import Contents
from advisor.vocabulary import Block, Heading, Text


def blocks(c: Contents) -> tuple[Block, ...]:
    """What to measure and what it does to the chance; nothing where everything is measured."""
    if c.advice is None or c.advice.next_measurement is None:
        return ()
    return (Heading("What would tell most"), Text(c.advice.next_measurement.sentence))
