"""F1 over the fields of JSON answers: a field counts when its place and its value are both right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from experiments.metrics.json_values import fields, parsed
from experiments.metrics.labels import f1
from experiments.metrics.metric import Metric, Pair, best_over


def found(prediction: str, reference: str) -> tuple[int, int, int]:
    """(Right, extra, missed) fields; an answer that is not JSON misses all and says nothing."""
    said, asked = Counter(fields(parsed(prediction))), Counter(fields(parsed(reference)))
    right = sum((said & asked).values())
    return right, sum(said.values()) - right, sum(asked.values()) - right


def one(prediction: str, reference: str) -> float:
    """F1 of one row; a row with nothing to find is right only when valid JSON says nothing."""
    counted = found(prediction, reference)
    return 0.0 if not any(counted) and parsed(prediction) is None else f1(*counted)


def over_all(pairs: Sequence[Pair]) -> float:
    """Fields of all rows are counted together, each row against its best reference."""
    best = [
        max((found(prediction, reference) for reference in references), key=lambda c: f1(*c))
        for prediction, references in pairs
    ]
    return f1(sum(c[0] for c in best), sum(c[1] for c in best), sum(c[2] for c in best))


METRIC = Metric(
    name="field_f1",
    label="Field F1",
    one_line="F1 over all fields of the JSON answers, place and value both right; case does not count",
    row=best_over(one),
    over_all=over_all,
    chance=lambda _answers: 0.0,
    tasks=("extraction", "function_calling"),
)
