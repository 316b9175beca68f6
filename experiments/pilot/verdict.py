"""The pilot's answer in one sentence a product manager understands, and the figures behind it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from advisor.vocabulary import ArmPlan, PilotPlan, PilotRecord
from experiments import statistics
from experiments.arms import ARMS
from experiments.dataset.wording import many
from experiments.metrics import metric
from experiments.pilot.choices import STARTER
from experiments.pilot.comparing import Compared, too_many_failed
from experiments.pilot.scores import FAMILIES, ArmOutcome

WORTH_SHOWING = 0.02  # assumption: a difference under two points rarely decides; rows are counted to show that much
WITHOUT_A_MODEL = frozenset(card.arm for card in ARMS if card.method == "classical" and not card.needs)
SIDES = (("prompting", "way of prompting", "ways of prompting"), ("tuning", "tuned model", "tuned models"))
REQUESTS_COMPARED = 10_000  # assumption: "cheaper" counts training and this many answers
MACHINE_USD_PER_HOUR = 0.1  # assumption: what a machine like this rents for; it only stands beside what a service costs


def verdict(record: PilotRecord, outcomes: Sequence[ArmOutcome], compared: Sequence[Compared]) -> dict[str, Any]:
    """The contract's verdict, with `simpler` beside it: an arm without a language model that does as well."""
    partial = "" if record.state == "done" else "Partial result. "
    primary = next((c for c in compared if c.primary), None)
    if primary is None:
        return {**_nothing(outcomes), "text": f"{partial}{_why_none(record, outcomes)}", "simpler": None}
    blocked = [o for o in (primary.a, primary.b) if too_many_failed(o)]
    if blocked:
        text = " and ".join(f"{o.name} failed on {o.failed_rows} of {many(len(o.rows), 'row')}" for o in blocked)
        return {**_nothing(outcomes), "text": f"{partial}No verdict: {text}, more than 2 %.", "simpler": None}
    winner = primary.winner or cheaper(primary.a, primary.b)
    simpler, ahead = _simpler(winner, outcomes, compared)
    scored_by = mid_sentence(metric(record.plan.metric, record.plan.metric_settings).label)
    text = _shown(primary, scored_by) if primary.winner else _not_shown(primary, winner, scored_by)
    text += _chosen_among(outcomes) + _small(record.plan, primary)
    if simpler is not None:
        text += f" {_simpler_text(simpler, ahead=ahead)}"
    towards = 1.0 if winner is primary.a else -1.0
    chance = statistics.chance_better(primary.difference)
    return {
        "text": partial + text,
        "winner": winner.arm,
        "chance": round(chance if towards > 0 else 1 - chance, 4),
        "rows_needed": rows_needed(primary),
        "smallest_difference_shown": round(statistics.smallest_showable(primary.n, primary.sd_per_row), 4),
        "n_train": {o.arm: o.examples_used for o in (primary.a, primary.b)},
        "simpler": None if simpler is None else simpler.arm,
    }


def rows_needed(primary: Compared) -> int | None:
    """Test rows for a firm answer: that show this difference, or one of two points where it is smaller."""
    return statistics.rows_needed(max(abs(primary.difference.value), WORTH_SHOWING), primary.sd_per_row)


def cheaper(a: ArmOutcome, b: ArmOutcome) -> ArmOutcome:
    """The one that costs less, training and answering counted; the second when nothing is known."""
    return a if _usd(a) < _usd(b) else b


def cheaper_by(chosen: ArmOutcome, other: ArmOutcome) -> str:
    """What both take, in brackets; nothing where one of the two is not known."""
    costs = _usd(chosen), _usd(other)
    if not all(math.isfinite(usd) for usd in costs):
        return ""
    what = f"training and {REQUESTS_COMPARED:,} answers"
    if chosen.place or other.place:
        return f" ({what}: about {costs[0]:.2f} USD against {costs[1]:.2f})"
    hours = [usd / MACHINE_USD_PER_HOUR for usd in costs]
    scale, unit = (60, "minutes") if min(hours) < 1 else (1, "hours")
    return f" ({what} take about {hours[0] * scale:.2g} {unit} here, with the other {hours[1] * scale:.2g})"


def _usd(outcome: ArmOutcome) -> float:
    """Of training and some answers: what a service was paid per call, else the machine's time at a common price."""
    if outcome.place:
        each = outcome.usd_per_request
        return float("inf") if each is None else each * REQUESTS_COMPARED
    training = np.mean([cell.train_seconds or 0.0 for cell in outcome.cells])
    answer_ms = float(np.median(outcome.latency_ms)) if outcome.latency_ms else float("inf")
    return (float(training) + answer_ms / 1000 * REQUESTS_COMPARED) * MACHINE_USD_PER_HOUR / 3600


def _shown(primary: Compared, scored_by: str) -> str:
    winner = primary.winner or primary.a
    loser = primary.b if winner is primary.a else primary.a
    low, high = sorted((abs(primary.difference.low), abs(primary.difference.high)))
    return (
        f"{_learnt(winner)} beats {_learnt(loser, capital=False)} by {points(abs(primary.difference.value))} "
        f"({scored_by} {winner.value:.3f} against {loser.value:.3f} on the same {many(primary.n, 'test row')}; "
        f"95 % range {points(low, unit=False)} to {points(high)})."
    )


