"""The bytes being read: a file that can be sought, never a path, and the word to say while reading it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from experiments.dataset.choices import Choices
from experiments.dataset.tokens import Tokenizer

Progress = Callable[[str, float], None]


def silent(phase: str, share: float) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes to read, how many, what the person chose, and how many rows are wanted (None: all).

    `beside` are the names of files that were given too and are not read.
    """

    file: BinaryIO
    size: int
    choices: Choices
    progress: Progress = silent
    most_rows: int | None = None
    tokenizer: Tokenizer | None = None
    beside: tuple[str, ...] = ()

    def head(self, count: int) -> bytes:
        """The first bytes."""
        self.file.seek(0)
        return self.file.read(count)

    def bytes(self) -> bytes:
        """Every byte; for readers that need them at once."""
        self.file.seek(0)
        return self.file.read()

    def text(self, encoding: str, errors: str = "strict") -> io.TextIOWrapper:
        """The text, line ends untouched. The wrapper must be detached, not closed, by who reads it."""
        self.file.seek(0)
        return io.TextIOWrapper(self.file, encoding=encoding, errors=errors, newline="")

    def sha256(self) -> str:
        """The file's name in every record."""
        self.file.seek(0)
        digest = hashlib.sha256()
        while chunk := self.file.read(1 << 20):
            digest.update(chunk)
        return digest.hexdigest()
