"""What evidence moved, and why: before and after, in words."""

from __future__ import annotations

from advisor.decision.words import FAMILY, amount, percent
from advisor.estimators.measured import PILOT
from advisor.vocabulary import ESTIMATED, Advice, Estimate, Evidence, Moved, OptionAdvice

SHOWN_OPTIONS = 6
NOTICEABLE_CHANCE = 0.01
LABELS = {
    "quality": "quality",
    "latency_p95_ms": "time within which 95 % are answered (ms)",
    "training_hours": "training time (hours)",
}


def moved(before: Advice, after: Advice, evidence: Evidence) -> tuple[Moved, ...]:
    """Verdict, chances and break-even first, then every measured option, then what moved through the shared causes."""
    found: list[Moved] = []
    if before.recommendation.sentence != after.recommendation.sentence:
        found_there = len(evidence.measurements)
        are = "measurement of run {} is" if found_there == 1 else "measurements of run {} are"
        why = f"{found_there} {are.format(evidence.run)} now part of it"
        found.append(Moved("Verdict", before.recommendation.sentence, after.recommendation.sentence, why))
    found += _chances(before, after)
    if _cheaper(before) != _cheaper(after):
        why = "it compares the ways that lead now, with what was measured of them"
        found.append(Moved("Where training becomes cheaper", _cheaper(before), _cheaper(after), why))
    was = {o.option.id: o for o in before.options}
    measured = {(m.method, m.model) for m in evidence.measurements}
    direct = [o for o in after.options if _is_measured(o)]
    for option in direct[:SHOWN_OPTIONS]:
        if option.option.id in was:
            found += _estimates(was[option.option.id], option, "measured on your data")
    if not direct and measured:
        found += _through_shared_causes(was, after)
    return tuple(found)


def _cheaper(advice: Advice) -> str:
    return advice.break_even.text if advice.break_even else advice.no_break_even


def _is_measured(option: OptionAdvice) -> bool:
    return any(_from_pilot(e) for e in option.estimates.values())


def _from_pilot(estimate: Estimate) -> bool:
    return estimate.source.startswith(PILOT)


def _chances(before: Advice, after: Advice) -> list[Moved]:
    rows = []
    if abs(before.chance_tuning_wins - after.chance_tuning_wins) > NOTICEABLE_CHANCE:
        rows.append(
            Moved(
                "Chance that training scores higher than prompting",
                percent(before.chance_tuning_wins),
                percent(after.chance_tuning_wins),
                "the measured scores, and what they say about the task itself",
            )
        )
    for family, chance in after.chance_best_by_family.items():
        old = before.chance_best_by_family.get(family, 0.0)
        if abs(chance - old) > NOTICEABLE_CHANCE:
            rows.append(
                Moved(f"Chance that {FAMILY[family]}", percent(old), percent(chance), "all costs and limits counted")
            )
    return rows


def _estimates(old: OptionAdvice, new: OptionAdvice, why: str) -> list[Moved]:
    rows = []
    for key in ESTIMATED:
        before, after = old.estimates[key], new.estimates[key]
        if key in LABELS and (_from_pilot(after) or key == "quality") and before != after:
            said = after.source if _from_pilot(after) and after.basis != "measured" else why
            rows.append(Moved(LABELS[key], _range(before), _range(after), said, new.option))
    return rows


def _through_shared_causes(was: dict[str, OptionAdvice], after: Advice) -> list[Moved]:
    """No option was measured itself (a starter model): show how far the leading ones moved."""
    why = "another model was measured; it moves this one only through the difficulty of the task"
    rows: list[Moved] = []
    for option in [o for o in after.options if o.feasible][:3]:
        if option.option.id in was:
            rows += _estimates(was[option.option.id], option, why)
    return rows


def _range(estimate: Estimate) -> str:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "not known"
    return f"{amount(estimate.value)} ({amount(estimate.low)} to {amount(estimate.high)})"
