"""Other people's words, shown as they are: Streamlit reads Markdown in most places, and we don't want it there."""

from __future__ import annotations

import re

ANYWHERE = re.compile(
    r"([\\`*_\[\]|<>$:~^@&]|(?<=www)\.)", re.IGNORECASE
)  # emphasis, links, code, colours, icons, formulas
LINE_START = re.compile(r"^(\s*)([#+\-=])", re.MULTILINE)  # headings, lists, rules
NUMBERED = re.compile(r"^(\s*\d+)([.)])(?=\s|$)", re.MULTILINE)


def plain(text: str) -> str:
    """The text with every mark escaped that Markdown (or Streamlit) would read where it stands, and no other.

    The names of fields go through here, and a screen reader reads their backslashes.
    """
    escaped = ANYWHERE.sub(r"\\\1", text)
    return NUMBERED.sub(r"\1\\\2", LINE_START.sub(r"\1\\\2", escaped))
