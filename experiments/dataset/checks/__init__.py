"""What may be wrong with a data set, one small file each. Adding one: a module here and its line in CHECKS."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from advisor.vocabulary import Finding
from experiments.dataset.checks import (
    answer_in_input,
    constant_output,
    contradictions,
    copied_output,
    duplicates,
    error_cells,
    given_test,
    imbalance,
    json_answers,
    label_names,
    label_noise,
    languages,
    leakage,
    lengths,
    near_copies,
    no_text,
    not_text,
    numbers_as_answers,
    odd_signs,
    one_label,
    one_question,
    own_labels,
    personal_data,
    rare_labels,
    rejected_rows,
    special_tokens,
    too_few_rows,
)
from experiments.dataset.draft import Draft

CHECKS: tuple[Any, ...] = (
    rejected_rows,
    too_few_rows,
    one_label,
    one_question,
    own_labels,
    numbers_as_answers,
    imbalance,
    rare_labels,
    label_names,
    contradictions,
    duplicates,
    near_copies,
    leakage,
    given_test,
    no_text,
    not_text,
    error_cells,
    answer_in_input,
    constant_output,
    copied_output,
    json_answers,
    lengths,
    languages,
    personal_data,
    special_tokens,
    odd_signs,
    label_noise,
)
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
