"""Cost over time: what has been spent after each month, building included, for the best option of each family."""

from __future__ import annotations

from typing import Any

from advisor.report import names
from advisor.report.charts.style import FAMILY_LABELS, family_colour, family_dash, money_format, numbers_behind, spec
from advisor.report.money import Money, amount
from advisor.report.numbers import span
from advisor.vocabulary import Chart, Estimate, OptionAdvice

HEIGHT_PX = 135
POINTS = 7


def spent_usd(option: OptionAdvice, months: float) -> Estimate | None:
    """One-off cost and `months` months of running; None while either is not known."""
    once, monthly = option.estimates.get("one_off_cost_usd"), option.estimates.get("monthly_cost_usd")
    if once is None or monthly is None or not once.known or not monthly.known:
        return None
    return once.plus(monthly.scaled(months))


def cost_over_time(options: tuple[OptionAdvice, ...], horizon_months: float, money: Money) -> Chart | None:
    """A line with its band per option; None with fewer than two whose costs are known."""
    known = [option for option in options if spent_usd(option, 1.0) is not None]
    if len(known) < 2:
        return None
    months = [horizon_months * i / (POINTS - 1) for i in range(POINTS)]
    values: list[dict[str, Any]] = [_value(option, month, money) for option in known for month in months]
    families: list[str] = [option.option.family for option in known]
    x = {"field": "month", "type": "quantitative", "title": "Months since the start",
         "scale": {"domain": [0, horizon_months], "nice": False}, "axis": {"tickCount": 6, "format": "~g"}}  # fmt: skip
    y = {"field": "spent", "type": "quantitative", "title": f"{money.currency} spent so far",
         "axis": {"format": money_format(max(v["high"] for v in values)), "tickCount": 5}}  # fmt: skip
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "area", "opacity": 0.14},
         "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"},
                      "color": family_colour(families, lines=True)}},
        {"mark": {"type": "line", "strokeWidth": 2.5},
         "encoding": {"x": x, "y": y, "color": family_colour(families, lines=True),
                      "strokeDash": family_dash(families)}},
    ]  # fmt: skip
    ends = [_value(option, horizon_months, money) for option in known]
    said = "; ".join(f"{end['option']}: {money.currency} {amount(end['spent'])} ({_range(end)})" for end in ends)
    rows = [[end["option"], amount(end["spent"]), _range(end)] for end in ends]
    after = f"after {horizon_months:.3g} months"
    table = numbers_behind(["Option", f"{money.currency} {after}", "80 % range"], rows)
    return Chart(
        "What has been spent by each month, building included; bands are 80 % ranges",
        spec(values, layers, HEIGHT_PX, usermeta=table),
        f"Line chart of money spent over time, one line per kind of method. Spent {after}: {said}.",
    )


def _range(end: dict[str, Any]) -> str:
    return span(end["low"], end["high"], amount)


def _value(option: OptionAdvice, month: float, money: Money) -> dict[str, Any]:
    spent = spent_usd(option, month)
    assert spent is not None  # narrows the type: the caller filtered
    shown = spent.scaled(1 / money.usd_per_unit)
    return {
        "option": names.option(option.option),
        "family_label": FAMILY_LABELS[option.option.family],
        "month": month, "spent": shown.value, "low": max(0.0, shown.low or 0.0), "high": shown.high,
    }  # fmt: skip
