"""Mean over the labels of each label's F1: rare labels count as much as frequent ones."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.metrics.labels import clean, counts, f1
from experiments.metrics.metric import Metric, Pair, best_over


def over_all(pairs: Sequence[Pair]) -> float:
    """Over the labels that occur in the references: a label nobody asked for is a mistake of the others."""
    asked = {clean(references[0]) for _, references in pairs}
    scores = [f1(*found) for label, found in counts(pairs, several=False).items() if label in asked]
    return sum(scores) / len(scores)


METRIC = Metric(
    name="macro_f1",
    label="Macro F1",
    one_line="mean of the F1 of each label that occurs in the references; per row: right or wrong",
    row=best_over(lambda prediction, reference: float(clean(prediction) == clean(reference))),
    over_all=over_all,
    tasks=("classification",),
)
