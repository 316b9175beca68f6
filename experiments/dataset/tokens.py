"""How long rows are in tokens: by the chosen model's tokenizer on a sample where it is here, else characters / 4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from advisor.errors import DataError

CHARACTERS_PER_TOKEN = 4.0  # rough: English text in common tokenizers; other scripts need more tokens
ROUGH = "characters / 4, rough"
SAMPLE_ROWS = 2_000
AT_ONCE = 64
LOOK_AT_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Lengths:
    """Tokens of the middle row and of a long one (95 % are shorter), and characters per token over all of them."""

    middle: float
    long: float
    characters_per_token: float


class Tokenizer:
    """A tokenizer.json; nothing else of a model is read, and nothing of it is run."""

    def __init__(self, data: bytes, name: str) -> None:
        from tokenizers import Tokenizer as Fast

        try:
            self._fast: Any = Fast.from_buffer(data)
        except Exception as error:  # the library raises bare Exception
            raise DataError(
                f"The tokenizer of {name} cannot be read.", "Leave --model out to count roughly."
            ) from error
        self.basis = f"tokenizer of {name}"

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens left out."""
        cut = [text[:LOOK_AT_CHARACTERS] for text in texts]
        counts: list[int] = []
        for start in range(0, len(cut), AT_ONCE):  # a token found costs a hundred bytes until it is counted
            batch = self._fast.encode_batch(cut[start : start + AT_ONCE], add_special_tokens=False)
            counts += [len(found.ids) for found in batch]
        return counts


def rough(characters: Sequence[int]) -> Lengths:
    """From characters alone."""
    ordered = sorted(characters)
    return Lengths(median(ordered) / CHARACTERS_PER_TOKEN, _long(ordered) / CHARACTERS_PER_TOKEN, CHARACTERS_PER_TOKEN)


def measured(tokenizer: Tokenizer, texts: Sequence[str]) -> Lengths:
    """By the tokenizer, on at most two thousand evenly spaced texts."""
    step = max(1, -(-len(texts) // SAMPLE_ROWS))
    sample = texts[::step]
    counts = tokenizer.count(sample)
    ordered = sorted(counts)
    characters = sum(min(len(text), LOOK_AT_CHARACTERS) for text in sample)
    return Lengths(median(ordered), _long(ordered), characters / max(1, sum(counts)))


def _long(ordered: Sequence[int]) -> float:
    return ordered[(len(ordered) - 1) * 95 // 100]
