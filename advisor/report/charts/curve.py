"""The learning curve: scores over training sizes, and what it says about all the data the team has."""

from __future__ import annotations

from typing import Any

from advisor.report import names
from advisor.report.charts.style import FAMILY_COLOURS, numbers_behind, spec
from advisor.report.numbers import hundredths, ranged, whole
from advisor.report.outcome import Curve
from advisor.vocabulary import Chart

HEIGHT_PX = 145
MEASURED, EXPECTED = "measured", "expected with all your examples"
LEVEL = {MEASURED: "95 % interval", EXPECTED: "80 % range"}


def learning_curve(curve: Curve, metric: str | None, rival: tuple[str, float] | None = None) -> Chart:
    """Points with intervals, a dashed extrapolation with its band, and the best prompting arm as a level line."""
    values = _values(curve)
    colour = FAMILY_COLOURS[names.FAMILY_OF.get(curve.method.partition(":")[0], "tuning")]
    x = {"field": "n", "type": "quantitative", "title": "Training examples", "scale": _scale(values),
         "axis": {"values": [v["n"] for v in values], "format": ",", "labelOverlap": True}}  # fmt: skip
    y = {"field": "score", "type": "quantitative", "title": names.metric_head(metric),
         "scale": {"zero": False, "nice": True}, "axis": {"format": ".2f", "tickCount": 5}}  # fmt: skip
    band = {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
    measured, ahead = {"filter": {"field": "kind", "equal": MEASURED}}, {"filter": "datum.ahead"}
    layers: list[dict[str, Any]] = [
        {"transform": [ahead], "mark": {"type": "area", "opacity": 0.16, "color": colour}, "encoding": band},
        {"transform": [ahead], "mark": {"type": "line", "strokeDash": [6, 4], "color": colour},
         "encoding": {"x": x, "y": y}},
        {"transform": [measured], "mark": {"type": "line", "color": colour}, "encoding": {"x": x, "y": y}},
        {"mark": {"type": "rule", "strokeWidth": 2, "color": colour}, "encoding": band},
        {"mark": {"type": "point", "size": 80, "opacity": 1, "strokeWidth": 2, "stroke": colour},
         "encoding": {"x": x, "y": y,
                      "fill": {"condition": {"test": f"datum.kind === '{MEASURED}'", "value": colour},
                               "value": "white"}}},
        *_level(rival, values),
    ]  # fmt: skip
    rows = [[whole(v["n"]), v["said"], f"{v['kind']}, {LEVEL[v['kind']]}"] for v in values]
    said = ", ".join(f"{v['said']} with {whole(v['n'])} ({v['kind']}, {LEVEL[v['kind']]})" for v in values)
    against = f" For comparison, {rival[0]}: {hundredths(rival[1])}." if rival else ""
    grows = f"How {names.method(curve.method)} grows with training examples, with 95 % intervals"
    return Chart(
        f"{grows}; the hollow point is expected, not measured, with its 80 % range"
        if any(v["kind"] == EXPECTED for v in values)
        else grows,
        spec(values, layers, HEIGHT_PX,
             usermeta=numbers_behind(["Training examples", names.metric_head(metric), "Basis"], rows)),
        f"Line chart of {names.metric(metric)} over training examples: {said}.{against}",
    )  # fmt: skip


def _values(curve: Curve) -> list[dict[str, Any]]:
    values = [_value(p.n, p.score, p.low, p.high, MEASURED) for p in curve.points]
    full, rows = curve.at_full_data, curve.rows_available
    if full is not None and full.value is not None and rows and rows > values[-1]["n"]:
        values[-1]["ahead"] = True
        values.append({**_value(rows, full.value, full.low, full.high, EXPECTED), "ahead": True})
    return values


def _value(n: int, score: float, low: float | None, high: float | None, kind: str) -> dict[str, Any]:
    return {
        "n": n, "score": score, "low": score if low is None else low, "high": score if high is None else high,
        "kind": kind, "ahead": False, "said": ranged(score, low, high, hundredths),
    }  # fmt: skip


def _scale(values: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "log", "nice": False, "padding": 24} if len(values) > 1 else {"zero": False}


def _level(rival: tuple[str, float] | None, values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rival's level, named at the right end on the side away from the curve."""
    if rival is None:
        return []
    at = {"y": {"datum": rival[1], "type": "quantitative"}}
    colour, last = FAMILY_COLOURS["prompting"], values[-1]
    below = rival[1] < last["score"]
    label = {"type": "text", "align": "right", "baseline": "top" if below else "bottom", "dy": 5 if below else -5,
             "color": colour, "text": f"{rival[0]} {hundredths(rival[1])}"}  # fmt: skip
    once: dict[str, Any] = {"data": {"values": [{}]}}  # one mark, not one per point of the curve
    return [
        {**once, "mark": {"type": "rule", "strokeDash": [2, 3], "strokeWidth": 1.5, "color": colour}, "encoding": at},
        {**once, "mark": label, "encoding": {**at, "x": {"datum": last["n"], "type": "quantitative"}}},
    ]