def _not_shown(primary: Compared, chosen: ArmOutcome, scored_by: str) -> str:
    a, b = primary.a, primary.b
    return (
        f"No difference we can show: {_learnt(a)} reaches {scored_by} {a.value:.3f}, {_learnt(b, capital=False)} "
        f"{b.value:.3f} on the same {many(primary.n, 'test row')} (difference "
        f"{points(primary.difference.value, sign=True)}, "
        f"95 % range {points(primary.difference.low, sign=True, unit=False)} to "
        f"{points(primary.difference.high, sign=True)}), so take the cheaper one: {mid_sentence(chosen.name)}"
        f"{cheaper_by(chosen, b if chosen is a else a)}."
    )


def _small(plan: PilotPlan, primary: Compared) -> str:
    """What a prompt on the starter does not say; a trained starter gains more than a trained larger model would."""
    here = any(side.family == "prompting" and not side.place for side in (primary.a, primary.b))
    if plan.model != STARTER or not here:
        return ""
    return (
        " The prompts were answered by the starter, a model of 135M parameters: this says little about prompting a "
        "larger one, which follows prompts far better."
    )


def _chosen_among(outcomes: Sequence[ArmOutcome]) -> str:
    """How the two came to be compared, where there were others of their kind."""
    counted = [(sum(outcome.family == family for outcome in outcomes), plural) for family, _, plural in SIDES]
    picked = [f"the best of {count} {plural}" for count, plural in counted if count > 1]
    return f" Compared: {' and '.join(picked)}, chosen on the validation rows." if picked else ""


def _learnt(outcome: ArmOutcome, *, capital: bool = True) -> str:
    """The arm with the number of labelled rows it learnt from."""
    name = outcome.name if capital else mid_sentence(outcome.name)
    if outcome.family == "prompting":
        rows = outcome.examples_used
        if not rows:
            return name
        if outcome.shots and outcome.examples_used != outcome.shots:
            return f"{name} ({outcome.shots} of {rows:,} in each prompt)"
        return f"{name} ({rows:,} of them)"
    return name if outcome.family == "present" else f"{name} on {many(outcome.size, 'row')}"


def mid_sentence(name: str) -> str:
    """For the middle of a sentence; a first word with capitals inside (LoRA, TF-IDF) stays as it is."""
    inside = name.split(" ", 1)[0][1:]
    return name if inside != inside.lower() else name[:1].lower() + name[1:]


def _simpler(
    winner: ArmOutcome, outcomes: Sequence[ArmOutcome], compared: Sequence[Compared]
) -> tuple[ArmOutcome | None, bool]:
    """An arm with no language model that is not shown to be worse than the winner, and whether it is shown better."""
    good = []
    for one in outcomes:
        if one.arm not in WITHOUT_A_MODEL or too_many_failed(one):
            continue
        pair = next((c for c in compared if {c.a.arm, c.b.arm} == {one.arm, winner.arm}), None)
        if pair is not None and (pair.winner is None or pair.winner is one):
            good.append((one, pair.winner is one))
    return max(good, key=lambda found: found[0].value, default=(None, False))


def _simpler_text(simpler: ArmOutcome, *, ahead: bool) -> str:
    said = "does better still" if ahead else "is not shown to be worse"
    return (
        f"You may need no language model at all: {mid_sentence(simpler.name)} on {many(simpler.size, 'row')} {said} "
        f"({simpler.value:.3f})."
    )


def _nothing(outcomes: Sequence[ArmOutcome]) -> dict[str, Any]:
    return {
        "winner": None,
        "chance": None,
        "rows_needed": None,
        "smallest_difference_shown": None,
        "n_train": {o.arm: o.examples_used for o in outcomes},
    }


def nothing_to_compare(arms: Iterable[ArmPlan]) -> str | None:
    """What a pilot of these arms lacks for a verdict, before it starts; None where it has both sides."""
    asked = _asked(arms)
    names = " and no ".join(what for family, what, _ in SIDES if family not in asked)
    return (
        f"no {names} is part of this pilot, so it gives scores but no verdict on prompting or tuning" if names else None
    )


def _asked(arms: Iterable[ArmPlan]) -> set[str | None]:
    return {FAMILIES.get(arm.method) for arm in arms}


def _why_none(record: PilotRecord, outcomes: Sequence[ArmOutcome]) -> str:
    """What is missing for a comparison: not asked for, or not finished."""
    there = {o.family for o in outcomes}
    asked = _asked(record.plan.arms)
    if unasked := " and no ".join(what for family, what, _ in SIDES if family not in asked):
        return f"No verdict: no {unasked} was part of this pilot, so there is nothing to compare."
    names = " and no ".join(what for family, what, _ in SIDES if family not in there)
    return f"No verdict yet: no {names} has finished."


def points(difference: float, *, sign: bool = False, unit: bool = True) -> str:
    """A difference of scores in points of a hundred."""
    text = f"{difference * 100:+.1f}" if sign else f"{difference * 100:.1f}"
    return f"{text} points" if unit else text
