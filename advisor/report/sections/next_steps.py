"""What to do next, in order."""

from __future__ import annotations

from advisor.report.contents import Contents
from advisor.vocabulary import Block, Bullets, Heading


def blocks(c: Contents) -> tuple[Block, ...]:
    """The recommendation's next steps; nothing where it names none."""
    if c.advice is None or not c.advice.recommendation.then:
        return ()
    return (Heading("What to do next"), Bullets(c.advice.recommendation.then, numbered=True))
