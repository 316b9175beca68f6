"""What it costs over time, beside the budgets, and from which volume on tuning is the cheaper way."""

from __future__ import annotations

from advisor.report import charts, names
from advisor.report.contents import Contents
from advisor.report.money import Money
from advisor.report.numbers import chance, significant, span
from advisor.report.shortlist import one_of_each_family
from advisor.vocabulary import Advice, Block, Heading, OptionAdvice, Table, TaskProfile, Text

HORIZON_MONTHS = 12.0  # assumption: one budget year, where the questionnaire left it open
# budget → how it is spoken of, and its unit
BUDGETS = {"budget_monthly_usd": ("a month", "USD a month"), "budget_one_off_usd": ("once", "USD")}
COSTS = ("monthly_cost_usd", "upkeep_usd_per_month", "one_off_cost_usd")


def blocks(c: Contents) -> tuple[Block, ...]:
    """The figures beside the budgets, cost lines of one option per family, and the break-even volume."""
    if c.advice is None:
        return ()
    answered = c.advice.profile.horizon_months
    horizon = answered if answered and answered > 0 else HORIZON_MONTHS
    chart = charts.cost_over_time(one_of_each_family(c), horizon, c.money)
    even, table = _break_even(c.advice), _beside_budgets(c)
    if chart is None and not even and not table:
        return ()
    shown = "" if answered or chart is None else f"The horizon was not answered; {HORIZON_MONTHS:.0f} months are shown."
    words = " ".join(part for part in (even, shown, c.money.rate()) if part)
    return (
        Heading("What it costs"),
        *table,
        *((Text(words),) if words else ()),
        *((chart,) if chart else ()),
    )


def _beside_budgets(c: Contents) -> tuple[Block, ...]:
    """What each family's option costs and how often it is over a budget; only where money stands in the way."""
    if c.advice is None:
        return ()
    options, profile = one_of_each_family(c), c.advice.profile
    given = [key for key in BUDGETS if getattr(profile, key) is not None]
    if not any(b.limit in given for option in options for b in option.blocked_by):
        return ()
    columns = ["Option", f"{c.money.currency} a month", "of it people's hours", f"{c.money.currency} once"]
    columns += [f"Over the budget {BUDGETS[key][0]}" for key in given]
    rows = tuple(_row(c, option, given) for option in options)
    return (
        Table(
            "What each kind costs beside your budget",
            tuple(columns),
            rows,
            _note(profile, given),
            tuple(range(1, len(columns))),
        ),
    )


def _row(c: Contents, option: OptionAdvice, given: list[str]) -> tuple[str, ...]:
    over = {b.limit: b.share for b in option.blocked_by}
    return (
        names.option(option.option),
        *(c.money.bare(option.estimates.get(key)) for key in COSTS),
        *(f"in {chance(over.get(key, 0.0))}" for key in given),
    )


def _note(profile: TaskProfile, given: list[str]) -> str:
    money = Money.of(profile)
    limits = [f"{money.typed(getattr(profile, key), BUDGETS[key][1])}" for key in given]
    said = f" Your budget: {', and to build '.join(limits)}."
    said = said.replace("budget:", "budget to build:") if given == ["budget_one_off_usd"] else said
    return f"80 % ranges in brackets.{said} Over the budget: in how many of the simulated futures."


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
