"""Rows that were left out, and why."""

from __future__ import annotations

from collections import defaultdict

from advisor.vocabulary import Finding
from experiments.dataset.draft import Draft

NAME = "rejected_rows"
LISTED_LINES = 8


def run(draft: Draft) -> list[Finding]:
    """One warning for all of them, with the commonest reasons and their lines."""
    if not draft.rejected:
        return []
    lines: dict[str, list[int]] = defaultdict(list)
    for item in draft.rejected:
        lines[item.why].append(item.line)
    reasons = sorted(lines.items(), key=lambda reason: -len(reason[1]))
    said = "; ".join(f"{why} (line {_listed(where)})" for why, where in reasons[:4])
    more = f"; and {len(reasons) - 4} other reasons" if len(reasons) > 4 else ""
    total = len(draft.examples) + len(draft.rejected)
    text = f"{len(draft.rejected):,} of {total:,} rows were left out: {said}{more}."
    return [Finding(NAME, "warn", text, mend="Mend these lines in the file; the other rows were kept.")]


def _listed(lines: list[int]) -> str:
    different = list(dict.fromkeys(lines))
    shown = ", ".join(f"{line:,}" for line in different[:LISTED_LINES])
    return f"{shown} …" if len(different) > LISTED_LINES else shown
