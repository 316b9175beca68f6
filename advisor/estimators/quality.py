"""Quality of an option, draw by draw: logit = kind of task + task difficulty + capability + method(examples, classes).

A task has two shared causes: how well prompting gets (`prompted`) and what training reaches with endless examples
(`tuned`), joined by the line fitted on published pairs. Leaves out: contamination, prompt skill, language.
Known error: from traits alone the lift is hardly predictable (R² ≤ 0.23), so the ranges are wide.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from advisor.estimators.chance import Chance, expit
from advisor.vocabulary import (
    CLASSIFYING,
    Draws,
    MethodPrior,
    ModelCard,
    QualityPriors,
    TaskDraws,
    TaskPrior,
    TaskProfile,
)

OVERLAP_METRICS = ("rouge", "chrf", "bleu", "meteor", "bertscore")
QUERY_METRICS = ("exec", "sql")  # how published results score queries against a database
TEXT_TASKS = ("generation", "summarisation")
GUESSABLE = ("accuracy", "macro_f1", "micro_f1", "exact_match", None)
HOSTED_SIZE_B = 1000.0  # assumption: hosted models do not tell; only ratios of ten matter
FEWEST_PER_CLASS = 1.0  # assumption: a trained model with nothing to learn from is as good as with one of each
CLASS_POWER = 0.85  # sizes where LoRA overtakes many-shot prompting grow a little slower than the labels do
SMALLEST_THAT_TELLS_B = 0.7  # assumption: prompting a smaller model tells nothing about training
SHARED_CAPABILITY = 0.6  # assumption: of a capability's variance, what all hosted (or all open) models share
MODEL_BY_TASK_SD = 0.25  # assumption: what one model does better on one task than its capability says


@dataclass(frozen=True, slots=True)
class World:
    """One task as every option sees it.

    What measuring a model of some size changed: `moves` the prompted level, `shared_moves` what models of a kind
    (hosted or open) have in common, `own_moves` that model itself. `ruled` is what the rules add to the logit of each
    method: a measured score holds it already.
    """

    chance: Chance
    priors: QualityPriors
    task: TaskPrior
    task_type: str | None
    prompted: Draws
    tuned: Draws
    classes: Draws
    labelled: Draws
    floor: Draws
    moves: tuple[tuple[float, Draws], ...] = ()
    shared_moves: tuple[tuple[float, str, Draws], ...] = ()
    own_moves: dict[str, Draws] = field(default_factory=dict)
    ruled: dict[str, Draws] = field(default_factory=dict)


def task_prior(priors: QualityPriors, task_type: str | None, metric: str | None) -> TaskPrior:
    """The row of this kind of task; judged text is not text scored by overlap, code that is run as a query is SQL."""
    named = (metric or "").lower()
    if task_type in TEXT_TASKS and metric and not any(word in named for word in OVERLAP_METRICS):
        return priors.tasks["generation_judged"]
    if task_type == "code" and any(word in named for word in QUERY_METRICS):
        return priors.tasks["text_to_sql"]
    return priors.tasks[task_type or "any"]


def world_of(profile: TaskProfile, draws: TaskDraws, priors: QualityPriors, chance: Chance) -> World:
    """The task before anything is measured."""
    task = task_prior(priors, profile.task_type, profile.metric)
    prompted = task.prompted + task.prompted_sd * chance.normal("task difficulty")
    offset = task.tuned_offset + task.tuned_offset_sd * chance.normal("kind of task")
    learnable = priors.tuned_sd * chance.normal("what examples teach")
    slope = priors.slope_on_prompted + task.slope_shift
    tuned = priors.intercept + slope * prompted + offset + learnable
    is_classes = profile.task_type in CLASSIFYING or profile.task_type is None
    classes = draws.n_classes if is_classes else np.full(draws.n, task.classes_like)
    floor = guessing(profile.metric, profile.task_type, draws.n_classes)
    return World(chance, priors, task, profile.task_type, prompted, tuned, classes, draws.labelled_examples, floor)


def guessing(metric: str | None, task_type: str | None, classes: Draws) -> Draws:
    """What guessing reaches: one in n_classes for accuracy and its like, one half for MCC (as (m + 1) / 2), else 0."""
    if metric == "mcc":
        return np.full(len(classes), 0.5)
    if task_type == "classification" and metric in GUESSABLE:
        return np.asarray(1.0 / np.maximum(classes, 1.0))
    return np.zeros(len(classes))


def size_b(model: ModelCard) -> float:
    """Billions of parameters; a hosted model that does not say counts as very large."""
    if model.parameters_b:
        return model.parameters_b
    return HOSTED_SIZE_B if model.hosted else 0.1


def tells_about(measured_b: float, other_b: float) -> float:
    """How much a prompted score of one model says about prompting another: all up to its size, nothing from 10×."""
    return float(np.clip(1.0 - np.log10(other_b / measured_b), 0.0, 1.0))


def tells_about_tuning(measured_b: float) -> float:
    """How much a prompted score says about training: the line was fitted on the best prompted models."""
    span = np.log10(HOSTED_SIZE_B / SMALLEST_THAT_TELLS_B)
    return float(np.clip(np.log10(measured_b / SMALLEST_THAT_TELLS_B) / span, 0.0, 1.0))


def capability(world: World, model: ModelCard) -> Draws:
    """A model's capability, drawn once for all its options: where its kind stands, and where it stands in its kind."""
    together, own = capability_parts(world, model)
    size, kind = size_b(model), kind_of(model)
    moved = [tells_about(s, size) * change for s, k, change in world.shared_moves if k == kind]
    own = own + world.own_moves.get(model.id, 0.0)
    return np.asarray(model.capability.mean + together + sum(moved) + own)


