"""Why: every reason that applies to this task, what it does, how sure it is and where it comes from."""

from __future__ import annotations

from advisor.report import names
from advisor.report.citations import cite
from advisor.report.contents import Contents
from advisor.vocabulary import Block, Heading, Reason, Table

ORDER = {"favours": 0, "against": 0, "rules_out": 1, "explains": 2}
CERTAINTY = {"fact": 0, "A": 1, "B": 2, "C": 3, "D": 4}


def blocks(c: Contents) -> tuple[Block, ...]:
    """One row per reason: what speaks for or against, the heaviest first; then what rules out; then what explains."""
    if c.advice is None or not c.advice.reasons:
        return ()
    ranked = sorted(c.advice.reasons, key=_rank)
    rows = tuple((r.text, names.subject(r), _did(r), _basis(c, r)) for r in ranked)
    columns = ("Reason", "Speaks", "What it did to this answer", "Rests on")
    note = (
        "Numbers in brackets lead to the sources at the end. What a reason did: the decision was made again without "
        "it, on fewer futures, so its chances may be a point or two off those above. A reason that only explains "
        "changes no figure: what it says is in the estimates already."
    )
    return (Heading("Why"), Table("The reasons that apply to this task", columns, rows, note))


def _did(reason: Reason) -> str:
    return reason.did.text if reason.did else "explains, and changes no number" if not reason.weight else ""


def _rank(reason: Reason) -> tuple[int, float, int]:
    return ORDER.get(reason.direction, 3), -abs(reason.weight), CERTAINTY.get(reason.strength, 9)


def _basis(c: Contents, reason: Reason) -> str:
    return f"{names.STRENGTHS.get(reason.strength, 'not stated')} {cite(c, reason.source)}".strip()
