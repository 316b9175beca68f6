"""Charts as Vega-Lite specifications, the same on the page and in the PDF, each with alt text and its numbers."""

from advisor.report.charts.arms import arms
from advisor.report.charts.cost import cost_over_time
from advisor.report.charts.curve import learning_curve
from advisor.report.charts.families import families
from advisor.report.charts.options import options_chart

__all__ = ["arms", "cost_over_time", "families", "learning_curve", "options_chart"]