def kind_of(model: ModelCard) -> str:
    """Hosted or open: capabilities of one kind are uncertain together."""
    return "hosted" if model.hosted else "open"


def capability_parts(world: World, model: ModelCard) -> tuple[Draws, Draws]:
    """The spread of a capability before any measurement: the part its kind shares, and its own."""
    sd = model.capability.sd
    together = sd * np.sqrt(SHARED_CAPABILITY) * world.chance.normal(f"capability of {kind_of(model)} models")
    own = sd * np.sqrt(1 - SHARED_CAPABILITY) * world.chance.normal(f"capability of {model.id}")
    return np.asarray(together), np.asarray(own)


def prompted_level(world: World, model: ModelCard) -> Draws:
    """The task's prompted level as far as measurements of other models say something about this one."""
    size = size_b(model)
    moved = [tells_about(measured_b, size) * change for measured_b, change in world.moves]
    return np.asarray(world.prompted + sum(moved)) if moved else world.prompted


def learned(prior: MethodPrior, examples: Draws | float, classes: Draws | float) -> Draws:
    """Logit lost by training on so few examples instead of endless ones (≤ 0); none at all counts as one per class."""
    per_class = np.maximum(np.asarray(examples, dtype=float) / np.asarray(classes) ** CLASS_POWER, FEWEST_PER_CLASS)
    return np.asarray(-prior.slope * np.log1p(prior.half_per_class / per_class))


def option_logit(world: World, method: str, model: ModelCard, examples: Draws | float | None = None) -> Draws:
    """The logit of an option's quality; all nan where the method cannot do this kind of task."""
    prior = world.priors.methods[method]
    rows = world.labelled if examples is None else examples
    if prior.tasks is not None and world.task_type is not None and world.task_type not in prior.tasks:
        return np.full(world.chance.n, np.nan)
    own = prior.sd * world.chance.normal(f"method {method}") + world.ruled.get(method, 0.0)
    if prior.learns == "examples":
        return _trained(world, prior, model, rows) + own
    prompted = _prompted(world, model)
    if prior.learns == "prompt":
        return np.asarray(prompted + prior.offset + own)
    per_class = np.asarray(rows, dtype=float) / world.classes
    share = prior.offset * per_class / (per_class + prior.half_per_class)
    few_shot = world.priors.methods["few_shot"].offset
    return np.asarray(prompted + few_shot + share * np.maximum(world.tuned - prompted, 0.0) + own)


def reachable(world: World) -> Draws:
    """What the task allows, as a score: the better of a most able model's prompt and of endless examples."""
    moved = sum(tells_about(measured_b, HOSTED_SIZE_B) * change for measured_b, change in world.moves)
    return as_quality(world, np.maximum(world.prompted + moved, world.tuned))


def _prompted(world: World, model: ModelCard) -> Draws:
    above = capability(world, model) - world.priors.reference_capability
    by_task = MODEL_BY_TASK_SD * world.chance.normal(f"{model.id} on this task")
    return np.asarray(prompted_level(world, model) + world.task.capability_matters * above + by_task)


def _trained(world: World, prior: MethodPrior, model: ModelCard, rows: Draws | float) -> Draws:
    trained = world.tuned + prior.offset + learned(prior, rows, world.classes)
    if not prior.from_base:
        return np.asarray(trained)
    above = capability(world, model) - world.priors.tuned_reference_capability
    by_task = MODEL_BY_TASK_SD * world.chance.normal(f"{model.id} tuned on this task")
    return np.asarray(trained + world.task.base_matters * above + by_task)


def as_quality(world: World, logits: Draws) -> Draws:
    """Logits as scores 0..1, never below what guessing reaches."""
    return np.maximum(expit(logits), world.floor)


def with_shift(world: World, prompted: Draws, tuned: Draws) -> World:
    """The same world after the shared levels moved."""
    return replace(world, prompted=world.prompted + prompted, tuned=world.tuned + tuned)
