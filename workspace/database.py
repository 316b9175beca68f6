"""Opening the database: one file, write-ahead log, short transactions, migrated by whoever opens it first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from advisor.errors import Busy, Damaged, NoPermission, NoSpace, SituationError, TuneOrPromptError
from workspace.schema import REVISIONS

FILE = "workspace.sqlite3"
BUSY_TIMEOUT_S = 30.0  # immediate transactions with 5 s or more never failed under 8 writers (reference/reliability)
MIGRATION_TIMEOUT_S = 120.0


class Database:
    """The open database. `read()` and `write()` are the only ways in; each is one transaction.

    Never carried across a fork: call `close()` before forking; it reopens by itself.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        with speaking_to_people(self.path):
            self._bring_up_to_date()
        self._engine = _engine(self.path)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; blocks nobody."""
        with speaking_to_people(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """The one writer: the lock is taken at the start, the commit is on disk at the end."""
        engine = self._engine.execution_options(begin="IMMEDIATE")
        with speaking_to_people(self.path), engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def _bring_up_to_date(self) -> None:
        if self.path.exists() and _revision(self.path) == REVISIONS[-1]:
            return
        lock = FileLock(str(self.path) + ".migrate", timeout=MIGRATION_TIMEOUT_S)
        try:
            with lock:
                before = _revision(self.path) if self.path.exists() else None
                if before == REVISIONS[-1]:
                    return
                if before is not None:
                    _backup(self.path, before)
                _migrate(self.path)
        except Timeout as error:
            raise Busy(
                f"Another program has been upgrading {self.path} for {MIGRATION_TIMEOUT_S:.0f} s.",
                "Wait for it to finish, or end it, and try again.",
            ) from error


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_TIMEOUT_S})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # survives a power cut; 0.3 ms a commit on an SSD
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")

    return engine


def _revision(path: Path) -> str | None:
    """The revision on disk; None for an empty database. Refuses one written by a newer program."""
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)
    try:
        known = connection.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        found = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
        foreign = not known and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    finally:
        connection.close()
    if foreign:
        raise Damaged(f"{path} is a database of another program.", "Move it away, or choose another data home.")
    revision = found[0] if found else None
    if revision is not None and revision not in REVISIONS:
        raise SituationError(
            f"{path} was written by a newer version of this program (its revision is {revision}, we know {REVISIONS}).",
            "Upgrade this program; nothing was changed.",
        )
    return revision


def _backup(path: Path, revision: str) -> None:
    folder = path.parent / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"{path.stem}-{revision}-{datetime.now(UTC):%Y%m%d-%H%M%S}{path.suffix}"
    source, target = sqlite3.connect(path), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()
    copy.chmod(0o600)


def _migrate(path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    engine = _engine(path)
    try:
        with engine.execution_options(begin="IMMEDIATE").begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
    path.chmod(0o600)


@contextmanager
def speaking_to_people(path: Path) -> Iterator[None]:
    """Turn what the database or the disk says into a sentence with a way out."""
    try:
        yield
    except TuneOrPromptError:
        raise
    except (DBAPIError, sqlite3.Error) as error:
        raise _for_people(path, str(getattr(error, "orig", None) or error)) from error
    except OSError as error:
        raise for_people_from_os(path, error) from error


def for_people_from_os(path: Path, error: OSError) -> TuneOrPromptError:
    """A file that cannot be written, as a sentence."""
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NoSpace(f"The disk with {path} is full.", "Free some space and try again; what was saved is safe.")
    return NoPermission(
        f"{path} cannot be used ({error.strerror or error}).", "Give yourself the right to read and write there."
    )


def _for_people(path: Path, text: str) -> TuneOrPromptError:
    if "full" in text or "disk I/O error" in text:
        return NoSpace(
            f"The disk with {path} is full or failing ({text}).",
            "Free some space and try again; what was saved is safe.",
        )
    if "readonly" in text or "unable to open" in text or "authoriz" in text:
        return NoPermission(f"{path} cannot be written ({text}).", "Give yourself the right to write its folder.")
    if "not a database" in text or "malformed" in text or "no such table" in text or "no such column" in text:
        return Damaged(
            f"{path} is damaged ({text}).",
            "Move it away and copy the newest file of the folder 'backups' in its place, or choose a new data home.",
        )
    if "locked" in text or "busy" in text:
        return Busy(f"{path} has been locked by another program for {BUSY_TIMEOUT_S:.0f} s.", "Try again in a moment.")
    return SituationError(f"{path} cannot be used ({text}).", "Run again with --debug and send us what it prints.")
