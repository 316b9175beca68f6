"""What this report is about, when it was made, and what it rests on."""

from __future__ import annotations

from advisor.report.contents import Contents
from advisor.vocabulary import Block, Heading, Text

UNNAMED = "an unnamed task"


def blocks(c: Contents) -> tuple[Block, ...]:
    """The title with the project's name, the date, and what was known."""
    if c.advice is None:
        return ()
    profile = c.advice.profile
    name = (profile.name or "").strip() or UNNAMED
    basis = "Rests on the team's answers and published results; nothing has been measured on the team's own data yet."
    if profile.prompted_score is not None:
        basis = (
            "Rests on the team's answers, the score of their own prompt, and published results; no pilot was run yet."
        )
    run = c.advice.evidence_run or (c.evidence.run if c.evidence else "")
    if c.left_out:
        basis = (
            f"Rests on the team's answers and published results; the pilot at hand (run {run}) was on another kind of "
            "task and is left out."
        )
    elif run:
        basis = f"Rests on the team's answers, published results, and a pilot on the team's own data (run {run})."
    facts = f"Made on {c.made}; facts and prices as of {c.advice.catalog_date}."
    about = (profile.description or "").strip()
    return (
        Heading(f"Fine-tune or prompt? {name}", 1),
        Text(f"{facts} {basis}", "small"),
        *((Text(about),) if about else ()),
    )
