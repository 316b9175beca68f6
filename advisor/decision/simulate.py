"""The decision: the same uncertain world for every option, limits that break only where they break, least regret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from advisor.decision.candidate import Candidate, Limit, breaks, is_assumed
from advisor.decision.currency import as_typed
from advisor.decision.utility import Yardstick, monthly_total, references, utility_of, weights_of
from advisor.vocabulary import Blocked, Draws, TaskProfile

FEASIBLE = 0.5  # an option is one where it survives at least half of the draws (design, section 5)
HOPELESS = 0.1  # what is only assumed rules an option out where it leaves it less than this
LIKELY = 0.5  # from here on a limit held against an assumption costs nothing: a few calls tell before anything is built
INDIFFERENT_REGRET = 0.01  # design: within this the cheaper and simpler is taken
NEARLY_SAME_COST = 1.1
# assumption: an option that scores less than a quarter of what the task allows, in most futures, is no way to do it
OF_NO_USE = 0.25
NOTICED = 0.02  # two points of score: about what a team notices on 100 rows, and no indifference any more


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything the simulation found; rows are candidates, in order, columns draws.

    `utility` is what is weighed: 0 where a limit breaks, but for one that an option likely keeps and that is held
    against an assumption; `weighed` are the candidates with the times that it was computed from. `alive` and the
    chances count every limit.
    """

    candidates: tuple[Candidate, ...]
    weighed: tuple[Candidate, ...]
    utility: Draws
    alive: Draws
    regret: tuple[float, ...]
    chance_best: tuple[float, ...]
    feasible: tuple[bool, ...]
    blocked: tuple[tuple[Blocked, ...], ...]
    monthly_total: tuple[float, ...]
    chance_nothing_fits: float
    best: int | None

    def ranking(self) -> list[int]:
        """Rows in the order they are shown: feasible first, least regret first."""
        return sorted(
            range(len(self.candidates)),
            key=lambda row: (not self.feasible[row], self.regret[row], self.candidates[row].id),
        )

    def chance_by(self, attribute: str) -> dict[str, float]:
        """chance_best summed over `method` or `family`, largest first."""
        total: dict[str, float] = {}
        for candidate, chance in zip(self.candidates, self.chance_best, strict=True):
            key = str(getattr(candidate.plan.option, attribute))
            total[key] = total.get(key, 0.0) + chance
        return dict(sorted(total.items(), key=lambda item: -item[1]))


@dataclass(frozen=True, slots=True)
class Held:
    """One limit held against every option: `broken` (options, draws), its `share` of the draws, whether `assumed`."""

    limit: Limit
    broken: Draws
    share: Draws
    assumed: Draws


def simulate(
    candidates: Sequence[Candidate], profile: TaskProfile, limits: Sequence[Limit], yardstick: Yardstick
) -> Outcome:
    """Which option has the least expected regret, and how often each is best."""
    horizon = yardstick.horizon_months
    n = len(horizon)
    if not candidates:
        nothing = np.zeros((0, n))
        return Outcome((), (), nothing, nothing, (), (), (), (), (), 1.0, None)
    open_ = np.array([[0.0 if c.blocked else 1.0] for c in candidates])
    alive, known = np.repeat(open_, n, axis=1), np.repeat(open_, n, axis=1)
    held = [_held_against(limit, candidates) for limit in limits]
    for each in held:
        alive *= 1.0 - each.broken
        known *= np.where(each.assumed[:, None], 1.0, 1.0 - each.broken)
    weights, reference = weights_of(profile.priorities), references(profile, horizon)
    kept = alive.sum(axis=1) >= LIKELY * known.sum(axis=1)
    weighed = [_as_if_kept(c, row, held) if kept[row] else c for row, c in enumerate(candidates)]
    worth = np.stack([utility_of(c, weights, reference, yardstick) for c in weighed])
    utility = worth * np.where(kept[:, None], known, alive)
    survives = alive.max(axis=0) > 0
    regret = _regret(utility, worth, candidates)
    scores = np.stack([c.draws["quality"] for c in candidates])
    of_no_use = _of_no_use(scores, yardstick) if weights["quality"] > 0 else [()] * len(candidates)
    feasible = (known.mean(axis=1) >= FEASIBLE) & (alive.mean(axis=1) >= HOPELESS) & [not found for found in of_no_use]
    monthly = [float(np.nanmean(monthly_total(c.draws, horizon))) if _costs(c) else np.inf for c in candidates]
    chance_best = _chance_best(worth * alive, alive, survives)
    return Outcome(
        tuple(candidates),
        tuple(weighed),
        utility,
        alive,
        tuple(float(r) for r in regret),
        chance_best,
        tuple(bool(f) for f in feasible),
        tuple((*_blocked(c, row, held), *of_no_use[row]) for row, c in enumerate(candidates)),
        tuple(monthly),
        float(1.0 - survives.mean()),
        _least_regret(
            candidates, (regret, utility, chance_best), feasible, (monthly, scores * (weights["quality"] > 0))
        ),
    )


def _held_against(limit: Limit, candidates: Sequence[Candidate]) -> Held:
    broken = breaks(limit, np.stack([c.draws[limit.estimate] for c in candidates]))
    return Held(limit, broken, broken.mean(axis=1), np.array([is_assumed(c, limit) for c in candidates]))


