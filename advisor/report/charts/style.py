"""What all charts share: colours that survive colour blindness and grey printing, shapes that repeat them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
AUTOSIZE = {"type": "fit-x", "contains": "padding"}  # the width is the whole figure's, the height the plot's
WIDTH = 660  # px, stretched by the page; on paper 11 px text is then 8 pt
# Blue and vermilion of Okabe and Ito's palette and a grey: told apart with every common colour blindness. Each has a
# contrast of at least 3 to 1 on white and on the dark theme, so grey printing leans on shape, dash and labels instead.
FAMILY_COLOURS = {"prompting": "#0072B2", "tuning": "#D55E00", "classical": "#6F7A7E", "present": "#8A6FB0"}
FAMILY_SHAPES = {"prompting": "circle", "tuning": "diamond", "classical": "triangle-up", "present": "square"}
FAMILY_DASHES = {"prompting": [1, 0], "tuning": [7, 3], "classical": [2, 2], "present": [1, 3]}
FAMILY_LABELS = {
    "prompting": "Prompting", "tuning": "Training", "classical": "No language model", "present": "Present system",
}  # fmt: skip


def spec(values: list[dict[str, Any]], layers: list[dict[str, Any]], height: int, **more: Any) -> dict[str, Any]:
    """A layered specification over inline data; nothing in it is fetched."""
    return {
        "$schema": SCHEMA,
        "width": WIDTH,
        "height": height,
        "autosize": AUTOSIZE,
        "data": {"values": values},
        "layer": layers,
        **more,
    }


def money_format(highest: float) -> str:
    """How an axis writes money: whole units with separators, or as many decimals as small sums need."""
    return ",.0f" if highest >= 10 else "~g"


def numbers_behind(columns: list[str], rows: list[list[str]]) -> dict[str, Any]:
    """The table that stands beside a chart, carried in the specification's `usermeta`."""
    return {"table": {"columns": columns, "rows": rows}}


def _by_family(families: list[str], table: Mapping[str, Any], *, lines: bool) -> dict[str, Any]:
    """The field `family_label` mapped in a fixed order; equal domains and legends let Vega merge the legends."""
    shown = [family for family in FAMILY_COLOURS if family in families]
    legend: dict[str, Any] = {"title": None, "orient": "top", "symbolOpacity": 1}
    if lines:
        legend |= {
            "symbolType": "stroke",
            "symbolStrokeWidth": 2.5,
            "symbolSize": 500,
            "symbolFillColor": "transparent",
        }
    return {
        "field": "family_label",
        "type": "nominal",
        "scale": {"domain": [FAMILY_LABELS[family] for family in shown], "range": [table[family] for family in shown]},
        "legend": legend,
    }


def family_colour(families: list[str], *, lines: bool = False) -> dict[str, Any]:
    """Colour by family."""
    return _by_family(families, FAMILY_COLOURS, lines=lines)


def family_shape(families: list[str]) -> dict[str, Any]:
    """Shape of a point by family."""
    return _by_family(families, FAMILY_SHAPES, lines=False)


def family_dash(families: list[str]) -> dict[str, Any]:
    """Dashes of a line by family."""
    return _by_family(families, FAMILY_DASHES, lines=True)
