"""Every error a person may see, and nothing else.

TuneOrPromptError            base: what is wrong, where, how to mend it
├── InputError               something the person gave cannot be used
│   ├── ProfileError         an answer, or a key of a profile, is unknown or impossible
│   ├── UnknownName          a model, GPU, method, metric … nobody here knows; lists the nearest
│   ├── DataError            a file of examples cannot be read or cannot be used
│   │   └── ColumnsUnclear   the file is fine, but the person must choose (names the flag)
│   ├── ModelError           a model folder or id cannot be loaded
│   └── PlanError            a pilot cannot be planned from these settings
├── SituationError           the input is fine, the machine or its surroundings are not
│   ├── MissingStarter       the starter models are not on this machine
│   ├── NoSpace              the disk is full
│   ├── NoPermission         a folder cannot be read or written
│   ├── Damaged              a file we wrote has been changed or torn
│   ├── Busy                 a port, a lock or the accelerator is taken
│   └── ServiceError         a hosted service refuses, does not answer, or would cost more than was allowed
├── RunError                 a run is not there, or is not in a state that allows this
└── ReportError              a report cannot be made
"""

from __future__ import annotations

from collections.abc import Sequence


class TuneOrPromptError(Exception):
    """A message for the person: `what` happened and where, `mend` says what to do about it."""

    def __init__(self, what: str, mend: str = "", *, line: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend
        self.line = line

    def __str__(self) -> str:
        gap = "" if self.what.endswith("\n") else " "  # a list of mistakes ends with its line
        return f"{self.what}{gap}{self.mend}".strip()

    def __reduce__(self) -> tuple[object, tuple[object, ...], dict[str, object]]:
        """Keep the whole error across process borders (child readers hand errors back)."""
        return (type(self), (self.what, self.mend), {"line": self.line})

    def as_json(self) -> dict[str, object]:
        """The contract's error document: {"error", "line"?, "mend"}."""
        document: dict[str, object] = {"error": self.what, "mend": self.mend}
        if self.line is not None:
            document["line"] = self.line
        return document


class InputError(TuneOrPromptError): ...


class ProfileError(InputError): ...


class UnknownName(InputError): ...


class DataError(InputError): ...


class ColumnsUnclear(DataError):
    """A question only the person can answer: `flag` takes the answer, one of `options` where these are known."""

    def __init__(
        self, what: str, mend: str = "", *, line: int | None = None, flag: str = "", options: tuple[str, ...] = ()
    ) -> None:
        super().__init__(what, mend, line=line)
        self.flag = flag
        self.options = options

    def __reduce__(self) -> tuple[object, tuple[object, ...], dict[str, object]]:
        known: dict[str, object] = {"line": self.line, "flag": self.flag, "options": self.options}
        return (type(self), (self.what, self.mend), known)


class ModelError(InputError): ...


class PlanError(InputError): ...


class SituationError(TuneOrPromptError): ...


class MissingStarter(SituationError): ...


class NoSpace(SituationError): ...


class NoPermission(SituationError): ...


class Damaged(SituationError): ...


class Busy(SituationError): ...


class ServiceError(SituationError): ...


class RunError(TuneOrPromptError): ...


class ReportError(TuneOrPromptError): ...


def all_at_once(wrong: Sequence[TuneOrPromptError], kind: type[InputError], what: str, mend: str) -> TuneOrPromptError:
    """Every mistake in one message, since a person mends a file or a command in one go; one alone stays as it is."""
    if len(wrong) == 1:
        return wrong[0]
    listed = "\n".join(f"- {error}" for error in wrong)
    return kind(f"{len(wrong)} {what}:\n{listed}\n", mend, line=wrong[0].line)
