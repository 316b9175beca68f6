"""What the arms that ask a hosted model share: the same chats as everybody, sent some at a time, every cent counted."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from advisor.errors import PlanError, ServiceError
from advisor.vocabulary import Example, Part
from experiments.api import address, secret
from experiments.api.calling import ChatClient, Reply
from experiments.api.faults import RowRefused
from experiments.api.ledger import Ledger
from experiments.api.reading import LabelReader
from experiments.api.service import Service
from experiments.api.tries import Asker, NoAnswer
from experiments.arms.job import ArmJob, CellOutcome, Report, Spent, Stopped
from experiments.arms.rows import RowWriter
from experiments.prompts import Chat, Prompter, instruction_for

BYTES_PER_TOKEN = 2.0  # assumption: no usual vocabulary takes more tokens for an answer than one per two bytes
ROOM, MORE_TOKENS = 1.25, 16  # an answer a quarter longer than the longest known, and its end marks
FALLBACK_TOKENS = 256  # assumption: where no answer is known
TICK_S = 0.5
LAST_WAIT_S = 5.0
ROUNDS = 2  # rows that got no answer are asked once more at the end
MOST_IN_A_ROW = 4  # rows without an answer one after another: the service is gone, not the row


@dataclass
class Asking:
    """One cell's conversation with the service."""

    job: ArmJob
    report: Report
    asker: Asker
    writer: RowWriter
    prompter: Prompter
    shots: Sequence[Example]
    max_tokens: int
    silent: int = 0
    refused: int = 0
    answered: int = 0
    cut: int = 0
    later: list[tuple[Part, Example]] = field(default_factory=list)

    def chat(self, example: Example) -> Chat:
        return self.prompter.chat(example, self.shots)

    def all_rows(self, at_once: int) -> None:
        """Every row that is left, some at a time; those without an answer once more at the end."""
        waiting = [(part, example) for part, example in self.writer.rows if self.writer.needs(part, [example])]
        with ThreadPoolExecutor(at_once) as pool:
            try:
                for number in range(ROUNDS):
                    self._round(pool, waiting, at_once, last=number + 1 == ROUNDS)
                    waiting, self.later = self.later, []
            finally:
                self.asker.stop.set()  # nobody waits for a call that nobody wants

    def _round(
        self, pool: ThreadPoolExecutor, waiting: list[tuple[Part, Example]], at_once: int, *, last: bool
    ) -> None:
        rows = list(reversed(waiting))
        flying: dict[Future[Reply], tuple[Part, Example]] = {}
        try:
            while rows or flying:
                while rows and len(flying) < at_once:
                    part, example = rows.pop()
                    flying[pool.submit(self._ask, part, example)] = (part, example)
                landed, _ = wait(flying, timeout=TICK_S, return_when=FIRST_COMPLETED)
                for future in landed:
                    self._take(future, *flying.pop(future), last=last)
                if self.report.should_stop():
                    raise Stopped
        except (Stopped, ServiceError):
            self._keep_the_paid(flying)
            raise

    def _keep_the_paid(self, flying: dict[Future[Reply], tuple[Part, Example]]) -> None:
        """Answers that are on their way when a cell ends are waited for a moment, and kept."""
        self.asker.stop.set()
        landed, _ = wait(flying, timeout=LAST_WAIT_S)
        for future in landed:
            if future.exception() is None:
                self._write(*flying[future], future.result())

    def _ask(self, part: Part, example: Example) -> Reply:
        return self.asker.ask(f"{part}/{example.row}", self.chat(example), self.max_tokens)

    def _take(self, future: Future[Reply], part: Part, example: Example, *, last: bool) -> None:
        try:
            reply = future.result()
        except NoAnswer as silent:
            self.silent += 1
            if self.silent >= MOST_IN_A_ROW:
                raise ServiceError(
                    f"The service does not answer ({silent.why}), for {self.silent} rows one after another.",
                    "What was answered is kept; resume the run when it does.",
                ) from None
            if last:
                self.writer.fail(part, example, silent.why)
            else:
                self.later.append((part, example))
            return
        except RowRefused as refused:
            self.refused += 1
            if self.answered == 0 and self.refused >= MOST_IN_A_ROW:
                raise ServiceError(refused.why, "It refused every row so far; see its manual.") from None
            self.writer.fail(part, example, refused.why)
            return
        self.silent = 0
        self.answered += 1
        self.cut += reply.cut
        self._write(part, example, reply)

    def _write(self, part: Part, example: Example, reply: Reply) -> None:
        text = reply.text.strip()
        if not self.job.labels or not self.job.task_type.endswith("classification"):
            self.writer.write(part, example, text, reply.latency_ms, invalid=not text)
            return
        reader = LabelReader(self.prompter.names)
        label = reader.one(text) if self.job.task_type == "classification" else reader.several(text)
        said = text if label is None else label
        self.writer.write(part, example, said, reply.latency_ms, invalid=label is None)


