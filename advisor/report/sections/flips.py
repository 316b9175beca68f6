"""What would change the answer: the nearest change of each single answer that would."""

from __future__ import annotations

from advisor.report.answers import question
from advisor.report.contents import Contents
from advisor.vocabulary import Block, Heading, Table, Text


def blocks(c: Contents) -> tuple[Block, ...]:
    """A row per answer, the nearest change first."""
    if c.advice is None:
        return ()
    if not c.advice.flips:
        return (Heading("What would change the answer"), Text("No change of a single answer was found that would."))
    ranked = sorted(c.advice.flips, key=lambda flip: flip.distance)
    rows = tuple((question(f.trait), f.before, f.after, f.then.removeprefix("option: ")) for f in ranked)
    columns = ("Answer", "Now", "Would have to be", "Then the verdict is")
    return (Heading("What would change the answer"), Table("The nearest change of each single answer", columns, rows))
