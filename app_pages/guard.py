"""The door of the server: only this machine's own pages get in, and nobody may frame or be told too much.

Streamlit alone accepts any Host, and a WebSocket from any page that another program serves on localhost
(reference/reliability/streamlit_facts.md, sections 2, 4 and 12, found by running it).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
HIDDEN = ("/_stcore/metrics",)  # counts of sessions and uploads: nobody's business
READING = frozenset({"GET", "HEAD", "OPTIONS"})
# 'unsafe-inline' and 'unsafe-eval': Streamlit's own bundle styles inline, and Vega compiles its expressions.
CONTENT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", CONTENT.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class Guard:
    """Refuse foreign hosts and origins, hide what is nobody's business, add the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        status, why = verdict(scope, st.get_option("server.allowedHosts") or LOOPBACK)
        if status is None:
            await self.app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": why})
        else:
            await PlainTextResponse(why, status_code=status)(scope, receive, _with_headers(send))


def verdict(scope: Scope, allowed_hosts: Iterable[str]) -> tuple[int | None, str]:
    """(None, "") to let it in, else the HTTP status and the sentence to refuse it with."""
    if scope["path"].rstrip("/") in HIDDEN:
        return 404, "There is nothing here."
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    host = headers.get(b"host", "")
    if not _our_host(host, scope.get("server"), frozenset(allowed_hosts)):
        return 403, "This address is not one the app answers to. Open it as http://127.0.0.1 with its port."
    origin = headers.get(b"origin")
    if origin is None:
        if scope["type"] == "websocket":
            return 403, "A connection must say which page opened it."
        return None, ""
    parts = urlsplit(origin)
    same = parts.netloc == host and parts.scheme in ("http", "https")
    if not same and (scope["type"] == "websocket" or scope["method"] not in READING):
        return 403, "Another page may not use this app."
    return None, ""


def _our_host(host: str, server: Any, allowed: frozenset[str]) -> bool:
    """The name must be allowed; a name of this machine must also carry the port we listen on."""
    name, _, port = host.rpartition(":") if host.rpartition(":")[2].isdigit() else (host, "", "")
    if name not in allowed:
        return False
    ours = server[1] if server else None
    return name not in LOOPBACK or ours is None or int(port or 80) == ours


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = {name for name, _ in HEADERS}
            kept = [(name, value) for name, value in message["headers"] if name.lower() not in ours]
            message = {**message, "headers": [*kept, *HEADERS]}
        await send(message)

    return sending
