"""What runs leave behind: every answered row with a hash of its own, and every cent."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_once

from advisor.errors import Damaged
from advisor.vocabulary import RowResult
from workspace import schema
from workspace.database import Database
from workspace.rows import CallsSpent


def row_sha256(run: str, row: RowResult) -> str:
    """The hash of a row as it was acknowledged: no figure can change on disk unnoticed."""
    text = json.dumps({"run": run, **asdict(row)}, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Rows:
    """One row per run × arm × size × seed × example; the first answer stays."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, run: str, row: RowResult) -> bool:
        """Keep an answered row, on disk when this returns. False when it is already there: nothing changes then."""
        return self.add_many(run, (row,)) == 1

    def add_many(self, run: str, rows: tuple[RowResult, ...]) -> int:
        """All of them in one transaction; returns how many are new."""
        new = 0
        with self._database.write() as connection:
            for row in rows:
                values = {**asdict(row), "invalid": int(row.invalid), "run": run, "sha256": row_sha256(run, row)}
                statement = insert_once(schema.row_result).values(**values).on_conflict_do_nothing()
                new += connection.execute(statement).rowcount
        return new

    def all(self, run: str) -> tuple[RowResult, ...]:
        """Every row, by arm, size, seed and example. Refuses rows that are not what was written."""
        table = schema.row_result
        order = (table.c.arm, table.c.size, table.c.seed, table.c.row)
        with self._database.read() as connection:
            return tuple(
                _checked(r) for r in connection.execute(select(table).where(table.c.run == run).order_by(*order))
            )

    def counts(self, run: str) -> dict[tuple[str, int, int], int]:
        """How many rows each cell (arm, size, seed) has answered."""
        table = schema.row_result
        cell = (table.c.arm, table.c.size, table.c.seed)
        with self._database.read() as connection:
            found = connection.execute(select(*cell, func.count()).where(table.c.run == run).group_by(*cell))
            return {(arm, size, seed): int(n) for arm, size, seed, n in found}


class Spend:
    """Money of a run: reserved before a call, settled after it; an unsettled reservation counts as spent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, run: str, call: str, usd: float, *, limit_usd: float) -> bool:
        """Reserve for one call; False, and nothing reserved, when that could pass the limit."""
        with self._database.write() as connection:
            known = connection.execute(
                select(schema.spend).where((schema.spend.c.run == run) & (schema.spend.c.call == call))
            ).first()
            if known is not None:
                return True
            if _spent(connection, run) + usd > limit_usd:
                return False
            connection.execute(insert(schema.spend).values(run=run, call=call, reserved_usd=usd))
        return True

    def settle(self, run: str, call: str, usd: float, tokens: tuple[int, int] | None = None) -> None:
        """What the call really cost, and the tokens sent and received where they were counted."""
        table = schema.spend
        sent, received = tokens or (None, None)
        with self._database.write() as connection:
            connection.execute(
                update(table)
                .where((table.c.run == run) & (table.c.call == call))
                .values(usd=usd, tokens_sent=sent, tokens_received=received)
            )

    def total_usd(self, run: str) -> float:
        with self._database.read() as connection:
            return _spent(connection, run)

    def of_calls(self, run: str, beginning: str) -> CallsSpent:
        """Over the calls whose name begins so."""
        table = schema.spend
        figures = (
            func.count(),
            func.sum(func.coalesce(table.c.usd, table.c.reserved_usd)),
            func.sum(table.c.tokens_sent),
            func.sum(table.c.tokens_received),
        )
        mine = (table.c.run == run) & table.c.call.startswith(beginning, autoescape=True)
        with self._database.read() as connection:
            calls, usd, sent, received = connection.execute(select(*figures).where(mine)).one()
        return CallsSpent(int(calls), float(usd or 0.0), int(sent or 0), int(received or 0))


def _spent(connection: Connection, run: str) -> float:
    table = schema.spend
    query = select(func.sum(func.coalesce(table.c.usd, table.c.reserved_usd))).where(table.c.run == run)
    return float(connection.execute(query).scalar_one() or 0.0)


def _checked(found: Row[Any]) -> RowResult:
    row = RowResult(
        arm=found.arm,
        size=found.size,
        seed=found.seed,
        part=found.part,
        row=found.row,
        prediction=found.prediction,
        score=found.score,
        latency_ms=found.latency_ms,
        invalid=bool(found.invalid),
        error=found.error,
    )
    if row_sha256(found.run, row) != found.sha256:
        raise Damaged(
            f"Row {found.row} of arm {found.arm} in run {found.run} is no longer what was written.",
            "Copy the newest file of the folder 'backups' in the place of the database, or run the pilot again.",
        )
    return row
