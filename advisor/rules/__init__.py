"""RULES: one small function per rule, from a published finding or a fact; every one that applies gives a Reason."""

from __future__ import annotations

from collections.abc import Callable

from advisor.rules import data, knowledge, method, order, running, task
from advisor.rules.situation import Situation
from advisor.vocabulary import Reason

Rule = Callable[[Situation], Reason | None]
RULES: tuple[Rule, ...] = (
    *order.RULES,
    *knowledge.RULES,
    *task.RULES,
    *data.RULES,
    *method.RULES,
    *running.RULES,
)
ORDER = {"rules_out": 0, "favours": 1, "against": 1, "explains": 2}


def reasons_for(case: Situation) -> tuple[Reason, ...]:
    """Every reason that applies: what rules out first, then what has weight, then what explains."""
    found = [reason for rule in RULES if (reason := rule(case)) is not None]
    return tuple(sorted(found, key=lambda r: (ORDER[r.direction] if r.weight else 2, -r.weight)))


__all__ = ["RULES", "Rule", "Situation", "reasons_for"]
