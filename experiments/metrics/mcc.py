"""Matthews' correlation over all labels, moved to 0..1: 0.5 is what guessing reaches."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from experiments.metrics.labels import clean
from experiments.metrics.metric import Metric, Pair, best_over


def over_all(pairs: Sequence[Pair]) -> float:
    """(R_K + 1) / 2 with Gorodkin's R_K (2004); R_K is 0 where all predictions or all references are the same."""
    said = [clean(prediction) for prediction, _ in pairs]
    true = [clean(references[0]) for _, references in pairs]
    rows, right = len(pairs), sum(a == b for a, b in zip(said, true, strict=True))
    predicted, occurring = Counter(said), Counter(true)
    covariance = right * rows - sum(predicted[label] * occurring[label] for label in occurring)
    spread = math.sqrt(
        (rows**2 - sum(n**2 for n in predicted.values())) * (rows**2 - sum(n**2 for n in occurring.values()))
    )
    return 0.5 if spread == 0 else (covariance / spread + 1) / 2


METRIC = Metric(
    name="mcc",
    label="Matthews correlation",
    one_line="correlation of predicted and true labels, (m + 1) / 2; per row: right or wrong",
    row=best_over(lambda prediction, reference: float(clean(prediction) == clean(reference))),
    over_all=over_all,
    chance=lambda _answers: 0.5,
    tasks=("classification",),
)
