"""Tries: what is temporary is asked again after a while, which is no part of the answer's time."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field

from advisor.errors import ServiceError
from experiments.api.calling import ChatClient, Reply
from experiments.api.faults import Again, RowRefused
from experiments.api.ledger import Ledger
from experiments.arms.job import Stopped
from experiments.prompts import Chat

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
LONGEST_OBEYED_S = 300.0  # assumption: a service that asks for more is asked again by the person


class NoAnswer(Exception):
    """All tries were used up; the last said why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass
class Asker:
    """Asks with several tries. Shared by threads: when the service asks for patience, all of them wait."""

    client: ChatClient
    ledger: Ledger
    tries: int
    first_wait_s: float = FIRST_WAIT_S
    stop: threading.Event = field(default_factory=threading.Event)
    _not_before: float = 0.0

    def ask(self, name: str, chat: Chat, max_tokens: int) -> Reply:
        """The answer of the first try that brings one; its latency is that try's alone.

        Raises:
            NoAnswer: no try brought one.
            RowRefused: the service does not take this row.
            ServiceError: no try will help, or the cap is reached.
            Stopped: the person cancelled.
        """
        why = ""
        for number in range(self.tries):
            self._wait(max(0.0, self._not_before - time.monotonic()))
            try:
                return self._once(name, chat, max_tokens)
            except Again as again:
                why = again.why
                self._be_patient(again.wait_s, number)
        raise NoAnswer(why)

    def _once(self, name: str, chat: Chat, max_tokens: int) -> Reply:
        call = self.ledger.open(name, chat, max_tokens)
        try:
            reply = self.client.ask(chat, max_tokens)
        except Again as again:
            self.ledger.drop(call, billed=again.billed)
            raise
        except (RowRefused, ServiceError):
            self.ledger.drop(call, billed=False)
            raise
        self.ledger.close(call, chat, max_tokens, reply)
        return reply

    def _be_patient(self, asked_s: float | None, number: int) -> None:
        if asked_s is not None and asked_s > LONGEST_OBEYED_S:
            raise ServiceError(
                f"The service asks to wait {asked_s / 60:.0f} minutes.",
                "What was answered is kept; resume the run then.",
            )
        if asked_s is not None:
            self._not_before = max(self._not_before, time.monotonic() + asked_s)
            return
        if number + 1 < self.tries:
            self._wait(min(LONGEST_WAIT_S, self.first_wait_s * 2**number) * random.uniform(0.75, 1.25))

    def _wait(self, seconds: float) -> None:
        if self.stop.wait(seconds) if seconds > 0 else self.stop.is_set():
            raise Stopped
