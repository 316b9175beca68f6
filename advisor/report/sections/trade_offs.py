"""What the team's weights mean, said as trade-offs it can judge."""

from __future__ import annotations

from advisor.report.contents import Contents
from advisor.vocabulary import Block, Bullets, Heading, Text


def blocks(c: Contents) -> tuple[Block, ...]:
    """One sentence per concern; where the weights were not answered, that they are taken as equal."""
    if c.advice is None or not c.advice.trade_offs:
        return ()
    given = c.advice.profile.priorities is not None
    whose = "By the weights the team gave" if given else "No weights were given, so all five concerns count alike; then"
    judge = "If one of these is not how the team would choose, its weights are wrong: change them and ask again."
    return (
        Heading("What the weights say"),
        Text(f"{whose}, beside the recommended option:"),
        Bullets(tuple(t.text for t in c.advice.trade_offs)),
        Text(judge, "small"),
    )
