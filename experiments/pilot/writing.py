"""How long answers take to write: one step writes a token for every row of a batch, until its last row ends.

A step reads every weight once, whatever the rows, and for each row the keys and values of all that stands before.
Reference speeds: SmolLM2-135M in bf16 on two CPU cores (reference/starter_models.md, sections 2 and 3).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

ROWS_TIMED = 8
WRITE_TOKENS_PER_S, WRITE_ALONE_TOKENS_PER_S = 187.0, 28.9  # eight rows at a time, and one; short prompts
# a token of one row reads back to one more token: 0.0047 ms in fp32 on another two cores, where all else took three
# times as long, eight rows after up to 1,800 tokens
ATTEND_MS = 0.0016


@dataclass(frozen=True, slots=True)
class WritingSpeed:
    """Beside the reference, 2.0 = twice as fast: eight rows at a time, one, and reading back."""

    batch: float = 1.0
    alone: float = 1.0
    attend: float = 1.0

    @classmethod
    def of(cls, ratios: Mapping[str, float], key: str, otherwise: float) -> WritingSpeed:
        """From the quantities that were measured; what was not goes as the batch does."""
        batch = ratios.get(f"{key}/write", otherwise)
        return cls(batch, ratios.get(f"{key}/write_alone", batch), ratios.get(f"{key}/attend", batch))

    def step_ms(self, rows: int, before_tokens: float) -> float:
        """One token for each of `rows`, after so many tokens."""
        alone = 1000 / WRITE_ALONE_TOKENS_PER_S / self.alone
        batch = 1000 * ROWS_TIMED / WRITE_TOKENS_PER_S / self.batch
        reading = alone + max(0.0, batch - alone) * (rows - 1) / (ROWS_TIMED - 1)
        return reading + rows * before_tokens * ATTEND_MS / self.attend


@dataclass(frozen=True, slots=True)
class Endless:
    """Shares of answers, and of batches with such an answer, that go on to the limit: it comes with the task."""

    answers: float
    batches: float


STOPS = Endless(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Answers:
    """What is to be written: `rows`, `alone` of them one at a time, after `before_tokens` each.

    An answer has `mean_tokens` on average and `long_tokens` where it is long (95 % are shorter), or goes on to
    `limit_tokens`.
    """

    rows: int
    alone: int
    batch_size: int
    before_tokens: float
    mean_tokens: float
    long_tokens: float
    limit_tokens: float
    endless: Endless = STOPS


def write_seconds(answers: Answers, speed: WritingSpeed) -> float:
    """Some rows alone, each until it ends; the rest in batches, each until its longest answer does."""
    alone = min(answers.alone, answers.rows)
    rest = answers.rows - alone
    batches = math.ceil(rest / answers.batch_size)
    each = rest / batches if batches else 0.0
    one = _mix(answers.endless.answers, answers.limit_tokens, answers.mean_tokens)
    several = _mix(answers.endless.batches, answers.limit_tokens, max(answers.long_tokens, answers.mean_tokens))
    ms = alone * one * speed.step_ms(1, answers.before_tokens + one / 2)
    ms += batches * several * speed.step_ms(round(each), answers.before_tokens + several / 2)
    return ms / 1000


def _mix(share: float, of_share: float, of_rest: float) -> float:
    return share * max(of_share, of_rest) + (1 - share) * of_rest
