"""A logistic regression over vectors, for one label or several per row."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from advisor.vocabulary import Example
from experiments.metrics.labels import listed_labels

MAX_STEPS = 2000  # lbfgs needs a few hundred here; a limit that is met would show as a warning
THRESHOLD = 0.5
SMALLEST_SD = 1e-6  # a column that never changes stays 0


Head = Callable[[Any], list[str]]


def fit_head(vectors: Any, train: Sequence[Example], strength: float, several: bool) -> Head:
    """A function from vectors (one row each) to their answers; `strength` is sklearn's C."""
    return several_labels(vectors, train, strength) if several else one_label(vectors, train, strength)


def standardised(vectors: Any, fit: Callable[[Any], Head]) -> Head:
    """A head over standardised columns: a few dimensions of hidden states are hundreds of times the others."""
    mean, sd = vectors.mean(axis=0), vectors.std(axis=0) + SMALLEST_SD
    head = fit((vectors - mean) / sd)
    return lambda rows: head((rows - mean) / sd)


def one_label(vectors: Any, train: Sequence[Example], strength: float) -> Head:
    """The most probable label."""
    from sklearn.linear_model import LogisticRegression

    answers = [e.output for e in train]
    if len(set(answers)) == 1:
        return lambda rows: answers[:1] * rows.shape[0]
    model = LogisticRegression(C=strength, max_iter=MAX_STEPS).fit(vectors, answers)
    return lambda rows: [str(label) for label in model.predict(rows)]


def several_labels(vectors: Any, train: Sequence[Example], strength: float) -> Head:
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
        always = np.ones(rows.shape[0])
        chances = np.stack([always if m is None else m.predict_proba(rows)[:, 1] for m in models], axis=1)
        return [json.dumps(chosen_labels(names, row, at_least_one), ensure_ascii=False) for row in chances]

    return answer


def chosen_labels(names: Sequence[str], chances: np.ndarray, at_least_one: bool) -> list[str]:
    """The names that are more probable than not, or else, where there has to be one, the most probable."""
    chosen = [name for name, chance in zip(names, chances, strict=True) if chance >= THRESHOLD]
    return chosen or ([names[int(chances.argmax())]] if at_least_one and names else [])
