"""The document model: sections return blocks; the page, the PDF and JSON draw the same ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the report's title, 2 a section, 3 a part of one."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of plain text: never markup, never HTML."""

    text: str
    kind: Literal["body", "lead", "small"] = "body"


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that must not be missed; the kind is also said in words."""

    text: str
    kind: Literal["good", "note", "warn", "bad"] = "note"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of plain sentences."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """A few headline numbers: (label, value, note) already written for a person."""

    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of strings with a title; `note` says units, sources, what is missing."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    align_right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """An Altair (Vega-Lite) specification with the text that replaces it for who cannot see it."""

    title: str
    spec: dict[str, Any] = field(hash=False)
    alt: str = ""


Block = Heading | Text | Notice | Bullets | Figures | Table | Chart
