"""Answers that are labels, one or several: how they are read and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from experiments.metrics.json_values import parsed
from experiments.metrics.metric import Pair

SEPARATORS = (";", "|", "\n", ",")


def clean(label: str) -> str:
    """A label without case and outer spaces."""
    return " ".join(label.split()).casefold()


def label_set(answer: str) -> frozenset[str]:
    """The labels of an answer: a JSON list (as data sets keep them), else the parts between the first separator."""
    return frozenset(clean(part) for part in listed_labels(answer) if part.strip())


def listed_labels(answer: str) -> list[str]:
    """The labels of an answer as they are written, in their order."""
    listed = parsed(answer)
    if isinstance(listed, list):
        return [str(item) for item in listed]
    found = next((s for s in SEPARATORS if s in answer), None)
    return answer.split(found) if found else [answer]


def counts(pairs: Sequence[Pair], several: bool) -> dict[str, tuple[int, int, int]]:
    """Per label (true positives, false positives, false negatives); the first reference counts."""
    right: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for prediction, references in pairs:
        said = label_set(prediction) if several else frozenset([clean(prediction)])
        true = label_set(references[0]) if several else frozenset([clean(references[0])])
        right.update(said & true)
        extra.update(said - true)
        missed.update(true - said)
    names = {*right, *extra, *missed}
    return {name: (right[name], extra[name], missed[name]) for name in sorted(names)}


def f1(true_positives: int, false_positives: int, false_negatives: int) -> float:
    """2·TP / (2·TP + FP + FN); 1 where there was nothing to find and nothing was said."""
    whole = 2 * true_positives + false_positives + false_negatives
    return 2 * true_positives / whole if whole else 1.0
