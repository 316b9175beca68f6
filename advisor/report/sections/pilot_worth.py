"""Whether a pilot is worth running, and which."""

from __future__ import annotations

from advisor.report.contents import Contents
from advisor.report.numbers import percent
from advisor.vocabulary import Block, Heading, Notice, Text


def blocks(c: Contents) -> tuple[Block, ...]:
    """The chance that a pilot changes the decision, why, and the plan; after a pilot: the next one."""
    if c.advice is None:
        return ()
    pilot = c.advice.pilot
    again = c.evidence is not None or c.results is not None or c.advice.evidence_run is not None
    chance = percent(pilot.chance_it_changes_the_decision)
    answer = "worth it" if pilot.worth_it else "not needed for this decision"
    kind = "another pilot" if again else "a pilot"
    return (
        Heading("Is another pilot worth it?" if again else "Is a pilot worth it?"),
        Notice(f"{kind.capitalize()} is {answer}: the chance that it changes the decision is {chance}.", "note"),
        *((Text(pilot.why),) if pilot.why else ()),
        *((Text(f"The plan: {pilot.plan}"),) if pilot.plan else ()),
    )
