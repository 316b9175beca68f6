"""A logistic regression over vectors, for one label or several per row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from advisor.vocabulary import Example
from experiments.metrics.labels import SEPARATORS

MAX_STEPS = 2000  # lbfgs needs a few hundred here; a limit that is met would show as a warning
THRESHOLD = 0.5


Head = Callable[[Any], list[str]]


def fit_head(vectors: Any, train: Sequence[Example], strength: float, several: bool) -> Head:
    """A function from vectors (one row each) to their answers; `strength` is sklearn's C."""
    return several_labels(vectors, train, strength) if several else one_label(vectors, train, strength)


def one_label(vectors: Any, train: Sequence[Example], strength: float) -> Head:
    """The most probable label."""
    from sklearn.linear_model import LogisticRegression

    answers = [e.output for e in train]
    if len(set(answers)) == 1:
        return lambda rows: answers[:1] * rows.shape[0]
    model = LogisticRegression(C=strength, max_iter=MAX_STEPS).fit(vectors, answers)
    return lambda rows: [str(label) for label in model.predict(rows)]


def several_labels(vectors: Any, train: Sequence[Example], strength: float) -> Head:
    """Every label more probable than not, and at least the most probable one; joined as the training rows join."""
    from sklearn.linear_model import LogisticRegression

    separator = separator_of([e.output for e in train])
    sets = [[part.strip() for part in e.output.split(separator) if part.strip()] for e in train]
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
        return [separator.join(chosen_labels(names, row)) for row in chances]

    return answer


def chosen_labels(names: Sequence[str], chances: np.ndarray) -> list[str]:
    """The names that are more probable than not, or else the most probable one."""
    chosen = [name for name, chance in zip(names, chances, strict=True) if chance >= THRESHOLD]
    return chosen or [names[int(chances.argmax())]]


def separator_of(outputs: Sequence[str]) -> str:
    """What stands between the labels of a row in these outputs."""
    return next((s for s in SEPARATORS if any(s in output for output in outputs)), ";")
