"""What a team keeps: projects, answers, data sets, runs and their rows. Sole owner of the data home."""

from workspace.home import home
from workspace.rows import (
    Answers,
    Calibration,
    Correction,
    Event,
    Project,
    Run,
    SavedAdvice,
    StoredDataset,
)
from workspace.store import Store

__all__ = [
    "Answers",
    "Calibration",
    "Correction",
    "Event",
    "Project",
    "Run",
    "SavedAdvice",
    "Store",
    "StoredDataset",
    "home",
]
