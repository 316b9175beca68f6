"""Answers and findings that pull against each other, each with the way out."""

from __future__ import annotations

from advisor.report.answers import WORDS, question
from advisor.report.contents import Contents
from advisor.vocabulary import Block, Contradiction, Heading, Notice, Table


def blocks(c: Contents) -> tuple[Block, ...]:
    """A warning per contradiction between answers; a table of findings that differ."""
    if c.advice is None or not c.advice.contradictions:
        return ()
    found = c.advice.contradictions
    own = [x for x in found if set(x.between) <= set(WORDS)]
    rules = tuple((x.text, x.way_out) for x in found if x not in own)
    table = Table("Findings that point in different directions", ("What differs", "The way out"), rows=rules)
    return (
        Heading("What contradicts what"),
        *(Notice(_said(x), "warn") for x in own),
        *((table,) if rules else ()),
    )


def _said(found: Contradiction) -> str:
    between = " and ".join(f"“{question(key)}”" for key in found.between)
    return f"{found.text} {found.way_out} (Answer{'s' * (len(found.between) > 1)}: {between}.)"
