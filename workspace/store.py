"""The one way to what is kept: `Store().projects`, `.answers`, `.advice`, `.datasets`, `.runs`, `.rows` and so on."""

from __future__ import annotations

from pathlib import Path

from workspace.database import Database
from workspace.datasets import Datasets
from workspace.home import home
from workspace.machine import Calibrations, Corrections
from workspace.projects import AdviceLog, AnswersLog, Projects
from workspace.results import Rows, Spend
from workspace.runs import Events, Runs


class Store:
    """Everything a team keeps, in one data home (by default `workspace.home()`).

    Opening brings the database up to date. May be shared by threads; never carried across a fork
    (`close()` before, it reopens by itself). Acknowledged is durable: what a method returned is on disk.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or home()
        self._database = Database(self.folder)
        self.projects = Projects(self._database)
        self.answers = AnswersLog(self._database)
        self.advice = AdviceLog(self._database)
        self.datasets = Datasets(self._database, self.folder / "datasets")
        self.runs = Runs(self._database, self.folder / "runs")
        self.events = Events(self._database)
        self.rows = Rows(self._database)
        self.spend = Spend(self._database)
        self.corrections = Corrections(self._database)
        self.calibrations = Calibrations(self._database)

    def close(self) -> None:
        self._database.close()
