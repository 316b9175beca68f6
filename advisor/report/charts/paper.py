"""How charts look on paper; on the page Streamlit's own theme does this, for light and dark."""

from __future__ import annotations

from typing import Any

INK, QUIET, LINE = "#0B1519", "#4A5A61", "#D5DEE1"
FONT = "Noto Sans"
PAPER: dict[str, Any] = {
    "font": FONT,
    "background": "transparent",
    "view": {"stroke": None},
    "text": {"color": INK, "font": FONT, "fontSize": 11},
    "axis": {
        "labelFont": FONT, "titleFont": FONT, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal",
        "labelColor": INK, "titleColor": QUIET, "gridColor": LINE, "domainColor": LINE, "tickColor": LINE,
        "labelPadding": 6, "titlePadding": 8,
    },
    "legend": {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 11, "labelColor": INK, "symbolSize": 90},
}  # fmt: skip
