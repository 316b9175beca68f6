"""Who wins on quality: best tuning against best affordable prompting, from traits, a prompted score, a pilot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from advisor.estimators.chance import Chance, expit, logit
from advisor.estimators.learning_curve import Point, extrapolate
from advisor.estimators.quality import learned, task_prior
from advisor.vocabulary import CLASSIFYING, Basis, Draws, Estimate, QualityPriors

UNTOLD_EXAMPLES = 3000.0  # assumption: the median training size of the published pairs
PROMPTED_PER_YEAR = 0.2  # the catalog's trend of hosted models, logit a year
LINE_YEAR = 2024.0  # most published pairs
UNTOLD_CLASSES = 6.0


@dataclass(frozen=True, slots=True)
class Case:
    """One comparison, as published or planned; None is not known. `pilot` holds points of the tuned curve."""

    task_type: str | None = None
    n_classes: float | None = None
    metric: str | None = None
    n_train: float | None = None
    prompted_score: float | None = None
    tuned_model_b: float | None = None
    method: str | None = None
    year: float | None = None
    pilot: tuple[Point, ...] = ()
    n_test: float | None = None


@dataclass(frozen=True, slots=True)
class Versus:
    """The chance that tuning scores higher, by how much, and the tuned score; `basis` says what it rests on."""

    chance_tuning_wins: float
    lift: Estimate
    tuned_score: Estimate
    basis: str


def versus(case: Case, priors: QualityPriors, chance: Chance) -> Versus:
    """Simulate the case on the fitted line, sharpened by what was measured."""
    task = task_prior(priors, case.task_type, case.metric)
    prompted = _prompted(case, priors, chance)
    offset = task.tuned_offset + task.tuned_offset_sd * chance.normal("kind of task")
    tuned = priors.intercept + priors.slope_on_prompted * prompted + offset + _method_effect(case, priors, chance)
    tuned = tuned + priors.tuned_sd * chance.normal("what examples teach")
    basis = "traits and published pairs"
    if case.prompted_score is not None:
        basis = "prompted score, traits and published pairs"
    if case.pilot:
        tuned, basis = _with_pilot(case, tuned, chance), f"pilot's learning curve, {basis}"
    lift = expit(tuned) - expit(prompted)
    source = f"{priors.source}; {basis}"
    kind: Basis = "estimated"
    return Versus(
        float(np.mean(lift > 0)),
        _range(lift, "score", kind, source),
        _range(expit(tuned), "score", kind, source),
        basis,
    )


def _prompted(case: Case, priors: QualityPriors, chance: Chance) -> Draws:
    if case.prompted_score is None:
        task = task_prior(priors, case.task_type, case.metric)
        trend = PROMPTED_PER_YEAR * float(np.clip((case.year or LINE_YEAR) - LINE_YEAR, -3, 3))
        return np.asarray(task.prompted + trend + task.prompted_sd * chance.normal("task difficulty"))
    score = case.prompted_score
    sd = np.sqrt(max(score * (1 - score), 0.01) / case.n_test) if case.n_test else 0.0
    return logit(score + sd * chance.normal("test rows of the prompted score"))


def _method_effect(case: Case, priors: QualityPriors, chance: Chance) -> Draws:
    prior = priors.methods.get(case.method or "lora", priors.methods["lora"])
    task = task_prior(priors, case.task_type, case.metric)
    classes = (case.n_classes or UNTOLD_CLASSES) if case.task_type in (*CLASSIFYING, None) else task.classes_like
    size = priors.tuned_per_decade_of_size * float(np.log10((case.tuned_model_b or 7.0) / 7.0))
    rows = UNTOLD_EXAMPLES if case.n_train is None else case.n_train
    own = prior.offset + prior.sd * chance.normal("method")
    return np.asarray(own + size + learned(prior, rows, classes))


def _with_pilot(case: Case, tuned: Draws, chance: Chance) -> Draws:
    """The prior and the extrapolated curve, weighed by their precision on the logit scale."""
    target = case.n_train or max(p.n for p in case.pilot)
    floor = 1.0 / case.n_classes if case.task_type == "classification" and case.n_classes else 0.0
    curve = logit(extrapolate(case.pilot, target, floor, chance.rng("learning curve")).draws)
    picked = curve[chance.rng("which curve").integers(0, len(curve), chance.n)]
    trust = float(np.var(tuned) / (np.var(tuned) + np.var(picked)))
    middle = trust * float(np.median(picked)) + (1 - trust) * float(np.median(tuned))
    sd = float(np.sqrt(trust * np.var(picked)))
    return np.asarray(middle + sd * chance.normal("pilot"))


def _range(draws: Draws, unit: str, basis: Basis, source: str) -> Estimate:
    low, value, high = (float(x) for x in np.quantile(draws, (0.1, 0.5, 0.9)))
    return Estimate(value, low, high, unit, basis, source)
