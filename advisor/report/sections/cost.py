"""What it costs over time, and from which volume on tuning is the cheaper way."""

from __future__ import annotations

from advisor.report import charts
from advisor.report.contents import Contents
from advisor.report.numbers import significant, span
from advisor.report.shortlist import one_of_each_family
from advisor.vocabulary import Advice, Block, Heading, Text

HORIZON_MONTHS = 12.0  # assumption: one budget year, where the questionnaire left it open


def blocks(c: Contents) -> tuple[Block, ...]:
    """Cost lines of the best option per family and the break-even volume; nothing where neither is known."""
    if c.advice is None:
        return ()
    answered = c.advice.profile.horizon_months
    horizon = answered if answered and answered > 0 else HORIZON_MONTHS
    chart = charts.cost_over_time(one_of_each_family(c), horizon, c.money)
    even = _break_even(c.advice)
    if chart is None and not even:
        return ()
    shown = "" if answered else f"The horizon was not answered; {HORIZON_MONTHS:.0f} months are shown."
    words = " ".join(part for part in (even, shown, c.money.rate()) if part)
    return (Heading("What it costs"), *((Text(words),) if words else ()), *((chart,) if chart else ()))


def _break_even(advice: Advice) -> str:
    even = advice.break_even
    if even is None:
        return advice.no_break_even
    if even.text:
        return even.text
    return (
        f"From about {significant(even.requests_per_month)} requests a month on "
        f"({span(even.low, even.high, significant)}), tuning is the cheaper kind over the time considered."
    )
