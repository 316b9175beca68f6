"""Files of examples: the bytes once, under their hash; what they mean, per project."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select, update

from advisor.errors import Damaged, InputError
from workspace import schema
from workspace.database import Database, speaking_to_people
from workspace.projects import now
from workspace.rows import StoredDataset


class Datasets:
    """The files a project has."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    def save(
        self, project: str, name: str, data: bytes, *, label: str = "", mapping: Any = None, split: Any = None
    ) -> StoredDataset:
        """Keep a file; the same bytes again in the same project change only what is given: the choices stay."""
        sha256 = hashlib.sha256(data).hexdigest()
        self._write_once(sha256, data)
        values = {"name": name, "label": label or name} | _documents(mapping=mapping, split=split)
        table = schema.dataset
        ours = (table.c.sha256 == sha256) & (table.c.project == project)
        with self._database.write() as connection:
            if connection.execute(select(table).where(ours)).first() is None:
                values = _documents(mapping={}, split={}) | values
                connection.execute(insert(table).values(sha256=sha256, project=project, created_at=now(), **values))
            else:
                connection.execute(update(table).where(ours).values(**values))
        return self.get(project, sha256)

    def get(self, project: str, sha256: str) -> StoredDataset:
        table = schema.dataset
        with self._database.read() as connection:
            row = connection.execute(
                select(table).where((table.c.sha256 == sha256) & (table.c.project == project))
            ).first()
        if row is None:
            raise InputError(f"This project has no file with the hash {sha256[:12]}…", "Upload the file first.")
        return _dataset(row)

    def all(self, project: str) -> tuple[StoredDataset, ...]:
        table = schema.dataset
        with self._database.read() as connection:
            query = select(table).where(table.c.project == project).order_by(table.c.created_at, table.c.sha256)
            return tuple(_dataset(row) for row in connection.execute(query))

    def update(self, project: str, sha256: str, *, mapping: Any = None, split: Any = None) -> StoredDataset:
        """Change what the columns mean, or how the rows are split."""
        self.get(project, sha256)
        values = _documents(mapping=mapping, split=split)
        table = schema.dataset
        if values:
            with self._database.write() as connection:
                connection.execute(
                    update(table).where((table.c.sha256 == sha256) & (table.c.project == project)).values(**values)
                )
        return self.get(project, sha256)

    def path(self, sha256: str) -> Path:
        """Where the bytes lie."""
        return self._folder / sha256

    def read(self, sha256: str) -> bytes:
        """The bytes, as they were given."""
        path = self.path(sha256)
        with speaking_to_people(path):
            data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Damaged(f"{path} no longer holds what was uploaded.", "Upload the file again.")
        return data

    def _write_once(self, sha256: str, data: bytes) -> None:
        path = self.path(sha256)
        if path.exists() and path.stat().st_size == len(data):
            return
        with speaking_to_people(path):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            handle, aside = tempfile.mkstemp(dir=self._folder)  # mode 0600
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(aside).replace(path)
            except BaseException:
                Path(aside).unlink(missing_ok=True)
                raise


def _documents(**given: Any) -> dict[str, str]:
    """What was given, as it is kept."""
    return {k: json.dumps(v, ensure_ascii=False, sort_keys=True) for k, v in given.items() if v is not None}


def _dataset(row: Row[Any]) -> StoredDataset:
    return StoredDataset(
        row.sha256, row.project, row.name, row.label, json.loads(row.mapping), json.loads(row.split), row.created_at
    )
