"""What the store hands out, one frozen dataclass per table. Times are ISO in UTC, heartbeats seconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from advisor.vocabulary import RunState


@dataclass(frozen=True, slots=True)
class Project:
    """One task of one team."""

    id: str
    name: str
    created_at: str
    archived_at: str | None


@dataclass(frozen=True, slots=True)
class Answers:
    """The questionnaire as it was saved; `revision` counts from 1."""

    project: str
    revision: int
    yaml: str
    created_at: str


@dataclass(frozen=True, slots=True)
class StoredDataset:
    """A file of examples: its bytes lie once under their hash, mapping and split belong to the project."""

    sha256: str
    project: str
    name: str
    label: str
    mapping: dict[str, Any]
    split: dict[str, Any]
    created_at: str


@dataclass(frozen=True, slots=True)
class SavedAdvice:
    """One answer as it was given, for one revision of the answers and perhaps one run."""

    id: int
    project: str
    revision: int
    run: str | None
    catalog_date: str
    document: dict[str, Any]
    created_at: str


@dataclass(frozen=True, slots=True)
class Run:
    """One pilot: its plan and where its process stands. `pid_started` tells a reused pid from ours."""

    id: str
    project: str
    dataset: str
    plan: dict[str, Any]
    start_key: str
    state: RunState
    pid: int | None
    pid_started: float | None
    heartbeat: float | None
    reason: str | None
    created_at: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a run, in order."""

    run: str
    sequence: int
    kind: str
    payload: dict[str, Any]
    at: float


@dataclass(frozen=True, slots=True)
class CallsSpent:
    """What calls to a hosted service cost (reservations that were never settled in full) and counted."""

    calls: int
    usd: float
    tokens_sent: int
    tokens_received: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A fact a person put right."""

    kind: str
    key: str
    value: str
    note: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """Measured over estimated on one machine, over `n` measurements; `measured_at` in seconds since 1970."""

    machine: str
    quantity: str
    ratio: float
    n: int
    measured_at: float
