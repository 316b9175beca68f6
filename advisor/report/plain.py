"""Other people's words made harmless for every medium: nothing in them may act, hide or turn the line around."""

from __future__ import annotations

import unicodedata
from dataclasses import fields, replace
from typing import Any

from advisor.vocabulary import Block

KEPT_FORMATS = frozenset("\u200c\u200d")  # joiners: letters of Persian, Hindi and emoji need them
UNSEEN = ("Cc", "Cf")  # control and format characters: direction overrides turn text around (CVE-2021-42574)
REPLACEMENT = "\ufffd"
LONGEST = 4_000


def plain(text: str) -> str:
    """The text without control and direction characters; newlines stay, half characters become U+FFFD."""
    return "".join(_harmless(character) for character in text[:LONGEST]) + ("…" if len(text) > LONGEST else "")


def _harmless(character: str) -> str:
    if character in "\n" or character in KEPT_FORMATS:
        return character
    if character in "\t\r\u2028\u2029\u0085":
        return " "
    kind = unicodedata.category(character)
    if kind in ("Cs", "Co", "Cn"):
        return REPLACEMENT
    return "" if kind in UNSEEN else character


def deep(value: Any) -> Any:
    """`plain` for every string inside tuples, lists and dictionaries (keys too)."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, tuple):
        return tuple(deep(item) for item in value)
    if isinstance(value, list):
        return [deep(item) for item in value]
    if isinstance(value, dict):
        return {deep(key): deep(item) for key, item in value.items()}
    return value


def harmless(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The same blocks, every string in them plain."""
    return tuple(replace(block, **{f.name: deep(getattr(block, f.name)) for f in fields(block)}) for block in blocks)
