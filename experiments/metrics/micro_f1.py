"""F1 over all labels of all rows together: for rows with several labels."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.metrics.labels import counts, f1, label_set
from experiments.metrics.metric import Metric, Pair, best_over


def one(prediction: str, reference: str) -> float:
    """F1 of one row's set of labels."""
    said, true = label_set(prediction), label_set(reference)
    return f1(len(said & true), len(said - true), len(true - said))


def over_all(pairs: Sequence[Pair]) -> float:
    """Counts are added over all labels before the F1 is taken."""
    found = counts(pairs, several=True).values()
    return f1(sum(c[0] for c in found), sum(c[1] for c in found), sum(c[2] for c in found))


METRIC = Metric(
    name="micro_f1",
    label="Micro F1",
    one_line="F1 over all labels of all rows; a row's labels are a JSON list, or parted by ';', '|', lines or commas",
    row=best_over(one),
    over_all=over_all,
    tasks=("multi_label_classification", "classification"),
)
