"""What may be wrong with a data set, one small file each. Adding one: a module here and its line in CHECKS."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from advisor.vocabulary import Finding
from experiments.dataset.checks import (
    rejected_rows,
)
from experiments.dataset.draft import Draft

CHECKS: tuple[Any, ...] = (rejected_rows,)
ORDER = ("error", "ask", "warn", "note")


def run(draft: Draft) -> list[Finding]:
    """Every check, in order, with progress."""
    found: list[Finding] = []
    for number, check in enumerate(CHECKS):
        draft.progress("check", number / len(CHECKS))
        found += check.run(draft)
    return found


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first, then questions, warnings and notes."""
    return tuple(sorted(findings, key=lambda finding: ORDER.index(finding.severity)))
