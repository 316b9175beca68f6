"""One call: a chat goes out, an answer with its time and tokens comes back. The only place that imports the client."""

from __future__ import annotations

import json
import os
import ssl
import time
from dataclasses import dataclass
from typing import Any

from advisor.errors import ServiceError
from experiments.api.faults import Again, of_status, told
from experiments.api.secret import Secret
from experiments.prompts import Chat

MOST_BYTES = 4 * 2**20  # of a reply: the longest answer asked for is far below
# how the limit of an answer's tokens is called: the newer word at the first service, the older at those that copied it
OTHER_LIMIT_WORD = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
NEWER_AT = "api.openai.com"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `cut` when it ended at the limit. Tokens are None where the service does not count them."""

    text: str
    cut: bool
    latency_ms: float
    tokens_sent: int | None
    tokens_received: int | None


class ChatClient:
    """Asks one model at one address. Safe to share by threads. No redirects, no proxies, no tries of its own."""

    def __init__(self, base_url: str, model: str, key: Secret, timeout_s: float) -> None:
        import certifi
        import openai

        self._openai, self._key = openai, key
        self.model, self.timeout_s = model, timeout_s
        context = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or certifi.where())
        self._headers = {} if key else {"Authorization": openai.Omit()}
        self._client = openai.OpenAI(
            api_key=key.reveal() or "none",
            base_url=base_url,
            timeout=timeout_s,
            max_retries=0,
            default_headers={"Accept-Encoding": "identity"},
            http_client=openai.DefaultHttpxClient(follow_redirects=False, trust_env=False, verify=context),
        )
        self._limit_word = "max_completion_tokens" if NEWER_AT in base_url else "max_tokens"
        self._temperature: dict[str, Any] = {"temperature": 0}

    def close(self) -> None:
        self._client.close()

    def ask(self, chat: Chat, max_tokens: int) -> Reply:
        """One try.

        Raises:
            Again: nothing usable came; another try may help.
            RowRefused: the service does not take this row.
            ServiceError: no try will help.
        """
        asked: dict[str, Any] = {"model": self.model, "messages": chat, self._limit_word: max_tokens}
        asked |= {**self._temperature, "extra_headers": self._headers}
        began = time.perf_counter()
        try:
            with self._client.chat.completions.with_streaming_response.create(**asked) as response:
                body = self._body(response, began)
        except Again:
            raise
        except Exception as error:  # translated outside, so that the client's own words hang on no exception of ours
            failed = self._failed(error, asked)
        else:
            return self._reply(body, (time.perf_counter() - began) * 1000)
        raise failed

    def _failed(self, error: Exception, asked: dict[str, Any]) -> Exception:
        if isinstance(error, self._openai.APIStatusError):
            return self._refusal(error, asked)
        if isinstance(error, self._openai.APITimeoutError):
            return Again(f"no answer within {self.timeout_s:g} s", billed=True)
        if isinstance(error, self._openai.APIConnectionError):
            refused = "connect" in type(error.__cause__).__name__.lower()
            return Again("the service cannot be reached" if refused else "the connection broke", billed=not refused)
        words = self._key.strike(f"{type(error).__name__}: {error}")
        return ServiceError(f"The client failed: {words}", "Send us this line.")

    def _body(self, response: Any, began: float) -> bytes:
        """The whole reply, within its size and time: a service that drips bytes is no answer."""
        parts, size = [], 0
        try:
            for part in response.iter_bytes():
                parts.append(part)
                size += len(part)
                if size > MOST_BYTES:
                    raise Again("the reply is far too long", billed=True)
                if time.perf_counter() - began > self.timeout_s:
                    raise Again(f"no whole answer within {self.timeout_s:g} s", billed=True)
        except Again:
            raise
        except Exception as error:  # the transport's own errors, which the client does not translate here
            raise Again(f"the reply broke off ({type(error).__name__})", billed=True) from None
        return b"".join(parts)

    def _refusal(self, error: Any, asked: dict[str, Any]) -> Exception:
        """A refusal; one that is about how we ask is mended for the next try."""
        body = error.body if error.body is not None else error.response.text
        code, words = (self._key.strike(text) for text in told(body))
        lower = f"{code} {words}".lower()
        if error.status_code == 400:
            word = next(name for name in OTHER_LIMIT_WORD if name in asked)
            if OTHER_LIMIT_WORD[word] in lower or (word in lower and "support" in lower):
                self._limit_word = OTHER_LIMIT_WORD[word]
                return Again("the service names the limit of tokens otherwise", 0.0)
            if "temperature" in lower and "temperature" in asked:
                self._temperature = {}
                return Again("the model takes no temperature", 0.0)
        return of_status(error.status_code, (code, words), error.response.headers, self.model)

    @staticmethod
    def _reply(body: bytes, latency_ms: float) -> Reply:
        try:
            document = json.loads(body)
            choice = document["choices"][0]
            message = choice["message"]
            text = message.get("content")
            if text is None:
                text = message.get("refusal") or ""
            if isinstance(text, list):
                text = "".join(part.get("text") or "" for part in text)
            if not isinstance(text, str):
                raise TypeError("content")
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
            raise Again("the reply is no chat completion", billed=True) from None
        usage = document.get("usage")
        counts = usage if isinstance(usage, dict) else {}
        sent, received = _count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens"))
        return Reply(text, choice.get("finish_reason") == "length", latency_ms, sent, received)


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
