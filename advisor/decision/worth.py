"""What a pilot is worth: how often it would change the decision, and what that saves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from advisor.decision.candidate import Candidate
from advisor.decision.simulate import FEASIBLE, Outcome
from advisor.estimators.quality import size_b, tells_about
from advisor.vocabulary import Draws

BINS = {1: 16, 2: 8}  # by how many sides are seen; more would find chance alone among the draws
# what a pilot's score misses by, in logits: 200 test rows, 0.035 of a score near 0.7; a curve from 256 rows, whose end
# strays by 0.05 of the score (reference/quality/extrapolation.md; 0.085 from 64 rows, 0.035 from 1,024: a power of n)
TEST_LOGIT, TEST_ROWS = 0.17, 200
CURVE_LOGIT, CURVE_ROWS, CURVE_POWER = 0.30, 256, 0.32
SHORTLIST = 40
PILOT_B = 0.135  # the starter, with which a pilot runs here


@dataclass(frozen=True, slots=True)
class Worth:
    """`changes`: chance that another family is chosen after the pilot; `gain`: mean utility it adds (0..1).

    An option that breaks a limit is worth nothing in that draw, so a gain has two parts: `fits`, how much more often
    (share of the draws, 0..1) the choice stays within the limits, and `better`, what it adds where both choices do.
    """

    changes: float
    gain: float
    fits: float = 0.0
    better: float | None = None

    @property
    def on_merit(self) -> float:
        """The part of the gain that quality, money, speed and time are exchanged for."""
        return self.gain if self.better is None else self.better


def pilot_noise(training_rows: float, test_rows: float) -> float:
    """The sd, in logits, of what a pilot with so many rows says of the score with all of them."""
    test = TEST_LOGIT * np.sqrt(TEST_ROWS / max(test_rows, 1.0))
    return float(np.hypot(test, CURVE_LOGIT * (CURVE_ROWS / max(training_rows, 1.0)) ** CURVE_POWER))


USUAL_NOISE_LOGIT = pilot_noise(CURVE_ROWS, TEST_ROWS)


def mean_worth(outcome: Outcome, noises: Sequence[tuple[Draws, Draws]], noise_logit: float) -> Worth:
    """Over several pilots, each with its own luck: one alone knows the chance to a sixteenth."""
    found = [worth_of_pilot(outcome, noise, noise_logit=noise_logit) for noise in noises]
    changes, gain, fits, better = np.mean([(w.changes, w.gain, w.fits, w.on_merit) for w in found], axis=0)
    return Worth(float(changes), float(gain), float(fits), float(better))


def worth_of_pilot(
    outcome: Outcome, noise: tuple[Draws, Draws], pilot_b: float = PILOT_B, noise_logit: float = USUAL_NOISE_LOGIT
) -> Worth:
    """Sort the draws by what a pilot would see of both families, and choose again in every heap.

    The pilot trains and prompts a model of `pilot_b` billion parameters. It sees the quality of the leading trained
    option, with noise (standard normal draws times `noise_logit`); that of the leading prompt as far as a prompted
    score of its model tells about one so large (design, what evidence may change): of a hosted model a small one tells
    nothing.
    """
    sides = [leader(outcome, families) for families in (("prompting",), ("tuning", "classical"))]
    if outcome.best is not None and None in sides:
        return Worth(0.0, 0.0)
    seen = []
    for row, normal in zip(sides, noise, strict=True):
        if row is None:
            continue
        told = _told(outcome.candidates[row], pilot_b)
        if told > 0:
            seen.append(_seen(outcome.candidates[row].draws["quality"], noise_logit * normal / told))
    if outcome.best is None:
        return _where_nothing_fits(outcome, seen)
    if not seen:
        return Worth(0.0, 0.0)
    heaps = _heaps(seen)
    shortlist = _could_win(outcome)
    means, share, heap = _means(outcome.utility[shortlist], heaps)
    now = shortlist.index(outcome.best)
    best = means.argmax(axis=0)
    families = np.array([outcome.candidates[row].family for row in shortlist])
    better = means.max(axis=0) - means[now]
    moved = (families[best] != families[now]) & (better > 0.01)
    chosen = np.where(moved, best, now)  # which model of the same family is no question a small pilot answers
    then = np.array(shortlist)[chosen[heap]], np.arange(len(heap))
    kept, keeps = outcome.alive[outcome.best] > 0, outcome.alive[then] > 0
    adds = (outcome.utility[then] - outcome.utility[outcome.best]) * (kept & keeps)
    return Worth(
        float(share[moved].sum()),
        float((share * better)[moved].sum()),
        max(float(keeps.mean() - kept.mean()), 0.0),
        max(float(adds.mean()), 0.0),
    )


def _told(candidate: Candidate, pilot_b: float) -> float:
    return tells_about(pilot_b, size_b(candidate.plan.model)) if candidate.family == "prompting" else 1.0


def _where_nothing_fits(outcome: Outcome, seen: list[Draws]) -> Worth:
    """How often a pilot would see that an option stays within the limits after all; today nothing is chosen."""
    open_ = [row for row, c in enumerate(outcome.candidates) if not c.blocked]
    if not seen or not open_ or not _score_stands_in_the_way(outcome):
        return Worth(0.0, 0.0)
    heaps = _heaps(seen)
    fits, share, _ = _means(outcome.alive[open_], heaps)
    useful, _, _ = _means(outcome.utility[open_], heaps)
    chosen = np.where(fits >= FEASIBLE, useful, -1.0).argmax(axis=0), np.arange(len(share))
    found = fits[chosen] >= FEASIBLE
    gain = float((share * useful[chosen])[found].sum())
    return Worth(float(share[found].sum()), gain, float((share * fits[chosen])[found].sum()), 0.0)


def _score_stands_in_the_way(outcome: Outcome) -> bool:
    """Whether any limit that is broken is one on the score, the only one that a pilot tells more about."""
    return any(b.limit == "quality_target" for found in outcome.blocked for b in found)


def _could_win(outcome: Outcome) -> list[int]:
    """Options that some result of a pilot could put first: no fact rules them out; the present best is among them.

    An option that breaks an uncertain limit today in most draws stays in: the pilot may show that it does not.
    """
    assert outcome.best is not None
    open_ = [row for row, c in enumerate(outcome.candidates) if not c.blocked or row == outcome.best]
    return sorted({*sorted(open_, key=lambda row: outcome.regret[row])[:SHORTLIST], outcome.best})


def leader(outcome: Outcome, families: tuple[str, ...]) -> int | None:
    """The feasible option of these families with the least regret; failing that, one no fact rules out."""
    for allowed in (outcome.feasible, tuple(not c.blocked for c in outcome.candidates)):
        rows = [r for r, c in enumerate(outcome.candidates) if allowed[r] and c.family in families]
        if rows:
            return min(rows, key=lambda row: (outcome.regret[row], outcome.candidates[row].id))
    return None


def _seen(quality: Draws, noise: Draws) -> Draws:
    kept = np.clip(np.nan_to_num(quality, nan=0.5), 0.01, 0.99)
    return np.asarray(np.log(kept / (1 - kept)) + noise)


def _heaps(seen: Sequence[Draws]) -> Draws:
    """Draws in which a pilot sees about the same, by one side or by both."""
    bins = BINS[len(seen)]
    return np.asarray(sum(_heap(values, bins) * bins**place for place, values in enumerate(seen)))


def _heap(values: Draws, bins: int) -> Draws:
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return np.asarray(ranks * bins // len(values))


def _means(utility: Draws, heaps: Draws) -> tuple[Draws, Draws, Draws]:
    """Mean utility per option and heap, the share of the draws in each heap, and the heap of each draw."""
    counts = np.bincount(heaps)
    used = counts > 0
    sums = np.stack([np.bincount(heaps, weights=row) for row in utility])
    return sums[:, used] / counts[used], counts[used] / counts.sum(), (np.cumsum(used) - 1)[heaps]
