"""What all charts share: colours that survive colour blindness and grey printing, shapes that repeat them."""

from __future__ import annotations

from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH = 520  # px of a full-width chart; the page stretches it
# Blue and vermilion of Okabe and Ito's palette and a grey: told apart with every common colour blindness. Each has a
# contrast of at least 3 to 1 on white and on the dark theme, so grey printing leans on shape, dash and labels instead.
FAMILY_COLOURS = {"prompting": "#0072B2", "tuning": "#D55E00", "classical": "#6F7A7E", "present": "#8A6FB0"}
FAMILY_SHAPES = {"prompting": "circle", "tuning": "diamond", "classical": "triangle-up", "present": "square"}
FAMILY_DASHES = {"prompting": [1, 0], "tuning": [7, 3], "classical": [2, 2], "present": [1, 3]}
FAMILY_LABELS = {
    "prompting": "Prompting", "tuning": "Fine-tuning", "classical": "No language model", "present": "Present system",
}  # fmt: skip


def spec(values: list[dict[str, Any]], layers: list[dict[str, Any]], height: int, **more: Any) -> dict[str, Any]:
    """A layered specification over inline data; nothing in it is fetched."""
    return {"$schema": SCHEMA, "width": WIDTH, "height": height, "data": {"values": values}, "layer": layers, **more}


def numbers_behind(columns: list[str], rows: list[list[str]]) -> dict[str, Any]:
    """The table that stands beside a chart, carried in the specification's `usermeta`."""
    return {"table": {"columns": columns, "rows": rows}}


def family_colour(families: list[str], *, legend: bool = True) -> dict[str, Any]:
    """Colour by family, in a fixed order; the field is `family`, its legend shows shapes where there are some."""
    shown = [family for family in FAMILY_COLOURS if family in families]
    return {
        "field": "family_label",
        "type": "nominal",
        "scale": {
            "domain": [FAMILY_LABELS[family] for family in shown],
            "range": [FAMILY_COLOURS[family] for family in shown],
        },
        "legend": {"title": None, "orient": "top"} if legend else None,
    }


def family_mark(families: list[str], kind: str) -> dict[str, Any]:
    """Shape or dash by family with the same domain as the colour, so that the legends merge."""
    tables: dict[str, dict[str, Any]] = {"shape": FAMILY_SHAPES, "strokeDash": FAMILY_DASHES}
    table = tables[kind]
    shown = [family for family in FAMILY_COLOURS if family in families]
    return {
        "field": "family_label",
        "type": "nominal",
        "scale": {"domain": [FAMILY_LABELS[family] for family in shown], "range": [table[family] for family in shown]},
        "legend": {"title": None, "orient": "top"},
    }
