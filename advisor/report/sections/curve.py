"""How the score grows with training examples, and what all the team's examples would give; one size is no curve."""

from __future__ import annotations

from typing import Any

from advisor.report import charts, names
from advisor.report.contents import Contents
from advisor.report.numbers import hundredths, quality, ranged, whole
from advisor.report.outcome import Curve, curve, scores, shots_curve
from advisor.vocabulary import Block, Heading, Text


def blocks(c: Contents) -> tuple[Block, ...]:
    """The curve with its extrapolation in words, drawn from two sizes on; nothing where no size was tried."""
    if not c.results:
        return ()
    found = curve(c.results, _rows_available(c))
    if found is None:
        return ()
    prompted = next((s for s in scores(c.results) if s.family == "prompting" and s.score is not None), None)
    rival = (prompted.label, prompted.score) if prompted and prompted.score is not None else None
    shots = tuple(Text(words) for words in [_shots(c.results)] if words)
    drawn = (charts.learning_curve(found, c.metric, rival),) if len(found.points) > 1 else ()
    doubts = (Text(" ".join(found.warnings)),) if found.warnings else ()
    return (Heading("More examples"), Text(_words(found)), *doubts, *drawn, *shots)


def _rows_available(c: Contents) -> int | None:
    if c.record is not None:
        return c.record.plan.rows_available
    return c.evidence.rows_available if c.evidence else None


def _words(found: Curve) -> str:
    method = names.method(found.method)
    sizes = [whole(point.n) for point in found.points]
    alone = found.points[0] if len(found.points) == 1 else None
    start = f"{method} was tried with {_listed(sizes)} training examples."
    if alone is not None:
        score = ranged(alone.score, alone.low, alone.high, hundredths)
        level = f"{score}, 95 % interval" if alone.low is not None else score
        start = f"No learning curve: one training size was measured. {start[:-1]} and reached {level}."
    full = found.at_full_data
    if found.rows_available and max((point.n for point in found.points), default=0) >= found.rows_available:
        return f"{start} These are all of the team's examples."
    if full is None or full.value is None:
        why = (full.why_unknown if full else "") or "too few sizes were tried"
        return f"{start} What all the team's examples would give is not known: {why.rstrip('.')}."
    rows = f"all {whole(found.rows_available)}" if found.rows_available else "all"
    said = f"{start} With {rows} of the team's examples it is expected to reach {quality(full)}, 80 % range"
    return f"{said}; this is estimated from that one size." if alone is not None else f"{said}."


def _shots(results: dict[str, Any]) -> str:
    """How the prompt did with fewer examples in it; nothing where that was not tried."""
    arm, points = shots_curve(results)
    tried = ", ".join(f"{whole(shots)}: {hundredths(score)}" for shots, score in points)
    return f"{names.method(arm)} by the number of examples in the prompt, {tried}." if tried else ""


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
