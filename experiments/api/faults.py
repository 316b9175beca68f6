"""What can go wrong with a call, sorted by what to do: try again, give up this row, or stop."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Mapping
from typing import Any

from advisor.errors import ServiceError

TEMPORARY = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
ROW_TOO_MUCH = frozenset({400, 413, 422})
NO_QUOTA = ("insufficient_quota", "billing", "credit", "quota_exceeded", "payment")
SHOWN = 200  # characters of a service's own words


class Again(Exception):
    """No answer this time; `wait_s` if the service said how long. `billed`: it may have done the work all the same."""

    def __init__(self, why: str, wait_s: float | None = None, *, billed: bool = False) -> None:
        super().__init__(why)
        self.why, self.wait_s, self.billed = why, wait_s, billed


class RowRefused(Exception):
    """The service does not take this row; others may do."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def of_status(status: int, said: tuple[str, str], headers: Mapping[str, str], model: str) -> Exception:
    """What an answer that is none means; `said` are its code and words, without the key."""
    code, words = said
    quoted = f" It says: {words}" if words else ""
    if status == 402 or (status in (403, 429) and any(mark in f"{code} {words}".lower() for mark in NO_QUOTA)):
        return ServiceError(
            f"The service has no quota left for this key ({status}).{quoted}", "Add credit there, then resume the run."
        )
    if status in (401, 403):
        return ServiceError(
            f"The service refuses the key ({status}).{quoted}", "Set OPENAI_API_KEY to a key of this service; resume."
        )
    if status == 404:
        return ServiceError(
            f"The service knows no model '{model}' at this address (404).{quoted}",
            "See its list of models; the address often ends in /v1.",
        )
    if 300 <= status < 400:
        return ServiceError(
            f"The address answers with a redirect ({status}), which is not followed: rows and key would go elsewhere.",
            "Give the final address.",
        )
    if status in TEMPORARY or status >= 500:
        return Again(f"the service answered {status}{quoted and f' ({words})'}", retry_after_s(headers))
    if status in ROW_TOO_MUCH:
        return RowRefused(f"the service refused this row ({status}).{quoted}")
    return ServiceError(f"The service refuses ({status}).{quoted}", "See its manual for what this means.")


def told(body: Any) -> tuple[str, str]:
    """(Code, words) of an error as OpenAI-compatible services write it; the words cut short."""
    inner = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(inner, dict):
        return "", str(inner or "")[:SHOWN].strip()
    code = " ".join(str(inner.get(key) or "") for key in ("code", "type"))
    return code, " ".join(str(inner.get("message") or "").split())[:SHOWN]


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """How long the service asks to wait, in whichever of the three spellings."""
    milliseconds, text = headers.get("retry-after-ms"), headers.get("retry-after")
    try:
        if milliseconds is not None:
            return max(0.0, float(milliseconds) / 1000)
        return None if text is None else max(0.0, float(text))
    except ValueError:
        when = email.utils.parsedate_tz(text or "")
        return None if when is None else max(0.0, email.utils.mktime_tz(when) - time.time())
