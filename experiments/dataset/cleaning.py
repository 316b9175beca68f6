"""The few signs that may not reach a prompt or a database, each change counted with its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from advisor.vocabulary import Finding
from experiments.dataset.table import some

DAMAGE = re.compile("[\x00\ud800-\udfff]")
RAW_BYTE = re.compile("[\udc80-\udcff]")
SURROGATE = re.compile("[\ud800-\udfff]")
REPLACEMENT = "\ufffd"
LISTED_LINES = 10


class BadBytes(Exception):
    """This row holds bytes that are no text, and such rows are skipped."""


@dataclass(slots=True)
class Cleaner:
    """Cleans the texts of one row after the other. `raw_bytes`: the encoding is damaged, `skip` such rows."""

    raw_bytes: bool
    skip: bool
    row: int = 0
    line: int = 0
    zeros: list[int] = field(default_factory=list)
    halves: list[int] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)
    bad_lines: list[int] = field(default_factory=list)

    def __call__(self, text: str) -> str:
        """The text, unless it holds something that must go."""
        if text.isascii():
            return text if "\x00" not in text else self._clean(text)
        return text if DAMAGE.search(text) is None else self._clean(text)

    def _clean(self, text: str) -> str:
        if self.raw_bytes and RAW_BYTE.search(text):
            self._note(self.bad)
            if self.line not in self.bad_lines[-1:]:
                self.bad_lines.append(self.line)
            if self.skip:
                raise BadBytes
            text = RAW_BYTE.sub(REPLACEMENT, text)
        if SURROGATE.search(text):
            self._note(self.halves)
            text = SURROGATE.sub(REPLACEMENT, text)
        if "\x00" in text:
            self._note(self.zeros)
            text = text.replace("\x00", "")
        return text

    def _note(self, rows: list[int]) -> None:
        if self.row not in rows[-1:]:
            rows.append(self.row)

    def findings(self, encoding: str | None) -> list[Finding]:
        """What was changed."""
        found: list[Finding] = []
        if self.bad:
            found.append(self._bad_bytes(encoding))
        if self.halves:
            text = f"{_rows(self.halves)} held half a character (a lone surrogate); it was replaced by {REPLACEMENT}."
            mend = "The text was cut in the middle of an emoji or sign before it was saved; mend it at its source."
            found.append(Finding("lone_surrogate", "warn", text, some(self.halves), mend))
        if self.zeros:
            text = f"{_rows(self.zeros)} held NUL characters; they were taken out, what follows them was kept."
            found.append(
                Finding(
                    "nul_characters", "warn", text, some(self.zeros), "Look at these rows: something wrote binary data."
                )
            )
        return found

    def _bad_bytes(self, encoding: str | None) -> Finding:
        lines = ", ".join(f"{line:,}" for line in self.bad_lines[:LISTED_LINES])
        more = " …" if len(self.bad_lines) > LISTED_LINES else ""
        done = "left out" if self.skip else f"kept, the bytes replaced by {REPLACEMENT}"
        text = (
            f"Line {lines}{more}: bytes that are not {encoding or 'text'}. {_rows(self.bad)} {_were(self.bad)} {done}."
        )
        other = "--bad-bytes replace keeps such rows" if self.skip else "--bad-bytes skip leaves such rows out"
        return Finding(
            "encoding_damage",
            "warn",
            text,
            some(self.bad),
            f"Save the file again as UTF-8, or: {other}.",
            "--bad-bytes",
            ("skip", "replace"),
        )


def _rows(rows: list[int]) -> str:
    return "1 row" if len(rows) == 1 else f"{len(rows):,} rows"


def _were(rows: list[int]) -> str:
    return "was" if len(rows) == 1 else "were"
