"""What the evidence changed: the answer before and after, and why each figure moved."""

from __future__ import annotations

from advisor.report import names
from advisor.report.contents import Contents
from advisor.report.numbers import chance
from advisor.vocabulary import Advice, Block, Heading, Table, Text


def blocks(c: Contents) -> tuple[Block, ...]:
    """Both sentences, the families' chances side by side, and what moved."""
    if c.advice is None or c.left_out or (c.before is None and not c.moved):
        return ()
    return (
        Heading("Before and after the evidence"),
        *(_sides(c.before, c.advice) if c.before else ()),
        *_moved(c),
    )


def _sides(before: Advice, after: Advice) -> tuple[Block, ...]:
    same = before.recommendation.sentence == after.recommendation.sentence
    said = (
        (Text("The answer in words is the same as before the evidence."),)
        if same
        else (Text(f"Before: {before.recommendation.sentence}"), Text(f"After: {after.recommendation.sentence}"))
    )
    families = tuple(dict.fromkeys((*after.chance_best_by_family, *before.chance_best_by_family)))
    rows = [(f"Best choice is: {names.family(f).lower()}", _chance(before, f), _chance(after, f)) for f in families]
    rows.append(
        (
            "A tuned model beats prompting on quality",
            chance(before.chance_tuning_wins),
            chance(after.chance_tuning_wins),
        )
    )
    return (*said, Table("Chances before and after", ("Chance that", "Before", "After"), tuple(rows), "", (1, 2)))


def _chance(advice: Advice, family: str) -> str:
    return chance(advice.chance_best_by_family[family]) if family in advice.chance_best_by_family else "not weighed"


def _moved(c: Contents) -> tuple[Block, ...]:
    rows = tuple((names.moved(m), m.before, m.after, m.why) for m in c.moved)
    return (Table("What moved, and why", ("Figure", "Before", "After", "Why"), rows),) if rows else ()
