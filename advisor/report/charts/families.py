"""How likely each family holds the best choice: one bar per family."""

from __future__ import annotations

from advisor.report import names
from advisor.report.charts.style import FAMILY_COLOURS, numbers_behind, spec
from advisor.report.numbers import chance as say_chance
from advisor.vocabulary import Chart

BAR_PX = 28


def families(chances: dict[str, float], among: str = "") -> Chart:
    """One bar per family, the likeliest on top, its chance beside it; `among` says of which futures."""
    ranked = sorted(chances.items(), key=lambda item: -item[1])
    values = [
        {
            "family": names.family(family),
            "chance": chance,
            "label": say_chance(chance),
            "colour": FAMILY_COLOURS.get(family),
        }
        for family, chance in ranked
    ]
    y = {"field": "family", "type": "nominal", "sort": None, "title": None, "axis": {"ticks": False, "domain": False}}
    x = {"field": "chance", "type": "quantitative", "scale": {"domain": [0, 1]}, "title": None, "axis": None}
    layers = [
        {
            "mark": {"type": "bar", "height": {"band": 0.62}, "cornerRadiusEnd": 2},
            "encoding": {"y": y, "x": x, "color": {"field": "colour", "type": "nominal", "scale": None}},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": "bold"},
            "encoding": {"y": y, "x": x, "text": {"field": "label", "type": "nominal"}},
        },
    ]
    said = ", ".join(f"{v['family']} {v['label']}" for v in values)
    table = numbers_behind(["Family", "Chance"], [[str(v["family"]), str(v["label"])] for v in values])
    return Chart(
        f"Chance that the best choice for this task is of each kind{among}",
        spec(values, layers, BAR_PX * max(1, len(values)), usermeta=table),
        f"Bar chart of the chance that each kind of method is the best choice: {said}.",
    )
