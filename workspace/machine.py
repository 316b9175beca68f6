"""What was learnt here: facts a person put right, and how far estimates are off on this machine."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as insert_once

from workspace import schema
from workspace.database import Database
from workspace.projects import now
from workspace.rows import Calibration, Correction


class Corrections:
    """Typed over the catalog: price, speed, capability."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, kind: str, key: str, value: str, note: str = "") -> Correction:
        """The newest correction of a fact replaces the one before."""
        made = Correction(kind, key, value, note, now())
        changed = {"value": value, "note": note, "created_at": made.created_at}
        statement = insert_once(schema.correction).values(kind=kind, key=key, **changed)
        with self._database.write() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["kind", "key"], set_=changed))
        return made

    def all(self, kind: str | None = None) -> tuple[Correction, ...]:
        table = schema.correction
        query = select(table.c.kind, table.c.key, table.c.value, table.c.note, table.c.created_at).order_by(table.c.id)
        if kind is not None:
            query = query.where(table.c.kind == kind)
        with self._database.read() as connection:
            return tuple(Correction(*row) for row in connection.execute(query))


class Calibrations:
    """Measured ÷ estimated, per machine and quantity."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self, machine: str, quantity: str, ratio: float, n: int = 1, *, measured_at: float | None = None
    ) -> Calibration:
        """What was measured now, or at `measured_at`, which all figures of one measurement share."""
        at = time.time() if measured_at is None else measured_at
        changed: dict[str, Any] = {"ratio": ratio, "n": n, "measured_at": at}
        statement = insert_once(schema.calibration).values(machine=machine, quantity=quantity, **changed)
        with self._database.write() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["machine", "quantity"], set_=changed))
        return Calibration(machine, quantity, **changed)

    def all(self, machine: str) -> dict[str, Calibration]:
        """By quantity."""
        table = schema.calibration
        with self._database.read() as connection:
            rows = connection.execute(select(table).where(table.c.machine == machine).order_by(table.c.quantity))
            return {row.quantity: Calibration(*row) for row in rows}
