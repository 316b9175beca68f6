"""What a project's pilots found: the finished runs, their results, and the evidence they give."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from advisor.vocabulary import Evidence, PilotRecord
from app_pages import projects
from workspace import Run


def finished(project: str) -> tuple[Run, ...]:
    """Runs with something to compare, the newest first."""
    return tuple(run for run in projects.store().runs.all(project) if run.state == "done")


def when(run: Run) -> str:
    """When a run was started, in the machine's own time."""
    return f"{datetime.fromisoformat(run.created_at).astimezone():%d %b %Y, %H:%M}"


def results(run: str) -> dict[str, Any]:
    raise NotImplementedError


def record(run: str) -> PilotRecord:
    raise NotImplementedError


def evidence(run: str) -> Evidence:
    raise NotImplementedError
