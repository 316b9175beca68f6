"""Which one measurement would sharpen the answer most, worked out before it is made (a pre-posterior analysis).

The unknowns are those of `reached`: where prompting gets and what training reaches, with their joint spread. Measuring
one with a known error moves both by linear regression, as `conditioning` does; over all outcomes the measurement may
have, that gives how the chance and the lift will be spread once it is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr, ndtri

from advisor.estimators.chance import Chance, expit, logit
from advisor.estimators.conditioning import PROMPT_SKILL_SD
from advisor.estimators.learning_curve import Point, extrapolate
from advisor.estimators.versus import Case, Reached, reached
from advisor.vocabulary import Draws, QualityPriors

ROWS = 100  # scored with the prompt: the error of a score near 0.8 is then 0.04
PILOT_ROWS = 256  # the smallest pilot that said more than a prompted score on published curves (predictability.md)
PILOT_RUNS = 3  # single runs differ by 4 to 7 points
# assumption: a pilot takes days where a score takes an hour, so it must tell half as much again
EFFORT = {"prompted_score": 1.0, "pilot": 1.5}
END_80 = 1.2816
MIDDLES = ndtri((np.arange(200) + 0.5) / 200)  # 200 equally likely outcomes


@dataclass(frozen=True, slots=True)
class Sharpening:
    """One measurement and what it is worth; widths are of 80 % ranges, in score.

    `chance_low` to `chance_high`: what the chance may turn out to be once the measured quantity is known exactly (a
    prompted score) or this measurement is made (a pilot); `chance_within`: ± what is left of that range after a
    prompted score is measured. `wrong_*`: the chance that the likelier side is the wrong one. `settles`: the part of
    the doubt about who wins that it takes away (0 nothing, 1 all).
    """

    measurement: str
    rows: int
    chance: float
    chance_low: float
    chance_high: float
    chance_within: float | None
    lift_width_before: float
    lift_width_after: float
    wrong_before: float
    wrong_after: float
    settles: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Left:
    """What is not measured yet: the prompt's score, a pilot of so many rows (0: none); `n_train` is all there is."""

    prompted_score: bool
    pilot_rows: int
    n_train: float | None = None


def sharpest(case: Case, priors: QualityPriors, chance: Chance) -> Sharpening | None:
    """The one measurement, among those not made yet, that tells most about who wins for what it takes."""
    return most_settling(sharpenings(case, priors, chance))


def most_settling(found: Sequence[Sharpening]) -> Sharpening | None:
    """The one that takes away most of the doubt for what it takes; the first of equals."""
    return max(found, key=lambda one: one.settles / EFFORT[one.measurement]) if found else None


def sharpenings(case: Case, priors: QualityPriors, chance: Chance) -> tuple[Sharpening, ...]:
    """Every measurement that is left to make, with what it would do."""
    rows = int(min(PILOT_ROWS, case.n_train or PILOT_ROWS))
    more = rows > max((p.n for p in case.pilot), default=0.0)
    left = Left(case.prompted_score is None, rows if more else 0, case.n_train)
    return sharpenings_of(reached(case, priors, chance), left, chance)


def sharpenings_of(now: Reached, left: Left, chance: Chance) -> tuple[Sharpening, ...]:
    """Every measurement that is left, for these draws of where prompting and training get."""
    found = []
    if left.prompted_score:
        found.append(_worth(now, now.prompted, _prompt_error(now.prompted), ("prompted_score", ROWS)))
    if left.pilot_rows > 0:
        error = _pilot_error(left, now, chance)
        found.append(_worth(now, now.tuned, error, ("pilot", left.pilot_rows)))
    return tuple(found)


def _prompt_error(prompted: Draws) -> float:
    """The logit error of a prompted score: its rows, and how well the prompt is written."""
    score = float(np.clip(expit(np.median(prompted)), 0.02, 0.98))
    return float(np.hypot(1 / np.sqrt(ROWS * score * (1 - score)), PROMPT_SKILL_SD))


