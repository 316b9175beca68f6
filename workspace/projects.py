"""Projects, and what a team says in them: answers and advice are only ever added to."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from advisor.errors import InputError
from workspace import schema
from workspace.database import Database
from workspace.rows import Answers, Project, SavedAdvice

DEFAULT = "command-line"  # runs started from the command line land here


def now() -> str:
    """This moment, as it is written in the database."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Projects:
    """The tasks of a team."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str) -> Project:
        project = Project(secrets.token_hex(6), _a_name(name), now(), None)
        with self._database.write() as connection:
            connection.execute(insert(schema.project).values(**_columns(project)))
        return project

    def default(self) -> Project:
        """The project of runs from the command line; made on first use."""
        with self._database.write() as connection:
            row = connection.execute(select(schema.project).where(schema.project.c.id == DEFAULT)).first()
            if row is not None:
                return Project(*row)
            project = Project(DEFAULT, "Command line", now(), None)
            connection.execute(insert(schema.project).values(**_columns(project)))
            return project

    def all(self, *, archived: bool = False) -> tuple[Project, ...]:
        """Projects in the order they were made; archived ones only when asked for."""
        query = select(schema.project).order_by(schema.project.c.created_at, schema.project.c.id)
        if not archived:
            query = query.where(schema.project.c.archived_at.is_(None))
        with self._database.read() as connection:
            return tuple(Project(*row) for row in connection.execute(query))

    def get(self, project: str) -> Project:
        with self._database.read() as connection:
            row = connection.execute(select(schema.project).where(schema.project.c.id == project)).first()
        if row is None:
            raise InputError(f"There is no project {project!r} here.", "Choose one from the list of projects.")
        return Project(*row)

    def rename(self, project: str, name: str) -> Project:
        renamed = replace(self.get(project), name=_a_name(name))
        with self._database.write() as connection:
            connection.execute(update(schema.project).where(schema.project.c.id == project).values(name=renamed.name))
        return renamed

    def archive(self, project: str, *, archived: bool = True) -> Project:
        """Put a project out of sight, or bring it back; nothing is deleted."""
        changed = replace(self.get(project), archived_at=now() if archived else None)
        with self._database.write() as connection:
            connection.execute(
                update(schema.project).where(schema.project.c.id == project).values(archived_at=changed.archived_at)
            )
        return changed


class AnswersLog:
    """Every saved version of a project's answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, project: str, yaml: str) -> int:
        """Add a revision and return its number; answers equal to the newest make no new one."""
        table = schema.answers
        with self._database.write() as connection:
            newest = connection.execute(
                select(table).where(table.c.project == project).order_by(table.c.revision.desc()).limit(1)
            ).first()
            if newest is not None and newest.yaml == yaml:
                return int(newest.revision)
            revision = 1 if newest is None else int(newest.revision) + 1
            connection.execute(insert(table).values(project=project, revision=revision, yaml=yaml, created_at=now()))
        return revision

    def latest(self, project: str) -> Answers | None:
        history = self.history(project)
        return history[-1] if history else None

    def history(self, project: str) -> tuple[Answers, ...]:
        table = schema.answers
        with self._database.read() as connection:
            query = select(table).where(table.c.project == project).order_by(table.c.revision)
            return tuple(Answers(*row) for row in connection.execute(query))


class AdviceLog:
    """Every answer that was given, as it was given."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self, project: str, revision: int, document: dict[str, Any], *, catalog_date: str, run: str | None = None
    ) -> int:
        values = {
            "project": project,
            "revision": revision,
            "run": run,
            "catalog_date": catalog_date,
            "json": json.dumps(document, ensure_ascii=False, sort_keys=True),
            "created_at": now(),
        }
        with self._database.write() as connection:
            connection.execute(insert(schema.advice).values(**values))
            return int(connection.execute(select(func.last_insert_rowid())).scalar_one())

    def all(self, project: str, *, revision: int | None = None, run: str | None = None) -> tuple[SavedAdvice, ...]:
        """Oldest first; only those of one revision or one run when given."""
        table = schema.advice
        query = select(table).where(table.c.project == project).order_by(table.c.id)
        if revision is not None:
            query = query.where(table.c.revision == revision)
        if run is not None:
            query = query.where(table.c.run == run)
        with self._database.read() as connection:
            return tuple(_advice(row) for row in connection.execute(query))

    def newest(self, project: str) -> SavedAdvice | None:
        """The last answer that was given."""
        table = schema.advice
        query = select(table).where(table.c.project == project).order_by(table.c.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else _advice(row)

    def rests_on(self, project: str) -> frozenset[str | None]:
        """The runs whose evidence stood behind some answer; None among them: one was given without any."""
        table = schema.advice
        query = select(table.c.run).where(table.c.project == project).distinct()
        with self._database.read() as connection:
            return frozenset(connection.execute(query).scalars())


def _a_name(name: str) -> str:
    if not name.strip():
        raise InputError("A project needs a name; this one is empty.", "Type a few words that say what the task is.")
    return name.strip()


def _columns(project: Project) -> dict[str, Any]:
    return {
        "id": project.id,
        "name": project.name,
        "created_at": project.created_at,
        "archived_at": project.archived_at,
    }


def _advice(row: Row[Any]) -> SavedAdvice:
    return SavedAdvice(
        row.id, row.project, row.revision, row.run, row.catalog_date, json.loads(row.json), row.created_at
    )
