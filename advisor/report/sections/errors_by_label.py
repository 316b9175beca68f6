"""Which labels go wrong, under the ways that matter most, and what they are taken for."""

from __future__ import annotations

from typing import Any

from advisor.report import names
from advisor.report.contents import Contents
from advisor.report.outcome import comparisons, scores
from advisor.vocabulary import Block, Heading, Table

SHOWN_ARMS = 3
SHOWN_LABELS = 20


def blocks(c: Contents) -> tuple[Block, ...]:
    """The labels most often missed; nothing for tasks without labels, or where every answer is right."""
    lines: list[dict[str, Any]] = (c.results or {}).get("errors_by_label") or []
    arms = _arms(c)
    missed = [line for line in lines if any(arm["wrong"] for arm in line["arms"] if arm["arm"] in arms)]
    if not missed or not arms:
        return ()
    heads = ("Label", "Test rows", *(f"Wrong: {names.method(arm)}" for arm in arms), "Mostly taken for")
    rows = tuple(_row(line, arms) for line in missed[:SHOWN_LABELS])
    note = f"Wrong answers of all answers to rows with that label; taken for: by {names.inside(names.method(arms[0]))}."
    note += " A label with under ten rows says little." if any(line["n_test"] < 10 for line in missed) else ""
    left = len(lines) - len(rows)
    note += f" {left} more labels stand in the results document." if left else ""
    right = tuple(range(1, len(arms) + 2))
    return (Heading("Errors by label"), Table("Labels, the most often missed first", heads, rows, note, right))


def _arms(c: Contents) -> tuple[str, ...]:
    """The primary pair first, the better one in front; then the best of the others."""
    found = [s for s in scores(c.results or {}) if s.score is not None]
    pair = {arm for p in comparisons(c.results or {}) if p.primary for arm in (p.a, p.b)}
    ranked = sorted(found, key=lambda s: (s.arm not in pair, -(s.score or 0.0)))
    return tuple(s.arm for s in ranked[:SHOWN_ARMS])


def _row(line: dict[str, Any], arms: tuple[str, ...]) -> tuple[str, ...]:
    by_arm = {arm["arm"]: arm for arm in line["arms"]}
    cells = [by_arm.get(arm) for arm in arms]
    wrong = [f"{a['wrong']} of {a['answered']}" if a and a["answered"] else "–" for a in cells]
    return (str(line["label"]), f"{line['n_test']:,}", *wrong, str((cells[0] or {}).get("taken_for") or "–"))
