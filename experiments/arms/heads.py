"""A logistic regression over vectors, for one label or several per row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from advisor.vocabulary import Example
from experiments.arms.fitted import Fitted
from experiments.arms.job import ArmJob
from experiments.arms.label_sets import LabelSets
from experiments.metrics.labels import listed_labels

MAX_STEPS = 2000  # lbfgs needs a few hundred here; a limit that is met would show as a warning
THRESHOLD = 0.5  # the bar where no validation inputs set another
SMALLEST_SD = 1e-6  # a column that never changes stays 0


def unseen_of(job: ArmJob, read: Callable[[list[Example]], Any]) -> Any | None:
    """Vectors of the validation inputs, which the bar of several labels a row is set on; None with one label."""
    if job.task_type != "multi_label_classification":
        return None
    return read(list(job.validation)) if job.validation else read(list(job.train[:1]))[:0]


def fit_head(vectors: Any, train: Sequence[Example], strength: float, unseen: Any | None) -> Fitted:
    """What answers vectors (one row each); `strength` is sklearn's C.

    `unseen`: vectors of validation inputs, whose answers are not looked at, where a row may have several labels.
    """
    return one_label(vectors, train, strength) if unseen is None else several_labels(vectors, train, strength, unseen)


def standardised(vectors: Any, unseen: Any, fit: Callable[[Any, Any], Fitted]) -> Fitted:
    """A head over standardised columns: a few dimensions of hidden states are hundreds of times the others."""
    mean, sd = vectors.mean(axis=0), vectors.std(axis=0) + SMALLEST_SD
    head = fit((vectors - mean) / sd, (unseen - mean) / sd)
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


def several_labels(vectors: Any, train: Sequence[Example], strength: float, unseen: Any) -> Fitted:
    """Every label above one bar, as a JSON list; the most probable one where a row always has some.

    The bar is that of `LabelSets`: few examples make every chance small, and one half would give hardly any label. With
    words and 62 labels (256 training rows, 280 test rows) micro-F1 is .588 with it, and .275 with one half.
    """
    from sklearn.linear_model import LogisticRegression

    # liblinear takes a tenth of lbfgs's time for the same scores; it holds the intercept down unless that is scaled
    how = {"solver": "liblinear", "intercept_scaling": 10.0}
    sets = [listed_labels(e.output) for e in train]
    names = sorted({name for labels in sets for name in labels})
    members = np.array([[name in labels for name in names] for labels in sets])
    models = [
        None if column.all() or not column.any() else LogisticRegression(C=strength, **how) for column in members.T
    ]
    for model, column in zip(models, members.T, strict=True):
        if model is not None:
            model.fit(vectors, column)

    def chances(rows: Any) -> np.ndarray:
        found = np.ones((rows.shape[0], len(models)))
        for column, model in enumerate(models):
            if model is not None:
                found[:, column] = model.predict_proba(rows)[:, 1]
        return found

    sets_of = LabelSets.like(train, tuple(names))
    sets_of = sets_of.barred(chances(unseen)) if unseen.shape[0] else replace(sets_of, bar=THRESHOLD)
    plain = {"head": "several_labels", "labels": names, "at_least_one": sets_of.at_least_one, "bar": sets_of.bar}
    return Fitted(lambda rows: [sets_of.choose(row) for row in chances(rows)], plain, {"models": models})
