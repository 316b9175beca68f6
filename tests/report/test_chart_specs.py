"""Charts are valid, hold their data, and say in words what they show."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import Any

import altair
import pytest

from advisor.report import charts
from advisor.report.charts import options as options_chart
from advisor.report.charts.style import FAMILY_COLOURS, FAMILY_LABELS
from advisor.report.money import Money
from advisor.report.outcome import curve, scores
from advisor.vocabulary import Chart, Estimate
from tests.report.made_up import advice, options, results


def all_charts() -> list[Chart]:
    found = curve(results(), 2400)
    assert found is not None
    made = [
        charts.families(advice().chance_best_by_family),
        charts.options_chart(options(), Money(), "macro_f1"),
        charts.cost_over_time(options()[:3], 18, Money()),
        charts.arms(scores(results()), "macro_f1"),
        charts.learning_curve(found, "macro_f1", ("Prompting with examples", 0.72)),
    ]
    return [chart for chart in made if chart is not None]


def urls(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [str(v) for k, v in value.items() if k in ("url", "href")] + [u for v in value.values() for u in urls(v)]
    return [u for v in value for u in urls(v)] if isinstance(value, list) else []


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.title[:30])
def test_every_chart_is_valid_vega_lite_with_its_data_inside(chart: Chart) -> None:
    assert altair.Chart.from_dict(chart.spec).to_dict()["layer"]
    json.dumps(chart.spec, allow_nan=False)
    assert urls(chart.spec) == []
    assert chart.spec["data"]["values"]


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.title[:30])
def test_every_chart_has_alt_text_and_a_table_with_its_numbers(chart: Chart) -> None:
    table = chart.spec["usermeta"]["table"]
    assert all(len(row) == len(table["columns"]) for row in table["rows"])
    for row in table["rows"]:
        assert any(cell.split(" (")[0] in chart.alt for cell in row[1:]), (row, chart.alt)


def test_colours_can_be_seen_on_light_and_dark() -> None:
    # WCAG: contrast of a graphic at least 3 to 1; (L1 + 0.05) / (L2 + 0.05)
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colour in FAMILY_COLOURS.values():
        assert 1.05 / (luminance(colour) + 0.05) >= 3
        assert (luminance(colour) + 0.05) / (luminance("#12191C") + 0.05) >= 3
    assert set(FAMILY_COLOURS) == set(FAMILY_LABELS)


def test_options_without_known_cost_are_not_drawn() -> None:
    first, *others = options()
    unknown = replace(first, estimates={**first.estimates, "monthly_cost_usd": Estimate.unknown("USD", "no price")})
    chart = charts.options_chart((unknown, *others[:2]), Money(), None)
    assert chart is not None
    assert [value["number"] for value in chart.spec["data"]["values"]] == ["2", "3"]
    assert charts.options_chart((unknown, others[0]), Money(), None) is None


def test_money_in_charts_is_converted() -> None:
    chart = charts.cost_over_time(options()[:3], 10, Money("EUR", 2.0))
    assert chart is not None
    ends = [value for value in chart.spec["data"]["values"] if value["month"] == 10]
    # LoRA: (2,900 + 10 × 520) USD / 2 = 4,050 EUR
    assert ends[0]["spent"] == pytest.approx(4050)
    assert "EUR" in chart.alt


def test_the_curve_goes_on_only_where_the_rows_are_known() -> None:
    known, unknown = curve(results(), 2400), curve(results())
    assert known is not None
    assert unknown is not None
    ahead = [v["n"] for v in charts.learning_curve(known, None).spec["data"]["values"] if v["ahead"]]
    assert ahead == [800, 2400]
    assert not any(v["ahead"] for v in charts.learning_curve(unknown, None).spec["data"]["values"])


@pytest.mark.parametrize("dearest_usd", [900.0, 90_000.0])
def test_numbers_of_a_row_of_close_points_do_not_touch(dearest_usd: float) -> None:
    """Points near enough for the numbers between two of them to meet, on a linear axis and on one that multiplies."""
    row = []
    for i, given in enumerate(options()[:5]):
        cost, score = 500.0 * 1.06**i, 0.80 + 0.004 * i
        changed = {
            "monthly_cost_usd": Estimate(cost, cost * 0.9, dearest_usd, "USD", "estimated", "made up"),
            "quality": Estimate(score, 0.6, 0.95, "score", "estimated", "made up"),
        }
        row.append(replace(given, estimates={**given.estimates, **changed}))
    chart = charts.options_chart(tuple(row), Money(), None)
    assert chart is not None
    values = chart.spec["data"]["values"]
    points = options_chart.points_px(values, chart.spec["layer"][0]["encoding"]["x"]["scale"].get("type", "linear"))
    numbers = []
    for value, (x, y) in zip(values, points, strict=True):
        how = options_chart.SIDES[value["side"]]
        numbers.append((x + options_chart.middle(how), y + how["dy"]))
    for one, other in itertools.combinations(numbers, 2):
        assert abs(one[0] - other[0]) >= 8 or abs(one[1] - other[1]) >= 10
