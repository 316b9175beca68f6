"""Runs, and what happens in them in order."""

from __future__ import annotations

import json
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from advisor.errors import RunError
from advisor.vocabulary import RunState
from workspace import schema
from workspace.database import Database, speaking_to_people
from workspace.projects import now
from workspace.rows import Event, Run


class Runs:
    """One row per pilot. The state changes only here, and every change is an event."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    def create(self, project: str, dataset: str, plan: dict[str, Any], start_key: str) -> Run:
        """A queued run. The same `start_key` again gives the run that is already there: two clicks make one."""
        table = schema.run
        with self._database.write() as connection:
            row = connection.execute(select(table).where(table.c.start_key == start_key)).first()
            if row is not None:
                return _run(row)
            run = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
            connection.execute(
                insert(table).values(
                    id=run,
                    project=project,
                    dataset=dataset,
                    plan=json.dumps(plan, ensure_ascii=False, sort_keys=True),
                    start_key=start_key,
                    state="queued",
                    created_at=now(),
                )
            )
            append(connection, run, "state", {"state": "queued", "reason": None})
        return self.get(run)

    def get(self, run: str) -> Run:
        with self._database.read() as connection:
            row = connection.execute(select(schema.run).where(schema.run.c.id == run)).first()
        if row is None:
            raise RunError(f"There is no run {run!r} here.", "See `python -m experiments list` for those there are.")
        return _run(row)

    def all(self, project: str | None = None) -> tuple[Run, ...]:
        """Newest first; of one project when given."""
        table = schema.run
        query = select(table).order_by(table.c.created_at.desc(), table.c.id.desc())
        if project is not None:
            query = query.where(table.c.project == project)
        with self._database.read() as connection:
            return tuple(_run(row) for row in connection.execute(query))

    def set_state(
        self, run: str, state: RunState, reason: str | None = None, *, only_from: tuple[RunState, ...] = ()
    ) -> bool:
        """Change the state; False, and nothing done, when it is not one of `only_from` (if given) any more."""
        table = schema.run
        with self._database.write() as connection:
            found = connection.execute(select(table.c.state).where(table.c.id == run)).scalar_one_or_none()
            if found is None or (only_from and found not in only_from):
                return False
            connection.execute(update(table).where(table.c.id == run).values(state=state, reason=reason))
            append(connection, run, "state", {"state": state, "reason": reason})
        return True

    def requeue(self, run: str, reason: str) -> None:
        """Put a stopped run back in line: no process has it yet, and readers give one time to come."""
        waiting: dict[str, Any] = {"state": "queued", "reason": reason}
        with self._database.write() as connection:
            empty = {"pid": None, "pid_started": None, "heartbeat": time.time()}
            connection.execute(update(schema.run).where(schema.run.c.id == run).values(**waiting, **empty))
            append(connection, run, "state", waiting)

    def claim(self, run: str, pid: int, pid_started: float) -> None:
        """Say which process works on the run from now on."""
        with self._database.write() as connection:
            connection.execute(
                update(schema.run)
                .where(schema.run.c.id == run)
                .values(pid=pid, pid_started=pid_started, heartbeat=time.time())
            )

    def heartbeat(self, run: str) -> None:
        """The process is alive and its work is moving."""
        with self._database.write() as connection:
            connection.execute(update(schema.run).where(schema.run.c.id == run).values(heartbeat=time.time()))

    def folder(self, run: str) -> Path:
        """The run's own folder, for its log and what training leaves; made on first use."""
        path = self._folder / run
        with speaking_to_people(path):
            path.mkdir(parents=True, mode=0o700, exist_ok=True)
        return path


class Events:
    """What happened in a run. `sequence` counts from 1 without gaps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, run: str, kind: str, payload: dict[str, Any]) -> int:
        with self._database.write() as connection:
            return append(connection, run, kind, payload)

    def all(self, run: str, *, after: int = 0, kind: str | None = None) -> tuple[Event, ...]:
        """In order, those after `after`; of one kind when given."""
        table = schema.event
        query = select(table).where((table.c.run == run) & (table.c.sequence > after)).order_by(table.c.sequence)
        if kind is not None:
            query = query.where(table.c.kind == kind)
        with self._database.read() as connection:
            return tuple(_event(row) for row in connection.execute(query))


def append(connection: Connection, run: str, kind: str, payload: dict[str, Any]) -> int:
    """Add an event inside a transaction that is already a writing one."""
    table = schema.event
    last = connection.execute(select(func.max(table.c.sequence)).where(table.c.run == run)).scalar_one()
    sequence = int(last or 0) + 1
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True)
    connection.execute(insert(table).values(run=run, sequence=sequence, kind=kind, payload=text, at=time.time()))
    return sequence


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        project=row.project,
        dataset=row.dataset,
        plan=json.loads(row.plan),
        start_key=row.start_key,
        state=row.state,
        pid=row.pid,
        pid_started=row.pid_started,
        heartbeat=row.heartbeat,
        reason=row.reason,
        created_at=row.created_at,
    )


def _event(row: Row[Any]) -> Event:
    return Event(row.run, row.sequence, row.kind, json.loads(row.payload), row.at)
