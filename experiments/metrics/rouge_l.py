"""ROUGE-L: F1 over the longest run of words, in order, that answer and reference share."""

from __future__ import annotations

from experiments.metrics.labels import f1
from experiments.metrics.metric import Metric, best_over
from experiments.metrics.words import words

MAX_WORDS = 2000  # the table has (words of one × words of the other) cells; longer texts are cut here


def longest_common(left: list[str], right: list[str]) -> int:
    """Length of the longest common subsequence, one line of the table at a time."""
    line = [0] * (len(right) + 1)
    for word in left:
        before = 0
        for index, other in enumerate(right, start=1):
            kept = line[index]
            line[index] = before + 1 if word == other else max(kept, line[index - 1])
            before = kept
    return line[-1]


def one(prediction: str, reference: str) -> float:
    """F1 of the shared run; two empty texts agree."""
    said, asked = words(prediction, articles=True)[:MAX_WORDS], words(reference, articles=True)[:MAX_WORDS]
    shared = longest_common(said, asked)
    return f1(shared, len(said) - shared, len(asked) - shared)


METRIC = Metric(
    name="rouge_l",
    label="ROUGE-L",
    one_line="F1 over the longest shared sequence of words (Lin 2004); our own splitting of words, for any script",
    row=best_over(one),
    tasks=("summarisation", "generation"),
)
