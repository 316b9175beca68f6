"""Quality against monthly cost, both with their ranges; a number by each point leads to its row in the table."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import chain
from typing import Any

from advisor.report import names
from advisor.report.charts.style import (
    FAMILY_LABELS,
    WIDTH,
    family_colour,
    family_shape,
    money_format,
    numbers_behind,
    spec,
)
from advisor.report.money import Money
from advisor.report.numbers import quality
from advisor.vocabulary import Chart, Estimate, OptionAdvice

HEIGHT_PX = 165
PLOT_WIDTH_PX = 0.9 * WIDTH  # what the axis and its padding leave
POINT_PX, LABEL_PX = (12.0, 12.0), (15.0, 12.0)  # width and height that a point and a number of two digits cover
WIDE_RATIO = 30  # from here on a linear axis would press the cheap options together


def options_chart(shown: tuple[OptionAdvice, ...], money: Money, metric: str | None) -> Chart | None:
    """One point per option whose quality and monthly cost are both known; None with fewer than two of them."""
    numbered = [(number, option) for number, option in enumerate(shown, 1) if _both_known(option)]
    if len(numbered) < 2:
        return None
    values = [_value(number, option, money) for number, option in numbered]
    families = [str(value["family"]) for value in values]
    x = _cost_axis(values, money)
    _place_labels(values, x["scale"].get("type", "linear"))
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


SIDES: dict[str, dict[str, Any]] = {
    "above right": {"dx": 9, "dy": -9, "align": "left"},
    "below right": {"dx": 9, "dy": 10, "align": "left"},
    "above left": {"dx": -9, "dy": -9, "align": "right"},
    "below left": {"dx": -9, "dy": 10, "align": "right"},
    "above": {"dx": 0, "dy": -13, "align": "center"},
    "below": {"dx": 0, "dy": 15, "align": "center"},
}
AXIS: dict[str, Callable[[float], float]] = {
    "linear": lambda cost: cost,
    "log": lambda cost: math.log(max(cost, 1e-9)),
    "symlog": math.log1p,
}


def _labels(side: str, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    """The numbers that stand on this side of their points."""
    return {
        "transform": [{"filter": {"field": "side", "equal": side}}],
        "mark": {"type": "text", "fontWeight": "bold", **SIDES[side]},
        "encoding": {"x": x, "y": y, "text": {"field": "number", "type": "nominal"}},
    }


def _place_labels(values: list[dict[str, Any]], axis: str) -> None:
    """Every number stands on the side of its point where it covers least of the points and of the numbers before it."""
    points = points_px(values, axis)
    taken: list[tuple[float, float]] = []
    for value, (x, y) in zip(values, points, strict=True):
        places = {side: (x + middle(how), y + how["dy"]) for side, how in SIDES.items()}
        value["side"] = min(
            places,
            key=lambda side: sum(
                chain(
                    (_covered(places[side], LABEL_PX, other, LABEL_PX) for other in taken),
                    (_covered(places[side], LABEL_PX, other, POINT_PX) for other in points),
                )
            ),
        )
        taken.append(places[value["side"]])


def points_px(values: list[dict[str, Any]], axis: str) -> list[tuple[float, float]]:
    """About where the points stand, in px from the left and from the top."""
    across = AXIS[axis]
    left, right = (across(f(v[end] for v in values)) for f, end in ((min, "cost_low"), (max, "cost_high")))
    low, high = min(v["quality_low"] for v in values), max(v["quality_high"] for v in values)
    return [
        (
            PLOT_WIDTH_PX * (across(v["cost"]) - left) / max(right - left, 1e-9),
            HEIGHT_PX * (high - v["quality"]) / max(high - low, 1e-9),
        )
        for v in values
    ]


def middle(how: dict[str, Any]) -> float:
    """How far right of its point the middle of a number stands."""
    toward = {"left": 1, "right": -1, "center": 0}[how["align"]]
    return float(how["dx"] + toward * LABEL_PX[0] / 2)


def _covered(
    one: tuple[float, float], size: tuple[float, float], other: tuple[float, float], other_size: tuple[float, float]
) -> float:
    """The px² that two boxes, given by their middles, have in common."""
    shared = [
        max(0.0, (a + b) / 2 - abs(at - there)) for at, there, a, b in zip(one, other, size, other_size, strict=True)
    ]
    return shared[0] * shared[1]


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
