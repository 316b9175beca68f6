"""What each arm of a pilot scored: a point and its interval, best on top."""

from __future__ import annotations

from typing import Any

from advisor.report import names
from advisor.report.charts.style import FAMILY_LABELS, family_colour, family_shape, numbers_behind, spec
from advisor.report.numbers import hundredths, ranged, span
from advisor.report.outcome import Score
from advisor.vocabulary import Chart

ROW_PX, LABEL = 25, 36


def arms(scores: tuple[Score, ...], metric: str | None) -> Chart | None:
    """A row per arm that has a score; None without one."""
    values = [_value(score) for score in scores if score.score is not None]
    if not values:
        return None
    families = [str(value["family"]) for value in values]
    y = {"field": "arm", "type": "nominal", "sort": None, "title": None,
         "axis": {"ticks": False, "domain": False, "grid": True, "labelLimit": 230}}  # fmt: skip
    x = {"field": "score", "type": "quantitative", "title": f"{names.metric_head(metric)} on the held-out rows",
         "scale": {"zero": False, "nice": True}, "axis": {"format": ".2f", "tickCount": 6}}  # fmt: skip
    colour = family_colour(families)
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rule", "strokeWidth": 2},
         "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": colour}},
        {"mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
         "encoding": {"y": y, "x": x, "color": colour, "shape": family_shape(families)}},
        {"mark": {"type": "text", "dy": -10, "fontSize": 10},
         "encoding": {"y": y, "x": x, "text": {"field": "score", "type": "quantitative", "format": ".2f"}}},
    ]  # fmt: skip
    said = ", ".join(f"{v['arm']} {v['said']}" for v in values)
    rows = [[v["arm"], hundredths(v["score"]), span(v["low"], v["high"], hundredths)] for v in values]
    return Chart(
        f"{names.metric_head(metric)} of each way of doing it, with its 95 % interval",
        spec(values, layers, ROW_PX * len(values) + 10,
             usermeta=numbers_behind(["Way of doing it", names.metric_head(metric), "95 % interval"], rows)),
        f"Dot chart of {names.metric(metric)} with intervals, best first: {said}.",
    )  # fmt: skip


def _value(score: Score) -> dict[str, Any]:
    value = score.score or 0.0
    return {
        "arm": score.label if len(score.label) <= LABEL else f"{score.label[: LABEL - 1]}…",
        "family": score.family,
        "family_label": FAMILY_LABELS[score.family],
        "score": value,
        "low": value if score.low is None else score.low,
        "high": value if score.high is None else score.high,
        "said": ranged(value, score.low, score.high, hundredths),
    }
