"""Where single labels go wrong: per label and arm, how many test rows were missed and for what they were taken."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from advisor.vocabulary import PilotRecord, RowResult
from experiments.pilot.representative import answers_of


def errors_by_label(record: PilotRecord) -> list[dict[str, Any]]:
    """One line per label that the test holds, the most often missed first; empty for tasks without single labels.

    Each {"label", "n_test", "arms": [{"arm", "answered", "wrong", "taken_for"}]}, of an arm's representative cell;
    rows that failed are not answered; `taken_for` is the commonest wrong answer, None where there is none.
    """
    if record.plan.task_type != "classification" or not record.plan.labels:
        return []
    finished = {cell.arm for cell in record.cells}
    answers = {arm.arm: answers_of(record, arm.arm) for arm in record.plan.arms if arm.arm in finished}
    rows: dict[str, list[int]] = defaultdict(list)
    for row in record.plan.test_rows:
        if row in record.references:
            rows[record.references[row]].append(row)
    found = [
        {"label": label, "n_test": len(mine), "arms": [_of_arm(arm, a, label, mine) for arm, a in answers.items()]}
        for label, mine in rows.items()
    ]
    return sorted(found, key=lambda line: (-_missed(line), line["label"]))


def _of_arm(arm: str, answers: dict[int, RowResult], label: str, rows: list[int]) -> dict[str, Any]:
    said = [r.prediction for row in rows if (r := answers.get(row)) is not None and r.error is None]
    wrong = Counter(str(answer) for answer in said if answer != label)
    commonest = min(wrong, key=lambda answer: (-wrong[answer], answer), default=None)
    return {"arm": arm, "answered": len(said), "wrong": wrong.total(), "taken_for": commonest}


def _missed(line: dict[str, Any]) -> float:
    """The mean share of an arm's answers that are wrong."""
    shares = [a["wrong"] / a["answered"] for a in line["arms"] if a["answered"]]
    return sum(shares) / len(shares) if shares else 0.0
