"""What would change the answer: the nearest change of each single answer that would, and the answers that would not."""

from __future__ import annotations

import re

from advisor.report.answers import question
from advisor.report.contents import Contents
from advisor.vocabulary import Block, Heading, Table, Text

MONEY_UNIT = re.compile(r" \(USD[^)]*\)")


def blocks(c: Contents) -> tuple[Block, ...]:
    """A row per answer, the nearest change first; then what does not matter here."""
    if c.advice is None:
        return ()
    ranked = sorted(c.advice.flips, key=lambda flip: flip.distance)
    rows = tuple((_asked(c, f.trait), f.before, f.after, f.then) for f in ranked)
    columns = ("Answer", "Now", "Would have to be", "Then the verdict is")
    shown: Block = Text("No change of a single answer was found that would.")
    if rows:
        shown = Table("The nearest change of each single answer", columns, rows)
    return (Heading("What would change the answer"), shown, *_unmoved(c))


def _asked(c: Contents, trait: str) -> str:
    """The question; where amounts carry their unit because two currencies are shown, without it."""
    return MONEY_UNIT.sub("", question(trait)) if c.money.converted else question(trait)


def _unmoved(c: Contents) -> tuple[Block, ...]:
    """Each answer that does not matter, with what was tried in its place."""
    if c.advice is None or not c.advice.matters_not:
        return ()
    title = "These answers do not change the way here, whatever else was tried (which model and place may change)"
    rows = tuple((_asked(c, u.trait), u.now, u.tried) for u in c.advice.matters_not)
    return (Table(title, ("Answer", "Now", "Tried"), rows),)
