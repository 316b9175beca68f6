"""F1 over the words that answer and reference share (SQuAD)."""

from __future__ import annotations

from collections import Counter

from experiments.metrics.labels import f1
from experiments.metrics.metric import Metric, best_over
from experiments.metrics.words import words


def one(prediction: str, reference: str) -> float:
    """Words counted with repetition; two empty texts agree."""
    said, asked = Counter(words(prediction)), Counter(words(reference))
    shared = sum((said & asked).values())
    return f1(shared, sum(said.values()) - shared, sum(asked.values()) - shared)


METRIC = Metric(
    name="token_f1",
    label="Token F1",
    one_line="F1 over the words shared with the reference, order ignored",
    row=best_over(one),
    tasks=("question_answering", "extraction"),
)
