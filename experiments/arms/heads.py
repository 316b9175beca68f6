"""A logistic regression over vectors, for one label or several per row."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from advisor.vocabulary import Example
from experiments.arms.fitted import Fitted
from experiments.metrics.labels import listed_labels

MAX_STEPS = 2000  # lbfgs needs a few hundred here; a limit that is met would show as a warning
THRESHOLD = 0.5
SMALLEST_SD = 1e-6  # a column that never changes stays 0


def fit_head(vectors: Any, train: Sequence[Example], strength: float, several: bool) -> Fitted:
    """What answers vectors (one row each); `strength` is sklearn's C."""
    return several_labels(vectors, train, strength) if several else one_label(vectors, train, strength)


def standardised(vectors: Any, fit: Callable[[Any], Fitted]) -> Fitted:
    """A head over standardised columns: a few dimensions of hidden states are hundreds of times the others."""
    mean, sd = vectors.mean(axis=0), vectors.std(axis=0) + SMALLEST_SD
    head = fit((vectors - mean) / sd)
    kept = {**head.objects, "mean": mean, "sd": sd}
    return Fitted(lambda rows: head.answer((rows - mean) / sd), head.plain, kept)


def one_label(vectors: Any, train: Sequence[Example], strength: float) -> Fitted:
    """The most probable label; the only one where there is no other."""
    from sklearn.linear_model import LogisticRegression

    answers = [e.output for e in train]
    if len(set(answers)) == 1:
        return Fitted(lambda rows: answers[:1] * rows.shape[0], {"head": "only_label", "label": answers[0]})
    model = LogisticRegression(C=strength, max_iter=MAX_STEPS).fit(vectors, answers)
    return Fitted(
        lambda rows: [str(label) for label in model.predict(rows)], {"head": "one_label"}, {"models": [model]}
    )


def several_labels(vectors: Any, train: Sequence[Example], strength: float) -> Fitted:
    """Every label more probable than not, as a JSON list; the most probable one where a row always has some."""
    from sklearn.linear_model import LogisticRegression

    sets = [listed_labels(e.output) for e in train]
    at_least_one = all(sets)
    names = sorted({name for labels in sets for name in labels})
    members = np.array([[name in labels for name in names] for labels in sets])
    models = [
        None if column.all() or not column.any() else LogisticRegression(C=strength, max_iter=MAX_STEPS)
        for column in members.T
    ]
    for model, column in zip(models, members.T, strict=True):
        if model is not None:
            model.fit(vectors, column)

    def answer(rows: Any) -> list[str]:
        chances = np.ones((rows.shape[0], len(models)))
        for column, model in enumerate(models):
            if model is not None:
                chances[:, column] = model.predict_proba(rows)[:, 1]
        return [json.dumps(chosen_labels(names, row, at_least_one), ensure_ascii=False) for row in chances]

    plain = {"head": "several_labels", "labels": names, "at_least_one": at_least_one, "threshold": THRESHOLD}
    return Fitted(answer, plain, {"models": models})


def chosen_labels(names: Sequence[str], chances: np.ndarray, at_least_one: bool, bar: float = THRESHOLD) -> list[str]:
    """The names that reach the bar (more probable than not), or else, where there has to be one, the most probable."""
    chosen = [name for name, chance in zip(names, chances, strict=True) if chance >= bar]
    return chosen or ([names[int(chances.argmax())]] if at_least_one and names else [])
