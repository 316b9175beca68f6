"""How many test rows a firm answer needs and how to get them: one sentence for the table, the page and the paper."""

from __future__ import annotations

import math
from typing import Any

from advisor.report.outcome import comparisons, number, verdict


def firm_answer(results: dict[str, Any]) -> str:
    """What would make an open comparison firm; nothing where it is firm already, or nobody knows."""
    needed = number(verdict(results).get("rows_needed"))
    if needed is None or needed <= 0:
        return ""
    preference = results.get("preference")
    if results.get("judged_by") == "preference" and isinstance(preference, dict):
        return "" if preference.get("winner") else _pairs(math.ceil(needed), preference)
    return "" if _is_shown(results) else _rows(math.ceil(needed), results)


def _is_shown(results: dict[str, Any]) -> bool:
    """Whether the primary pair's interval leaves no doubt about the direction."""
    ends = [(pair.low, pair.high) for pair in comparisons(results) if pair.primary]
    return any(low is not None and high is not None and (low > 0 or high < 0) for low, high in ends)


def _pairs(needed: int, preference: dict[str, Any]) -> str:
    judged, offered = (int(number(preference.get(key)) or 0) for key in ("judged", "offered"))
    return f"A firm answer needs about {needed:,} pairs with a preference; {judged:,} of {offered:,} were judged."


def _rows(needed: int, results: dict[str, Any]) -> str:
    """Where the rows come from: those that are there and were not used, else how many to label at the present split."""
    used = number(results.get("n_test"))
    start = f"To show a difference of this size, about {needed:,} test rows would be needed"
    if not used:
        return f"{start}."
    start += f"; this pilot used {used:,.0f}."
    if needed <= used:
        return f"{start} So it is not rows that are missing: with more minutes the tuned model is trained again."
    there, labelled = number(results.get("test_rows_available")), number(results.get("rows_labelled"))
    if not there or not labelled:  # a record of an earlier version
        return start
    how = (
        f"a new pilot with more minutes and {needed:,} test rows (under “More choices” of the Pilot page, or --minutes "
        f"and --test-rows {needed})"
    )
    most = f"A test takes up to {there:,.0f} of the {labelled:,.0f} rows of the data"
    if needed <= there:
        return f"{start} {most}, so they are there: start {how}."
    total = math.ceil(needed * labelled / there)
    return (
        f"{start} {most}; divided in the same way, about {total:,} labelled rows give a test of {needed:,}. "
        f"Label {total - int(labelled):,} more, then start {how}."
    )
