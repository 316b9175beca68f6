"""The theme's colours can be read, by day and by night, and told apart."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

THEME = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text())["theme"]
TEXT, SHAPES = 4.5, 3.0  # least contrast of text and of shapes; WCAG 2.2, 1.4.3 and 1.4.11
CAPTION_OPACITY = 0.6  # how Streamlit fades captions and help


def channels(colour: str) -> list[float]:
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def luminance(rgb: list[float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: list[float], other: list[float]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def faded(text: str, ground: str) -> list[float]:
    return [
        t * CAPTION_OPACITY + g * (1 - CAPTION_OPACITY) for t, g in zip(channels(text), channels(ground), strict=True)
    ]


def deuteranope(rgb: list[float]) -> list[float]:
    """How a person without green cones sees it (Viénot, Brettel and Mollon 1999, rounded)."""
    r, g, b = rgb
    return [0.625 * r + 0.375 * g, 0.7 * r + 0.3 * g, 0.3 * g + 0.7 * b]


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> dict[str, Any]:
    return THEME[request.param]


def test_contrast_is_known_by_hand() -> None:
    assert contrast(channels("#FFFFFF"), channels("#000000")) == pytest.approx(21.0)


def test_text_captions_and_links_can_be_read(theme: dict[str, Any]) -> None:
    grounds = [theme["backgroundColor"], theme["sidebar"]["backgroundColor"]]
    for ground in grounds:
        assert contrast(channels(theme["textColor"]), channels(ground)) >= 7
        assert contrast(faded(theme["textColor"], ground), channels(ground)) >= TEXT
        assert contrast(channels(theme["linkColor"]), channels(ground)) >= TEXT


def test_the_primary_button_can_be_read_and_seen(theme: dict[str, Any]) -> None:
    primary = channels(theme["primaryColor"])
    assert contrast(primary, channels("#FFFFFF")) >= TEXT
    assert contrast(primary, channels(theme["backgroundColor"])) >= SHAPES


def test_chart_colours_stand_out_and_differ_for_everyone(theme: dict[str, Any]) -> None:
    colours = [channels(c) for c in theme["chartCategoricalColors"]]
    for colour in colours:
        assert contrast(colour, channels(theme["backgroundColor"])) >= SHAPES
    for one, other in combinations(colours[:3], 2):  # prompting, tuning, classical
        for seen in (list, deuteranope):
            distance = sum((a - b) ** 2 for a, b in zip(seen(one), seen(other), strict=True)) ** 0.5
            assert distance > 0.15
