"""What a project's pilots found: their records, results, the evidence they give, and the rows side by side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import streamlit as st

from advisor.vocabulary import Evidence, PilotRecord
from app_pages import projects
from experiments.evidence import evidence as evidence_in
from experiments.pilot.preference import KIND, REVEALED
from experiments.pilot.records import record_of
from experiments.pilot.representative import answers_of
from workspace import Run

KINDS = {
    "all": "All rows",
    "fixed": "Only the second is right",
    "broken": "Only the first is right",
    "neither": "Neither is right",
    "failed": "No answer",
}
RIGHT = 0.999  # a full score; scores of texts lie between 0 and 1


def finished(project: str) -> tuple[Run, ...]:
    """Runs that came to their end, the newest first."""
    return tuple(run for run in projects.store().runs.all(project) if run.state == "done")


def with_results(project: str) -> tuple[Run, ...]:
    """Runs with at least one finished part, whatever became of them, the newest first."""
    kept = projects.store()
    return tuple(
        run
        for run in kept.runs.all(project)
        if run.state == "done" or kept.events.all(run.id, kind="cell") or kept.events.all(run.id, kind="loaded")
    )


def when(run: Run) -> str:
    """When a run was started, in the machine's own time."""
    return f"{datetime.fromisoformat(run.created_at).astimezone():%-d %b %Y, %H:%M}"


@st.cache_resource(max_entries=8, show_spinner="Reading what the pilot found …")
def _record(home: str, run: str, state: str, parts: int) -> PilotRecord:
    """A record changes only with its state and the number of its settled parts and of judged pairs."""
    return record_of(projects.store(), run)


def record(run: str) -> PilotRecord:
    """Everything the run was and has found so far."""
    kept = projects.store()
    kinds = ("cell", "cell_dropped", "cell_failed", KIND, REVEALED)
    parts = sum(len(kept.events.all(run, kind=kind)) for kind in kinds)
    return _record(str(kept.folder), run, kept.runs.get(run).state, parts)


def results(run: str) -> dict[str, Any]:
    """The contract's document of results."""
    return record(run).results


def evidence(run: str) -> Evidence:
    """What the run may change in the advice."""
    return evidence_in(record(run))


def not_finished(found: PilotRecord) -> tuple[str, ...]:
    """Ways that were planned and have nothing to show."""
    have = {cell.arm for cell in found.cells}
    return tuple(arm.arm for arm in found.plan.arms if arm.arm not in have)


def side_by_side(found: PilotRecord, first: str, second: str) -> Iterator[dict[str, Any]]:
    """Every test row with what it should be and what both arms answered; `kind` is one of KINDS."""
    one, other = answers_of(found, first), answers_of(found, second)
    for row in found.plan.test_rows:
        if row in one and row in other:
            yield {
                "row": row,
                "input": found.inputs.get(row, ""),
                "right": found.references.get(row, ""),
                "first": one[row].prediction or one[row].error,
                "second": other[row].prediction or other[row].error,
                "kind": _kind(one[row].score, other[row].score),
            }


def _kind(first: float | None, second: float | None) -> str:
    if first is None or second is None:
        return "failed"
    return {(False, True): "fixed", (True, False): "broken", (False, False): "neither"}.get(
        (first >= RIGHT, second >= RIGHT), "both"
    )
