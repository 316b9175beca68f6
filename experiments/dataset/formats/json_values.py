"""What JSON readers share: values with their duplicate keys noted, cells made text, records made rows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from advisor.vocabulary import Finding
from experiments.dataset import limits
from experiments.dataset.table import Cell, some

MESSAGE_LIMIT = 80
# a quote after a backslash, as JSON inside JSON has it
QUOTE_INSIDE = re.compile(r'\{\\"')
# around a value: blanks, a byte order mark, and the record separator of JSON text sequences (RFC 7464)
AROUND = "\ufeff\x1e \t\r\n"


@dataclass(slots=True)
class Oddities:
    """What was odd while decoding: keys that came twice, and numbers that are not JSON."""

    doubled: set[str] = field(default_factory=set)
    rows: list[int] = field(default_factory=list)
    constants: int = 0
    _met: bool = False

    def decoder(self) -> json.JSONDecoder:
        """A decoder that notes what it meets here. The last of two equal keys wins, as the standard libraries do."""
        return json.JSONDecoder(object_pairs_hook=self._pairs, parse_constant=self._constant)

    def note_row(self, row: int) -> None:
        """Whatever was met since the last call was met in this row."""
        if self._met:
            self.rows.append(row)
            self._met = False

    def findings(self) -> list[Finding]:
        """What a person should know about it."""
        found: list[Finding] = []
        if self.doubled:
            keys = ", ".join(f"'{key[:40]}'" for key in sorted(self.doubled)[:5])
            text = (
                f"The key {keys} stands twice in the same object, in {len(self.rows):,} rows. The last value was taken."
            )
            mend = "Look which of the two values is meant, and give the other another name."
            found.append(Finding("duplicate_keys", "warn", text, rows=some(self.rows), mend=mend))
        if self.constants:
            text = f"{self.constants:,} values are NaN or Infinity, which JSON does not have. They were read as text."
            found.append(Finding("json_constants", "note", text))
        return found

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) != len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    self.doubled.add(key)
                    self._met = True
                seen.add(key)
        return value

    def _constant(self, name: str) -> str:
        self.constants += 1
        return name


def cell(value: Any) -> Cell:
    """A JSON value as a cell: scalars become the text they were, null an empty cell, lists and objects stay."""
    if value is None or isinstance(value, str | list | dict):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def quoted_object(line: str) -> bool:
    """A line that is a JSON text in which an object stands, as programs write that encode twice."""
    return line.startswith('"{') and line.endswith('}"') and QUOTE_INSIDE.search(line) is not None


def too_deep(value: Any) -> bool:
    """Deeper than any honest example."""
    level = [value]
    for _ in range(limits.JSON_DEPTH):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below += [child for child in item.values() if isinstance(child, dict | list)]
            elif isinstance(item, list):
                below += [child for child in item if isinstance(child, dict | list)]
        if not below:
            return False
        level = below
    return True


def why_broken(error: json.JSONDecodeError) -> str:
    """The decoder's complaint without the text it was about."""
    return f"not valid JSON: {complaint(error)} at character {error.pos + 1}"[:MESSAGE_LIMIT]


def complaint(error: json.JSONDecodeError) -> str:
    """What the decoder says is wrong, in words that go on with a place."""
    if error.doc[error.pos : error.pos + 1] == "'":
        return "single quotes, as Python prints, where JSON has double ones,"
    words = error.msg.removesuffix(" starting at").removesuffix(" at")
    return "the text between quotes never ends," if words == "Unterminated string" else words


def record(value: dict[str, Any]) -> dict[str, Cell]:
    """An object as a row."""
    return {str(key): cell(item) for key, item in value.items()}


def written(value: Any) -> str:
    """A list or object written back as JSON."""
    return json.dumps(value, ensure_ascii=False)
