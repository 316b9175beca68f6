"""What one question is: label, help, unit, bounds, choices, and what is assumed when nobody answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["choice", "number", "text", "list", "gpus", "times", "priorities"]
Group = Literal["Task", "Examples", "Traffic", "Quality", "Change", "Limits", "Money and time", "Models"]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What is drawn for an unanswered number: one case in ten below `low`, half below `typical`, nine below `high`."""

    low: float
    typical: float
    high: float
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the questionnaire; `key` is the field of TaskProfile it fills.

    `low` and `high` are the bounds of an acceptable number. `yes_no` answers become True or False.
    `when_unanswered` is a range to draw from, `assumed` says in words what is taken instead.
    """

    key: str
    label: str
    help: str
    kind: Kind
    group: Group
    assumed: str = ""
    unit: str = ""
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    whole: bool = False
    yes_no: bool = False
    when_unanswered: Unanswered | None = None
