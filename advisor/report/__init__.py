"""Advice and pilot results as one document: blocks that the page, the PDF and JSON draw alike.

`advice_report` and `pilot_report` are whole reports; `section_blocks(name, Contents(...))` is one section of them.
`advisor.report.pdf` makes the paper, in a child process.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from advisor.errors import ReportError
from advisor.report.contents import Contents
from advisor.report.plain import harmless
from advisor.report.sections import (
    assumptions,
    before_after,
    comparison,
    contradictions,
    cost,
    curve,
    errors_by_label,
    explanation,
    flips,
    glossary,
    guards,
    measured,
    nearest_cases,
    next_measurement,
    next_steps,
    options,
    pilot_worth,
    reasons,
    run,
    sources,
    title,
    trade_offs,
    verdict,
    your_prompt,
)
from advisor.vocabulary import Advice, Block, Evidence, Moved, PilotRecord

Section = Callable[[Contents], tuple[Block, ...]]

SECTIONS: tuple[tuple[str, Section], ...] = (
    ("title", title.blocks),
    ("verdict", verdict.blocks),
    ("your_prompt", your_prompt.blocks),
    ("contradictions", contradictions.blocks),
    ("next_steps", next_steps.blocks),
    ("options", options.blocks),
    ("cost", cost.blocks),
    ("reasons", reasons.blocks),
    ("nearest_cases", nearest_cases.blocks),
    ("trade_offs", trade_offs.blocks),
    ("flips", flips.blocks),
    ("next_measurement", next_measurement.blocks),
    ("comparison", comparison.blocks),
    ("measured", measured.blocks),
    ("errors_by_label", errors_by_label.blocks),
    ("curve", curve.blocks),
    ("guards", guards.blocks),
    ("before_after", before_after.blocks),
    ("pilot_worth", pilot_worth.blocks),
    ("explanation", explanation.blocks),
    ("assumptions", assumptions.blocks),
    ("run_title", run.title),
    ("run", run.blocks),
    ("sources", sources.blocks),
    ("glossary", glossary.blocks),
)
GLOSSARY = "glossary"
BY_NAME: dict[str, Section] = dict(SECTIONS)
# `measured` is drawn inside `comparison`; the run's own sections belong to the pilot's report
ADVICE_REPORT = tuple(name for name, _ in SECTIONS if name not in ("measured", "errors_by_label", "run_title", "run"))
PILOT_REPORT = ("run_title", "comparison", "errors_by_label", "curve", "guards", "run", "glossary")


def section_blocks(name: str, contents: Contents) -> tuple[Block, ...]:
    """One section, for a page; empty when there is nothing to say."""
    if name not in BY_NAME:
        raise ReportError(f"There is no section '{name}' in the report.", f"Sections: {', '.join(BY_NAME)}.")
    return harmless(BY_NAME[name](contents))


def report(contents: Contents, sections: tuple[str, ...] = ADVICE_REPORT) -> tuple[Block, ...]:
    """The named sections in order; the glossary comes last and explains only what they use."""
    body = tuple(block for name in sections if name != GLOSSARY for block in section_blocks(name, contents))
    return (*body, *harmless(glossary.used_in(body))) if GLOSSARY in sections else body


def advice_report(
    advice: Advice,
    evidence: Evidence | None = None,
    results: dict[str, Any] | None = None,
    before: Advice | None = None,
    moved: tuple[Moved, ...] = (),
) -> tuple[Block, ...]:
    """The whole report on one advice; with a pilot's `results` its outcome, with `before` what it changed."""
    return report(Contents(advice, evidence, results, before, moved))


def pilot_report(results: dict[str, Any], record: PilotRecord | None = None) -> tuple[Block, ...]:
    """The whole report on one pilot; `record` adds how it was made."""
    return report(Contents(results=results, record=record), PILOT_REPORT)


def as_json(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    """Each block as a document: {"block": its kind, …its fields}."""
    return [{"block": type(block).__name__.lower(), **asdict(block)} for block in blocks]


__all__ = [
    "ADVICE_REPORT", "PILOT_REPORT", "SECTIONS", "Contents",
    "advice_report", "as_json", "pilot_report", "report", "section_blocks",
]  # fmt: skip
