"""Who wins on quality: best tuning against best affordable prompting, from traits, a prompted score, a pilot.

Two unknowns, both logits of a score: where prompting gets, and what training reaches with endless examples. Published
pairs join them by a line. A prompted score fixes the first; what few examples cost, or a pilot's own learning curve,
leads from the second to the training size asked about.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from advisor.estimators.chance import Chance, expit, logit
from advisor.estimators.conditioning import moves
from advisor.estimators.learning_curve import Point, extrapolate
from advisor.estimators.quality import HOSTED_SIZE_B, learned, task_prior
from advisor.vocabulary import CLASSIFYING, Basis, Draws, Estimate, MethodPrior, QualityPriors

UNTOLD_EXAMPLES = 3000.0  # assumption: the median training size of the published pairs
PROMPTED_PER_YEAR = 0.2  # the catalog's trend of hosted models, logit a year
LINE_YEAR = 2024.0  # most published pairs
YEARS_EITHER_WAY = (-2.0, 2.5)  # of the pairs; a trend is not carried further
# assumption: a smaller tuned model is an encoder of earlier years, whatever year it is tuned in
LATER_BASES_FROM_B = 1.0
UNTOLD_CLASSES = 4.0  # assumption: the median of published classification pairs with few labels
DOUBT_OF_COST = 0.4  # assumption: what few examples cost is known to 40 %
BEST_OF_FIVE = 1.16  # sds by which the best of five leads; assumption: five (LoRA Land tuned ten, others fewer)
GUESSED_METRICS = ("accuracy", "exact_match", None)


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
    prompted_model_b: float | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class Versus:
    """The chance that tuning scores higher, by how much, and the tuned score; `basis` says what it rests on.

    `warnings` say why the pilot's learning curve should not be leaned on.
    """

    chance_tuning_wins: float
    lift: Estimate
    tuned_score: Estimate
    basis: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """Draws of where prompting and training get, as logits of the score."""

    prompted: Draws
    tuned: Draws
    warnings: tuple[str, ...] = ()

    @property
    def chance(self) -> float:
        """The share of draws in which tuning scores higher."""
        return float(np.mean(self.tuned > self.prompted))

    @property
    def lift(self) -> Draws:
        """How much higher tuning scores."""
        return np.asarray(expit(self.tuned) - expit(self.prompted))


def versus(case: Case, priors: QualityPriors, chance: Chance) -> Versus:
    """Simulate the case on the fitted line, sharpened by what was measured."""
    found = reached(case, priors, chance)
    basis = "traits and published pairs"
    if case.prompted_score is not None:
        basis = "prompted score, traits and published pairs"
    if case.pilot:
        basis = f"pilot's learning curve, {basis}"
    source = f"{priors.source}; {basis}"
    tuned = _range(expit(found.tuned), source)
    return Versus(found.chance, _range(found.lift, source), tuned, basis, found.warnings)


def reached(case: Case, priors: QualityPriors, chance: Chance) -> Reached:
    """Where prompting and training get, in every draw."""
    prompted = _prompted(case, priors, chance)
    endless = _endless(case, prompted, priors, chance)
    cost = _cost_of_few(case, priors)
    tuned = endless + cost * (1 + DOUBT_OF_COST * chance.normal("what few examples cost"))
    if not case.pilot:
        return Reached(prompted, tuned)
    target = case.n_train or max(p.n for p in case.pilot)
    ahead = BEST_OF_FIVE * priors.model_transfer_sd  # published pairs hold the best of several models, a pilot has one
    end = (float(np.mean(endless)) - ahead, float(np.hypot(np.std(endless), priors.model_transfer_sd)))
    curve = extrapolate(case.pilot, target, _floor(case), chance.rng("learning curve"), end)
    picked = logit(curve.draws[chance.rng("which curve").integers(0, len(curve.draws), chance.n)])
    (shift,) = moves((prompted,), tuned, picked, 0.0)  # a task that trains better than expected prompts better, too
    return Reached(prompted + shift, picked, curve.warnings)


def _prompted(case: Case, priors: QualityPriors, chance: Chance) -> Draws:
    if case.prompted_score is None:
        task = task_prior(priors, case.task_type, case.metric)
        trend = PROMPTED_PER_YEAR * _years(case)
        return np.asarray(task.prompted + trend + task.prompted_sd * chance.normal("task difficulty"))
    score = case.prompted_score
    sd = np.sqrt(max(score * (1 - score), 0.01) / case.n_test) if case.n_test else 0.0
    return logit(score + sd * chance.normal("test rows of the prompted score"))


def _years(case: Case) -> float:
    return float(np.clip((LINE_YEAR if case.year is None else case.year) - LINE_YEAR, *YEARS_EITHER_WAY))


def _endless(case: Case, prompted: Draws, priors: QualityPriors, chance: Chance) -> Draws:
    """What this method reaches on this kind of task with endless examples."""
    task, method = task_prior(priors, case.task_type, case.metric), _method(case, priors)
    size_b = case.tuned_model_b or 7.0
    base = priors.open_per_decade_of_size * float(np.log10(size_b / 7.0))
    base += priors.open_per_year * _years(case) if size_b >= LATER_BASES_FROM_B else 0.0
    small = float(np.log10(HOSTED_SIZE_B / np.clip(case.prompted_model_b or HOSTED_SIZE_B, 0.1, HOSTED_SIZE_B)))
    level = priors.intercept + task.tuned_offset + method.offset + priors.tuned_per_year * _years(case)
    level += (task.base_matters * base if method.from_base else 0.0) + priors.tuned_per_decade_of_prompted_size * small
    sd = float(np.sqrt(task.tuned_offset_sd**2 + priors.tuned_sd**2 + method.sd**2))
    slope = priors.slope_on_prompted + task.slope_shift
    return np.asarray(level + slope * prompted + sd * chance.normal("what examples teach"))


def _method(case: Case, priors: QualityPriors) -> MethodPrior:
    found = priors.methods.get(case.method or "lora", priors.methods["lora"])
    return found if found.learns == "examples" else priors.methods["lora"]


def _cost_of_few(case: Case, priors: QualityPriors) -> float:
    """Logit lost by training on so few examples instead of endless ones (≤ 0)."""
    task = task_prior(priors, case.task_type, case.metric)
    classes = (case.n_classes or UNTOLD_CLASSES) if case.task_type in (*CLASSIFYING, None) else task.classes_like
    rows = UNTOLD_EXAMPLES if case.n_train is None else case.n_train
    return float(learned(_method(case, priors), rows, classes))


def _floor(case: Case) -> float:
    guessed = case.task_type == "classification" and case.metric in GUESSED_METRICS
    return 1.0 / case.n_classes if guessed and case.n_classes else 0.0


def _range(draws: Draws, source: str) -> Estimate:
    basis: Basis = "estimated"
    low, value, high = (float(x) for x in np.quantile(draws, (0.1, 0.5, 0.9)))
    return Estimate(value, low, high, "score", basis, source)
