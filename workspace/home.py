"""Where a team's things are kept on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from advisor.errors import NoPermission

VARIABLE = "TUNE_OR_PROMPT_HOME"


def home() -> Path:
    """The data home, made on first use and readable by its owner only."""
    chosen = os.environ.get(VARIABLE)
    path = Path(chosen).expanduser() if chosen else platformdirs.user_data_path("tune-or-prompt")
    try:
        path.mkdir(parents=True, mode=0o700, exist_ok=True)
    except OSError as error:
        raise NoPermission(
            f"The data home {path} cannot be made ({error.strerror}).",
            f"Give yourself the right to write there, or set {VARIABLE} to a folder of yours.",
        ) from error
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise NoPermission(
            f"The data home {path} cannot be written.",
            f"Give yourself the right to write there, or set {VARIABLE} to a folder of yours.",
        )
    return path