def _pilot_error(left: Left, now: Reached, chance: Chance) -> float:
    """The logit error of the end of a pilot's curve: the spread of the extrapolation from such a pilot."""
    rows = left.pilot_rows
    end = float(expit(np.median(now.tuned)))
    sizes = sorted({max(rows // 4, 1), max(rows // 2, 1), rows})
    target = max(left.n_train or 10.0 * rows, float(rows))
    # a middling curve: each fourfold of rows halves the error that is left above the end
    points = [Point(float(n), 1 - (1 - end) * (target / n) ** 0.25, runs=PILOT_RUNS) for n in sizes]
    points = [replace(p, score=float(np.clip(p.score, 0.02, 0.98))) for p in points]
    drawn = extrapolate(points, target, 0.0, chance.rng("planned pilot")).draws
    low, high = np.quantile(logit(drawn), (0.1, 0.9))
    return float(high - low) / (2 * END_80)


def _worth(now: Reached, cause: Draws, error: float, what: tuple[str, int]) -> Sharpening:
    """Pre-posterior arithmetic of two joint normals: the measured cause and by how much tuning is ahead."""
    ahead = now.tuned - now.prompted
    mean, total, own = float(np.mean(ahead)), float(np.var(ahead)), float(np.var(cause))
    together = float(np.mean((ahead - mean) * (cause - np.mean(cause))))
    explained = min(together**2 / own, total) if own > 0 else 0.0
    reliable = own / (own + error**2)
    learned = explained * reliable
    is_prompt = what[0] == "prompted_score"
    low, high = _chances(mean, explained if is_prompt else learned, total, np.array([-END_80, END_80]))
    after = _chances(mean, learned, total, MIDDLES)  # what the chance may be once measured
    within = None
    if is_prompt:  # the cause is then known up to the part that its error hides
        left = _chances(mean, explained - learned, total - learned, np.array([-END_80, END_80]))
        within = float(left[1] - left[0]) / 2
    before = _width(now.lift)
    doubt = float(after.mean() * (1 - after.mean()))
    found = Sharpening(
        *what,
        chance=now.chance,
        chance_low=min(float(low), now.chance),
        chance_high=max(float(high), now.chance),
        chance_within=within,
        lift_width_before=before,
        lift_width_after=before * float(np.sqrt(max(total - learned, 0.0) / total)) if total > 0 else before,
        wrong_before=min(now.chance, 1 - now.chance),
        wrong_after=min(float(np.minimum(after, 1 - after).mean()), now.chance, 1 - now.chance),
        settles=float(np.var(after)) / doubt if doubt > 0 else 0.0,
        sentence="",
    )
    return replace(found, sentence=_sentence(found))


def _chances(mean: float, known: float, total: float, at: Draws) -> Draws:
    """The chance to be ahead, at these sds of a cause that explains the variance `known` of `total`."""
    left = np.sqrt(max(total - known, 1e-9))
    return np.asarray(ndtr((mean + np.sqrt(max(known, 0.0)) * at) / left))


def _width(draws: Draws) -> float:
    low, high = np.quantile(draws, (0.1, 0.9))
    return float(high - low)


def _sentence(found: Sharpening) -> str:
    lift = f"the range of the lift narrows from {found.lift_width_before:.2f} to {found.lift_width_after:.2f}"
    span = f"from {found.chance_low:.2f} to {found.chance_high:.2f}"
    if found.chance_within is not None:
        return (
            f"Score {found.rows} rows with the prompt you have: the chance that tuning wins, {found.chance:.2f} now, "
            f"may lie anywhere {span} by where prompting stands, and is then known to within "
            f"±{max(found.chance_within, 0.01):.2f}; {lift}."
        )
    return (
        f"Train on {found.rows} of your examples, a half and a quarter of them, {PILOT_RUNS} runs each: the chance "
        f"that tuning wins, {found.chance:.2f} now, will then stand {span}, and the chance that the likelier side is "
        f"the wrong one falls from {found.wrong_before:.2f} to {found.wrong_after:.2f}; {lift}."
    )
