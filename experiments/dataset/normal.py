"""When two texts count as the same: case, spaces and the width of signs do not matter, nothing else is taken away."""

from __future__ import annotations

import unicodedata

from advisor.vocabulary import Example


def same(text: str) -> str:
    """The text for comparing."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().split())


def question(example: Example) -> str:
    """All that a row asks: earlier turns and input (not the instruction, which many rows share)."""
    if not example.turns:
        return same(example.input)
    return same("\n".join([*(turn.content for turn in example.turns), example.input]))
