"""Other people's words, shown as they are: Streamlit reads Markdown in most places, and we don't want it there."""

from __future__ import annotations

import re

MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$:~^=])")


def plain(text: str) -> str:
    """The text with every mark that Markdown (or Streamlit's colours, icons and formulas) would read escaped."""
    return MEANS_SOMETHING.sub(r"\\\1", text)
