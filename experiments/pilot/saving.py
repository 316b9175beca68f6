"""A record as one file, whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path

from advisor.errors import NoPermission, NoSpace
from advisor.vocabulary import PilotRecord
from experiments.pilot.documents import record_json

DISK_FULL = 28  # errno.ENOSPC


def save_record(record: PilotRecord, path: Path) -> None:
    """Write everything the run was and found, its rows' texts included: readable by its owner only."""
    aside = path.with_name(f".{path.name}.writing")
    try:
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(record_json(record), file, ensure_ascii=True, allow_nan=False)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        if error.errno == DISK_FULL:
            raise NoSpace(f"The disk with {path} is full.", "Free some space; the run itself is kept.") from error
        raise NoPermission(f"{path} cannot be written ({error.strerror}).", "Name another file.") from error
