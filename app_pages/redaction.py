"""Keys never reach the log: what looks like one, or is one of this process's own secrets, is struck out."""

from __future__ import annotations

import logging
import os
import re

STRUCK = "[key removed]"
SECRET_NAMES = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)S?$")
# OpenAI and Anthropic (sk-…), Hugging Face (hf_…), Google (AIza…), AWS (AKIA…), and what follows "Bearer"
LOOKS_LIKE_A_KEY = re.compile(
    r"\b(?:sk|pk|rk)-[\w-]{8,}|\bhf_\w{8,}|\bAIza[\w-]{20,}|\bAKIA[A-Z0-9]{12,}|(?<=Bearer )[^\s'\"]{8,}", re.IGNORECASE
)
SHORTEST = 8  # characters; a shorter value of a secret variable would strike out ordinary words


def redact(text: str) -> str:
    """The text without keys."""
    for name, value in os.environ.items():
        if SECRET_NAMES.search(name) and len(value) >= SHORTEST:
            text = text.replace(value, STRUCK)
    return LOOKS_LIKE_A_KEY.sub(STRUCK, text)


def keep_keys_out_of_the_log() -> None:
    """From now on every log record of this process is written without keys, its stack trace too."""
    made_before = logging.getLogRecordFactory()
    if getattr(made_before, "strikes_out_keys", False):
        return

    def make(*args: object, **kwargs: object) -> logging.LogRecord:
        record = made_before(*args, **kwargs)
        record.msg = redact(record.getMessage())
        record.args = ()
        if record.exc_info:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
        return record

    make.strikes_out_keys = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make)
