"""Whether a pilot is worth running, and which."""

from __future__ import annotations

from advisor.report.contents import Contents
from advisor.report.numbers import chance, significant
from advisor.vocabulary import Block, Figures, Heading, Notice, Stake, Text
from advisor.vocabulary.explained import NOTICED_POINTS, NOTICED_SHARE
from advisor.vocabulary.saying import roughly


def blocks(c: Contents) -> tuple[Block, ...]:
    """The chance that a pilot changes the decision, why, and the plan; after a pilot: the next one."""
    if c.advice is None:
        return ()
    pilot = c.advice.pilot
    again = c.evidence is not None or c.results is not None or c.advice.evidence_run is not None
    likely = roughly(pilot.chance_it_changes_the_decision)
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
    rows = f"{stake.training_rows:,} to train, {stake.test_rows:,} to test"
    return (
        Figures(
            (
                *_gained(c, stake),
                ("It takes", f"{significant(stake.minutes)} min", "of this machine"),
                ("and", c.money.write(stake.cost_usd), "of labels and a person's hour"),
                ("Rows", rows, "" if not stake.rows_per_label else f"{significant(stake.rows_per_label)} per label"),
            )
        ),
    )


def _gained(c: Contents, stake: Stake) -> tuple[tuple[str, str, str], ...]:
    """Staying within the limits more often, then points and money where those are gained."""
    more = stake.more_often_within_limits
    points = f"{significant(stake.score_points)} points of score"
    found = [
        (f"{chance(more)} more", "of the cases within your limits by choosing after it")
        if more >= NOTICED_SHARE
        else None,
        (points, "gained on average by choosing after it") if stake.score_points >= NOTICED_POINTS else None,
    ]
    shown = [part for part in found if part] or [("next to nothing", "gained on average by choosing after it")]
    figures = [(name, *part) for name, part in zip(("At stake", "and"), shown, strict=False)]
    if stake.usd_per_month is not None and stake.score_points >= NOTICED_POINTS:
        figures.append(("or, in money", c.money.write(stake.usd_per_month), "a month"))
    return tuple(figures)
