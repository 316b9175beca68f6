"""Two small files beside a run: the wish to cancel it, and room kept back for the last words."""

from __future__ import annotations

import os
from pathlib import Path

from workspace import Store

RESERVE_BYTES = 2 * 2**20  # enough for the database to say "paused: the disk is full"


def cancel_file(store: Store, run: str) -> Path:
    """There while a person wants the run to stop."""
    return store.runs.folder(run) / "cancel"


def log_file(store: Store, run: str) -> Path:
    """What the worker and its children print."""
    return store.runs.folder(run) / "log.txt"


def reserve_space(store: Store, run: str) -> None:
    """Hold some disk back while the run works."""
    path = _reserve(store, run)
    if not path.exists():
        with path.open("wb") as file:
            file.write(b"\0" * RESERVE_BYTES)
            file.flush()
            os.fsync(file.fileno())


def release_reserve(store: Store, run: str) -> None:
    """Give the disk back."""
    _reserve(store, run).unlink(missing_ok=True)


def _reserve(store: Store, run: str) -> Path:
    return store.runs.folder(run) / "reserve"