def run_hosted(
    job: ArmJob, report: Report, shots: Sequence[Example], used: dict[str, Any], notes: Sequence[str] = ()
) -> CellOutcome:
    """Ask for every row; `used` are the settings as they came out."""
    service = Service.of_settings(used)
    if not service.base_url:
        raise PlanError(f"The arm {job.arm} has no service to ask.", "Give --base-url and --api-model.")
    key = secret.from_starter()
    if service.keyed and not key:
        raise ServiceError("The key is not here any more.", "Set OPENAI_API_KEY (or type it), and resume the run.")
    report.step("load", 0, 1)
    began = time.perf_counter()
    known = [e.output for e in job.train or job.validation]
    told = instruction_for(job.task_type, job.instruction, job.train or job.validation)
    prompter = Prompter(None, job.task_type, told, job.labels, bool(used["list_labels"]))
    stop = threading.Event()
    ledger = Ledger(report, service, stop)
    client = ChatClient(address.checked(service.base_url), service.api_model, key, used["timeout_s"])
    asking = Asking(
        job=job,
        report=report,
        asker=Asker(client, ledger, used["tries"], stop=stop),
        writer=RowWriter(job, report),
        prompter=prompter,
        shots=shots,
        max_tokens=service.max_new_tokens or most_new_tokens([prompter.answer(text) for text in known]),
    )
    try:
        asking.all_rows(service.concurrency)
    finally:
        client.close()
    spent = report.spent()
    first = asking.chat(job.test[0]) if job.test else []
    return CellOutcome(
        settings={**used, "max_new_tokens": asking.max_tokens},
        evaluate_seconds=time.perf_counter() - began,
        prompt=plain(first),
        chat=tuple(first),
        notes=(*notes, *_notes(asking, ledger, service)),
        spent=spent if service.priced else Spent(None, spent.tokens_sent, spent.tokens_received, spent.calls),
    )


def most_new_tokens(answers: Sequence[str]) -> int:
    """How many tokens an answer may have, from the known answers."""
    if not answers:
        return FALLBACK_TOKENS
    longest = max(len(answer.encode("utf-8", "replace")) for answer in answers)
    return int(longest / BYTES_PER_TOKEN * ROOM) + MORE_TOKENS


def plain(chat: Chat) -> str:
    """A chat as text: the service puts its own marks around the turns."""
    return "\n\n".join(f"[{turn['role']}]\n{turn['content']}" for turn in chat)


def _notes(asking: Asking, ledger: Ledger, service: Service) -> list[str]:
    notes = [
        f"Latency: each call from sending to its whole answer, {service.concurrency} at a time; tries before it and "
        "waiting do not count.",
    ]
    if asking.cut:
        notes.append(
            f"{asking.cut} answers were cut at {asking.max_tokens} tokens; a model that thinks first needs more "
            "(--api-max-tokens)."
        )
    if ledger.unsure:
        notes.append(
            f"{ledger.unsure} calls broke off, or counted tokens that cannot be: they stand at their worst case in "
            "the cost."
        )
    if not service.priced:
        notes.append("What the calls cost is not known here, so no cap was held.")
    return notes
