"""What a pilot measured, put where it belongs: that method × model, that place, and the shared causes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from advisor.estimators.chance import expit, logit
from advisor.estimators.conditioning import logit_sd, see_prompted_score, see_tuned_score
from advisor.estimators.learning_curve import Extrapolated, Point, extrapolate
from advisor.estimators.quality import World, learned, tells_about
from advisor.vocabulary import Draws, Evidence, Measurement, ModelCard, Option

OTHER_METRIC_SD = 0.05  # assumption: accuracy, F1 and exact match of one run differ by about this
PILOT = "your pilot"
ANOTHER_DAY = 1.2  # assumption: another day or machine of the same kind takes a fifth less to a fifth more (80 %)
MORE_ROWS_TIME = 2.0  # assumption: training time grows with the rows, within half to double of that (80 %)
ONE_IN_TEN = 1.2816  # standard normals above which a tenth lies
Find = Callable[[str], ModelCard | None]


@dataclass(frozen=True, slots=True)
class Carried:
    """A score measured after training on `n_train` rows, and the rows it was extrapolated to."""

    value: float
    n_train: int
    rows: int

    @property
    def source(self) -> str:
        return (
            f"{PILOT}: {self.value:.2f} measured after training on {self.n_train:,} rows, "
            f"extrapolated to {self.rows:,} rows"
        )

    @property
    def times(self) -> str:
        return f"{PILOT}: measured on {self.n_train:,} rows, scaled to {self.rows:,} rows; assumption: half to double"


@dataclass(frozen=True, slots=True)
class Measured:
    """The world after the evidence, and what replaces estimates; keys are (method, model) and (…, place).

    `carried`: the scores that are no measurement any more, since the team has more rows than the pilot trained on.
    `timed`: the times of hosted models that the team typed, ms (p95) by model id; `typed`: the score of the prompt it
    typed, where it named the model.
    """

    world: World
    quality: dict[tuple[str, str], Draws] = field(default_factory=dict)
    at_place: dict[tuple[str, str, str], dict[str, Draws]] = field(default_factory=dict)
    carried: dict[tuple[str, str], Carried] = field(default_factory=dict)
    timed: dict[str, float] = field(default_factory=dict)
    typed: dict[tuple[str, str], Draws] = field(default_factory=dict)

    def score_of(self, option: Option) -> Draws | None:
        """What a pilot or the team itself measured of prompting or training this model so; None if nobody did."""
        pair = (option.method, option.model)
        return self.quality.get(pair, self.typed.get(pair))

    def time_of(self, option: Option) -> Draws | None:
        """What prompting a hosted model takes (p95, ms) by the team's own timing, on another day; None if untimed."""
        if option.family != "prompting" or option.model not in self.timed:
            return None
        return np.asarray(self.timed[option.model] * _another_day(self.world, f"{option.model} {option.place}"))


def see_evidence(world: World, evidence: Evidence, find: Find, metric: str | None) -> Measured:
    """Apply every measurement by the rules of evidence (design, section 5)."""
    extra_sd = OTHER_METRIC_SD if metric and evidence.metric and metric != evidence.metric else 0.0
    curve = _curve(world, evidence)
    quality: dict[tuple[str, str], Draws] = {}
    places: dict[tuple[str, str, str], dict[str, Draws]] = {}
    carried: dict[tuple[str, str], Carried] = {}
    for seen in evidence.measurements:
        if seen.method not in world.priors.methods:
            continue
        card = find(seen.model)
        model = card.id if card else seen.model
        own_curve = curve if seen.method == evidence.curve_method else None
        quality[seen.method, model] = _own_quality(world, seen, extra_sd, own_curve)
        places[seen.method, model, seen.place] = _at_place(world, seen)
        rows = round(float(np.median(world.labelled)))
        if seen.n_train > 0 and rows > seen.n_train and world.priors.methods[seen.method].learns == "examples":
            carried[seen.method, model] = Carried(seen.value, seen.n_train, rows)
        else:
            carried.pop((seen.method, model), None)
    return Measured(_shared(world, evidence, find, (extra_sd, curve)), quality, places, carried)


def _curve(world: World, evidence: Evidence) -> Extrapolated | None:
    if len(evidence.curve) < 2:
        return None
    points = [Point(float(n), score, sd) for n, score, sd in evidence.curve]
    target = float(np.median(world.labelled))
    return extrapolate(points, max(target, points[-1].n), evidence.floor, world.chance.rng("learning curve"))


