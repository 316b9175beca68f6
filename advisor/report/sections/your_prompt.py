"""The prompt the team has measured already: against its limits, and beside what is recommended."""

from __future__ import annotations

from advisor.report.contents import Contents
from advisor.vocabulary import Block, Bullets, Heading


def blocks(c: Contents) -> tuple[Block, ...]:
    """A line per limit and one for the best option; nothing where no prompt was measured."""
    if c.advice is None or c.advice.your_prompt is None:
        return ()
    return (Heading("Your prompt as it stands"), Bullets(c.advice.your_prompt.sentences))
