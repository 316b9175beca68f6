"""Share of answers that are JSON of the same kind as the reference (object, list, value)."""

from __future__ import annotations

from experiments.metrics.json_values import parsed
from experiments.metrics.metric import Metric, best_over


def one(prediction: str, reference: str) -> float:
    """1 for JSON of the reference's kind."""
    said = parsed(prediction)
    return float(said is not None and isinstance(said, type(parsed(reference))))


METRIC = Metric(
    name="valid_json",
    label="Valid JSON",
    one_line="share of answers that are JSON of the same kind as the reference",
    row=best_over(one),
    tasks=("extraction", "function_calling"),
)