def _own_quality(world: World, seen: Measurement, extra_sd: float, curve: Extrapolated | None) -> Draws:
    """The measured score, carried from the rows it was trained on to all rows the team has."""
    name = f"{seen.method} {seen.model}"
    sd = logit_sd(seen.value, float(np.hypot(_standard_error(seen), extra_sd)))
    if curve is not None:
        picked = world.chance.rng(f"curve of {name}").integers(0, len(curve.draws), world.chance.n)
        return np.asarray(np.clip(curve.draws[picked] + extra_sd * world.chance.normal(name), 0.0, 1.0))
    measured = logit(seen.value) + sd * world.chance.normal(name)
    prior = world.priors.methods[seen.method]
    if prior.learns == "examples" and seen.n_train > 0:
        rows = np.maximum(world.labelled, seen.n_train)
        more = learned(prior, rows, world.classes) - learned(prior, float(seen.n_train), world.classes)
        doubt = 0.3 * more * world.chance.normal(f"more rows {name}")  # assumption: the slope is known to a third
        measured = measured + more + doubt
    return np.maximum(expit(measured), 0.0)


def _standard_error(seen: Measurement) -> float:
    """The measurement's own spread, at least that of its test rows."""
    rows = max(seen.n_test, 1)
    return max(seen.sd, float(np.sqrt(max(seen.value * (1 - seen.value), 0.25 / rows) / rows)))


def _another_day(world: World, where: str) -> Draws:
    return np.asarray(np.exp(np.log(ANOTHER_DAY) / ONE_IN_TEN * world.chance.normal(f"another day of {where}")))


def _at_place(world: World, seen: Measurement) -> dict[str, Draws]:
    """Times with the range of another day; the training time also grows with the rows that are trained on."""
    where = f"{seen.method} {seen.model} {seen.place}"
    normal, day = world.chance.normal(f"another day of {where}"), _another_day(world, where)
    growth = np.maximum(world.labelled / seen.n_train, 1.0) if seen.n_train > 0 else np.ones(world.chance.n)
    more = np.where(growth > 1.0, np.exp(np.log(MORE_ROWS_TIME) / ONE_IN_TEN * normal), day)
    found = {
        "latency_p50_ms": (seen.latency_p50_ms, day),
        "latency_p95_ms": (seen.latency_p95_ms, day),
        # a trained model's peak is that of its training
        "training_memory_gib" if seen.train_hours else "serving_memory_gib": (
            seen.peak_memory_gib,
            np.ones(world.chance.n),
        ),
        "training_hours": (seen.train_hours, growth * more),
    }
    return {key: value * spread for key, (value, spread) in found.items() if value is not None}


def _shared(world: World, evidence: Evidence, find: Find, how: tuple[float, Extrapolated | None]) -> World:
    """The best prompt and the best training of each model move the shared causes, nothing else does."""
    extra_sd, curve = how
    for learns, seen in _best_of_each(world, evidence).items():
        card = find(learns[1])
        if card is None:
            continue
        sd = float(np.hypot(_standard_error(seen), extra_sd))
        if learns[0] == "prompt":
            world = see_prompted_score(world, card, seen.method, seen.value, sd)
        elif curve is not None and seen.method == evidence.curve_method and curve.estimate.value is not None:
            rows = int(max(float(np.median(world.labelled)), seen.n_train))
            world = see_tuned_score(world, card, seen.method, (curve.estimate.value, float(np.std(curve.draws)), rows))
        else:
            world = see_tuned_score(world, card, seen.method, (seen.value, sd, seen.n_train))
    return world


def _best_of_each(world: World, evidence: Evidence) -> dict[tuple[str, str], Measurement]:
    best: dict[tuple[str, str], Measurement] = {}
    for seen in evidence.measurements:
        prior = world.priors.methods.get(seen.method)
        if prior is None or prior.learns == "retrieval":
            continue
        key = (prior.learns, seen.model)
        if key not in best or seen.value > best[key].value:
            best[key] = seen
    return best


def tells_nothing(measured_b: float, candidate_b: float) -> bool:
    """True where a prompted score of one model says nothing about prompting the other."""
    return tells_about(measured_b, candidate_b) == 0.0
