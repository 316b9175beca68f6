"""How far a batch is while it is written: answers may take minutes, and whoever watches wants to see them move."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from experiments.arms.rows import Asked, RowWriter, stop_if_asked

SAID_EVERY_S = 1.0
NEARLY = 0.95  # of a batch: it is not over before its rows are there
ALONE_WEIGHT = 5.0  # a row answered alone takes 3 (long prompts) to 6.5 times as long as one of eight (two CPU cores)


@dataclass
class UnderWay:
    """Says how much of a batch is written, beside what batches of its kind took before; `expected` until one was seen.

    A person's wish to stop is heard between two tokens.
    """

    writer: RowWriter
    expected: dict[bool, float]  # tokens until a batch ends: of a row alone (True), of several (False)
    said_every_s: float = SAID_EVERY_S
    _took: dict[bool, list[int]] = field(default_factory=lambda: {True: [], False: []})
    _batch: Sequence[Asked] = ()
    _tokens: int = 0
    _said: float = 0.0

    @contextmanager
    def batch(self, rows: Sequence[Asked]) -> Iterator[None]:
        """These rows are answered together."""
        self._batch, self._tokens = rows, 0
        yield
        self._took[len(rows) == 1].append(self._tokens)

    def wrote(self, tokens: int) -> None:
        """So many tokens of each row so far."""
        self._tokens = max(self._tokens, tokens)
        if time.monotonic() - self._said < self.said_every_s:
            return
        self._said = time.monotonic()
        stop_if_asked(self.writer.report)
        alone = len(self._batch) == 1
        expected = statistics.fmean(self._took[alone]) if self._took[alone] else self.expected[alone]
        self.writer.under_way(self._batch, min(NEARLY, self._tokens / max(1.0, expected)))


def expected_tokens(known: Sequence[int], limit: int, *, stops: bool) -> dict[bool, float]:
    """Of a row alone and of several, from the lengths of known answers; a model that may not stop goes to the limit."""
    if not stops or not known:
        return {True: limit, False: limit}
    return {True: statistics.fmean(known), False: float(sorted(known)[(len(known) - 1) * 95 // 100])}
