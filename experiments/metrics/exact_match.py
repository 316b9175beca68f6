"""Share of rows whose answer is the reference, JSON compared as values, text as cleaned words."""

from __future__ import annotations

from experiments.metrics.json_values import parsed, same
from experiments.metrics.metric import Metric, best_over
from experiments.metrics.words import cleaned


def one(prediction: str, reference: str) -> float:
    """1 where both say the same: the same JSON value, or the same words, or literally the same text."""
    if prediction.strip() == reference.strip():
        return 1.0
    asked = parsed(reference)
    if isinstance(asked, dict | list):
        said = parsed(prediction)
        return float(said is not None and same(said, asked))
    clean_reference = cleaned(reference)
    return float(bool(clean_reference) and cleaned(prediction) == clean_reference)


METRIC = Metric(
    name="exact_match",
    label="Exact match",
    one_line="share of answers equal to the reference, but for case, punctuation and the order of JSON keys",
    row=best_over(one),
)
