"""A key: it comes from the environment or from a person, is shown to nobody, and is never written anywhere."""

from __future__ import annotations

import base64
import os
import re
from typing import NoReturn
from urllib.parse import quote

from advisor.errors import InputError

ASKED_FROM = "OPENAI_API_KEY"  # where people keep it
HANDED_OVER = "TUNE_OR_PROMPT_API_KEY"  # how a worker gets it: no library looks there by itself
STRUCK = "[key removed]"
LOOKS_LIKE_A_KEY = re.compile(r"\b(?:sk|pk|rk)-[\w*.-]{6,}|(?<=Bearer )\S{8,}", re.IGNORECASE)


class Secret:
    """Holds a key. Its text, its copies in a pickle or in JSON do not exist; only `reveal` gives it."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        text = value.strip()
        if not text.isascii() or not text.isprintable() or " " in text:
            raise InputError("The key holds characters that no key has.", "Copy it again, without spaces or lines.")
        self._value = text

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(***)" if self._value else "Secret()"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is never pickled")

    def reveal(self) -> str:
        """The key itself, for the header of a call."""
        return self._value

    def strike(self, text: str) -> str:
        """A text without the key, however it is written there, and without what looks like another."""
        if self._value:
            for form in (self._value, quote(self._value, safe=""), base64.b64encode(self._value.encode()).decode()):
                text = text.replace(form, STRUCK)
        return LOOKS_LIKE_A_KEY.sub(STRUCK, text)


def from_person() -> Secret:
    """The key in the environment of whoever starts a run; empty where there is none."""
    return Secret(os.environ.get(ASKED_FROM, ""))


def from_starter() -> Secret:
    """The key a worker was given for its life."""
    return Secret(os.environ.get(HANDED_OVER, ""))


def handed_over(key: Secret) -> dict[str, str]:
    """What is added to a worker's environment."""
    return {HANDED_OVER: key.reveal()} if key else {}
