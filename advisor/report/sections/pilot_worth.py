"""Whether a pilot is worth running, and which."""

from __future__ import annotations

from advisor.report.contents import Contents
from advisor.report.numbers import chance, significant
from advisor.vocabulary import Block, Figures, Heading, Notice, Text


def blocks(c: Contents) -> tuple[Block, ...]:
    """The chance that a pilot changes the decision, why, and the plan; after a pilot: the next one."""
    if c.advice is None:
        return ()
    pilot = c.advice.pilot
    again = c.evidence is not None or c.results is not None or c.advice.evidence_run is not None
    likely = chance(pilot.chance_it_changes_the_decision)
    answer = "worth it" if pilot.worth_it else "not needed for this decision"
    kind = "another pilot" if again else "a pilot"
    return (
        Heading("Is another pilot worth it?" if again else "Is a pilot worth it?"),
        Notice(f"{kind.capitalize()} is {answer}: the chance that it changes the decision is {likely}.", "note"),
        *_stake(c),
        *((Text(pilot.why),) if pilot.why else ()),
        *((Text(f"The plan: {pilot.plan}"),) if pilot.plan else ()),
    )


def _stake(c: Contents) -> tuple[Block, ...]:
    """What is at stake and what finding out takes, as headline figures."""
    stake = c.advice.pilot.stake if c.advice else None
    if stake is None:
        return ()
    money = "not weighed" if stake.usd_per_month is None else c.money.write(stake.usd_per_month)
    rows = f"{stake.training_rows:,} to train, {stake.test_rows:,} to test"
    return (
        Figures(
            (
                (
                    "At stake",
                    f"{significant(stake.score_points)} points of score",
                    "gained on average by choosing after it",
                ),
                ("or, in money", money, "a month"),
                ("It takes", f"{significant(stake.minutes)} min", "of this machine"),
                ("and", c.money.write(stake.cost_usd), "of labels and a person's hour"),
                ("Rows", rows, "" if not stake.rows_per_label else f"{significant(stake.rows_per_label)} per label"),
            )
        ),
    )
