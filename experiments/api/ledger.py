"""Money: every call's worst case is set aside before it is made, and settled by what the service counted."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field

from advisor.errors import ServiceError
from experiments.api.calling import Reply
from experiments.api.service import Service
from experiments.arms.job import Report
from experiments.prompts import Chat

# A byte-level vocabulary never makes more tokens than bytes; around each turn stand a few marks
MARKS_PER_TURN = 16
MARKS = 64  # assumption: what a service puts around a chat (a date, its own first words)
LOOK_EVERY_S = 0.2


def most_tokens(chat: Chat) -> int:
    """More tokens than this chat can have, whatever the vocabulary."""
    return MARKS + sum(MARKS_PER_TURN + len(turn["content"].encode("utf-8", "replace")) for turn in chat)


@dataclass
class Ledger:
    """Sets aside and settles; `unsure` counts calls whose cost stays at the worst case."""

    report: Report
    service: Service
    stop: threading.Event
    unsure: int = 0
    _open: int = 0
    _lock: threading.Condition = field(default_factory=threading.Condition)

    def open(self, name: str, chat: Chat, max_tokens: int) -> str:
        """A call that may be made; waits while calls in flight hold what is missing.

        Raises:
            ServiceError: the cap is reached.
        """
        usd = self.service.usd(most_tokens(chat), max_tokens)
        call = f"{name}/{secrets.token_hex(4)}"  # every try is a call of its own, also after a kill
        with self._lock:
            while not self.report.reserve(call, usd, self.service.limit_usd):
                if self._open == 0 or self.stop.is_set():
                    raise ServiceError(
                        f"The cap of {self.service.max_usd:g} USD is reached: the next call may cost {usd:.4f} USD "
                        "and could pass it.",
                        "What was answered is kept. Start a pilot with a higher --max-usd to have all rows.",
                    )
                self._lock.wait(LOOK_EVERY_S)
            self._open += 1
        return call

    def close(self, call: str, chat: Chat, max_tokens: int, reply: Reply) -> None:
        """Settle by the service's own count; one that cannot be true leaves the worst case."""
        sent, received = reply.tokens_sent, reply.tokens_received
        if sent is None or received is None or sent > most_tokens(chat) or received > max_tokens:
            self.drop(call, billed=True)
            return
        self._done(call, self.service.usd(sent, received), (sent, received))

    def drop(self, call: str, *, billed: bool) -> None:
        """A call without an answer: free, or perhaps paid for, and then it stays reserved."""
        if billed:
            with self._lock:
                self.unsure += 1
                self._open -= 1
                self._lock.notify_all()
        else:
            self._done(call, 0.0, (0, 0))

    def _done(self, call: str, usd: float, tokens: tuple[int, int]) -> None:
        with self._lock:
            self.report.settle(call, usd, tokens)
            self._open -= 1
            self._lock.notify_all()