def _as_if_kept(candidate: Candidate, row: int, held: Sequence[Held]) -> Candidate:
    """Where an assumed limit does not count as broken, it is not slow either: as slow as where it is kept."""
    draws: dict[str, Draws] = {}
    for each in held:
        if each.assumed[row] and 0 < each.share[row] < 1:
            given, over = candidate.draws[each.limit.estimate], each.broken[row] > 0
            draws[each.limit.estimate] = np.where(over, np.median(given[~over]), given)
    return replace(candidate, draws={**candidate.draws, **draws}) if draws else candidate


def _regret(utility: Draws, worth: Draws, candidates: Sequence[Candidate]) -> Draws:
    """How much less than the best of each draw an option is worth on average; where nothing fits, limits aside."""
    if not utility.any():
        open_ = np.array([not c.blocked for c in candidates])
        utility = worth * open_[:, None] if open_.any() else worth
    best = utility.max(axis=0)
    return np.asarray(((best - utility) * (best > 0)).mean(axis=1))


def _of_no_use(scores: Draws, yardstick: Yardstick) -> list[tuple[Blocked, ...]]:
    """What stands against each option that is hardly ever right, whatever the limits; nothing where it is of use.

    That an option cannot do the task at all is a fact of its own already.
    """
    poor = (yardstick.quality(scores) < OF_NO_USE * yardstick.best).mean(axis=1)
    poor[np.isnan(scores).all(axis=1)] = 0.0
    best = float(np.median(yardstick.reachable))
    text = (
        f"a score of about {{:.2f}} is to be expected, where about {best:.2f} can be reached: too little to be of use"
    )
    return [
        (Blocked("quality", float(share), text.format(float(np.nanmedian(row)))),) if share > 1 - FEASIBLE else ()
        for share, row in zip(poor, scores, strict=True)
    ]


def _costs(candidate: Candidate) -> bool:
    known = ~np.isnan(candidate.draws["monthly_cost_usd"] + candidate.draws["one_off_cost_usd"])
    return bool(known.any())


def _chance_best(utility: Draws, alive: Draws, survives: Draws) -> tuple[float, ...]:
    """The share of the draws with a survivor in which an option is best; equals share a draw among them."""
    if not survives.any():
        return (0.0,) * len(utility)
    shown = np.where(alive > 0, utility, -1.0)
    winners = (shown >= shown.max(axis=0) - 1e-12) & (alive > 0)
    shares = winners / np.maximum(winners.sum(axis=0), 1)
    return tuple(float(s) for s in shares[:, survives].mean(axis=1))


def _blocked(candidate: Candidate, row: int, held: Sequence[Held]) -> tuple[Blocked, ...]:
    found = list(candidate.blocked)
    for each in held:
        limit, share = each.limit, float(each.share[row])
        if share > 0:
            word = "at least" if limit.least else "at most"
            text = f"{limit.label} must be {word} {as_typed(limit.value, limit.unit)}"
            if each.assumed[row]:
                text += " (how fast it answers is assumed: nobody publishes it)"
            found.append(Blocked(limit.key, share, text, True))
    return tuple(found)


def _least_regret(
    candidates: Sequence[Candidate],
    found: tuple[Draws, Draws, Sequence[float]],
    feasible: Draws,
    known: tuple[Sequence[float], Draws],
) -> int | None:
    """The feasible option of least regret; among those within 0.01 the cheapest, among about as cheap the simplest.

    What is cheaper or simpler must score as well, as far as anybody notices. It may be of another family only where
    that one is best at least as often: what is said of a verdict is the chance of its family.
    """
    regret, utility, chance_best = found
    monthly, scores = known
    rows = [row for row in range(len(candidates)) if feasible[row]]
    if not rows:
        return None
    first = min(rows, key=lambda row: (regret[row], candidates[row].id))
    families: dict[str, float] = {}
    for candidate, chance in zip(candidates, chance_best, strict=True):
        families[candidate.family] = families.get(candidate.family, 0.0) + chance
    enough = families[candidates[first].family]
    close = [
        row
        for row in rows
        if regret[row] <= regret[first] + INDIFFERENT_REGRET
        and (row == first or float(np.nanmedian(scores[row])) > float(np.nanmedian(scores[first])) - NOTICED)
        and (candidates[row].family == candidates[first].family or families[candidates[row].family] >= enough)
    ]
    cheapest = min(monthly[row] for row in close)
    cheap = [row for row in close if monthly[row] <= cheapest * NEARLY_SAME_COST + 1.0 or monthly[row] == cheapest]
    undominated = [row for row in cheap if not any(_dominates(a, row, utility, monthly) for a in cheap)]
    return min(undominated, key=lambda row: (-candidates[row].plan.card.simplicity, regret[row], candidates[row].id))


def _dominates(one: int, other: int, utility: Draws, monthly: Sequence[float]) -> bool:
    """At least as good in every draw and as cheap, and better in some."""
    if monthly[one] > monthly[other] or utility[one].mean() <= utility[other].mean():
        return False
    return bool((utility[one] >= utility[other]).all())
