"""Quality against monthly cost, both with their ranges; a number by each point leads to its row in the table."""

from __future__ import annotations

from typing import Any

from advisor.report import names
from advisor.report.charts.style import FAMILY_LABELS, family_colour, family_shape, money_format, numbers_behind, spec
from advisor.report.money import Money
from advisor.report.numbers import quality
from advisor.vocabulary import Chart, Estimate, OptionAdvice

HEIGHT_PX = 165
NEAR, NEAR_RATIO = 0.12, 1.3  # closer than this share of the height and this ratio, labels would touch
WIDE_RATIO = 30  # from here on a linear axis would press the cheap options together


def options_chart(shown: tuple[OptionAdvice, ...], money: Money, metric: str | None) -> Chart | None:
    """One point per option whose quality and monthly cost are both known; None with fewer than two of them."""
    numbered = [(number, option) for number, option in enumerate(shown, 1) if _both_known(option)]
    if len(numbered) < 2:
        return None
    values = [_value(number, option, money) for number, option in numbered]
    _place_labels(values)
    families = [str(value["family"]) for value in values]
    x = _cost_axis(values, money)
    y = {"field": "quality", "type": "quantitative", "title": f"Expected {names.metric(metric)}",
         "scale": {"zero": False, "nice": True}, "axis": {"format": ".2f", "tickCount": 5}}  # fmt: skip
    colour = family_colour(families)
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rule", "opacity": 0.45, "strokeWidth": 1.5},
         "encoding": {"x": {**x, "field": "cost_low"}, "x2": {"field": "cost_high"}, "y": y, "color": colour}},
        {"mark": {"type": "rule", "opacity": 0.45, "strokeWidth": 1.5},
         "encoding": {"x": x, "y": {**y, "field": "quality_low"}, "y2": {"field": "quality_high"}, "color": colour}},
        {"mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
         "encoding": {"x": x, "y": y, "color": colour, "shape": family_shape(families)}},
        *(_labels(side, x, y) for side in SIDES),
    ]  # fmt: skip
    rows = [[v["number"], v["option"], v["said_quality"], v["said_cost"]] for v in values]
    table = numbers_behind(["Number", "Option", names.metric_head(metric), f"{money.currency} a month"], rows)
    said = "; ".join(f"{v['number']} {v['option']}: {v['said_quality']} for {v['said_cost']}" for v in values)
    return Chart(
        "Quality against monthly cost; lines are 80 % ranges, numbers are the rows of the table",
        spec(values, layers, HEIGHT_PX, usermeta=table),
        f"Scatter chart of expected {names.metric(metric)} against {money.currency} a month. {said}.",
    )


SIDES = {
    "above right": {"dx": 9, "dy": -9, "align": "left"},
    "below right": {"dx": 9, "dy": 10, "align": "left"},
    "above left": {"dx": -9, "dy": -9, "align": "right"},
    "below left": {"dx": -9, "dy": 10, "align": "right"},
}


def _labels(side: str, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    """The numbers that stand on this side of their points."""
    return {
        "transform": [{"filter": {"field": "side", "equal": side}}],
        "mark": {"type": "text", "fontWeight": "bold", **SIDES[side]},
        "encoding": {"x": x, "y": y, "text": {"field": "number", "type": "nominal"}},
    }


def _place_labels(values: list[dict[str, Any]]) -> None:
    """Points close together carry their numbers on different sides."""
    reach = NEAR * (max(v["quality_high"] for v in values) - min(v["quality_low"] for v in values))
    for i, value in enumerate(values):
        near = [
            other
            for other in values[:i]
            if abs(other["quality"] - value["quality"]) <= reach and _ratio(other["cost"], value["cost"]) < NEAR_RATIO
        ]
        value["side"] = list(SIDES)[len(near) % len(SIDES)]


def _ratio(a: float, b: float) -> float:
    low, high = sorted((max(a, 1e-9), max(b, 1e-9)))
    return high / low


def _both_known(option: OptionAdvice) -> bool:
    return all(option.estimates[n].known for n in ("quality", "monthly_cost_usd") if n in option.estimates) and {
        "quality", "monthly_cost_usd",
    } <= set(option.estimates)  # fmt: skip


def _ends(estimate: Estimate, factor: float = 1.0) -> tuple[float, float, float]:
    value = estimate.value or 0.0
    low = value if estimate.low is None else estimate.low
    high = value if estimate.high is None else estimate.high
    return value * factor, low * factor, high * factor


def _value(number: int, option: OptionAdvice, money: Money) -> dict[str, Any]:
    cost, cost_low, cost_high = _ends(option.estimates["monthly_cost_usd"], 1 / money.usd_per_unit)
    score, score_low, score_high = _ends(option.estimates["quality"])
    return {
        "number": str(number),
        "option": names.option(option.option),
        "family": option.option.family,
        "family_label": FAMILY_LABELS[option.option.family],
        "cost": cost, "cost_low": cost_low, "cost_high": cost_high,
        "quality": score, "quality_low": score_low, "quality_high": score_high,
        "said_quality": quality(option.estimates["quality"]),
        "said_cost": money.bare(option.estimates["monthly_cost_usd"]),
    }  # fmt: skip


def _cost_axis(values: list[dict[str, Any]], money: Money) -> dict[str, Any]:
    lowest, highest = min(v["cost_low"] for v in values), max(v["cost_high"] for v in values)
    wide = highest > WIDE_RATIO * max(lowest, highest / 1e6)
    scale = {"type": "log"} if wide and lowest > 0 else {"type": "symlog"} if wide else {"zero": True}
    title = f"{money.currency} a month" + (" (each step of the axis multiplies)" if wide else "")
    return {"field": "cost", "type": "quantitative", "title": title,
            "scale": {**scale, "nice": not wide, "padding": 14},
            "axis": {"format": money_format(highest), "tickCount": 5}}  # fmt: skip
