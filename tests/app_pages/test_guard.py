"""The door of the server, called as a server calls it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app_pages.guard import Guard, verdict

ALLOWED = ("localhost", "127.0.0.1")


def scope(kind: str = "http", *, method: str = "GET", path: str = "/", **headers: str) -> dict[str, Any]:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": kind, "method": method, "path": path, "headers": pairs, "server": ("127.0.0.1", 8501)}


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501"])
def test_our_own_pages_get_in(host: str) -> None:
    assert verdict(scope(host=host), ALLOWED) == (None, "")
    assert verdict(scope("websocket", host=host, origin=f"http://{host}"), ALLOWED)[0] is None
    assert verdict(scope(method="PUT", host=host, origin=f"http://{host}"), ALLOWED)[0] is None


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8501", "localhost", "localhost:9999", "127.0.0.1:80", "", "localhost.evil:8501"],
)
def test_a_name_that_only_points_here_is_refused(host: str) -> None:
    assert verdict(scope(host=host), ALLOWED)[0] == 403
    assert verdict(scope("websocket", host=host, origin=f"http://{host}"), ALLOWED)[0] == 403


@pytest.mark.parametrize(
    "origin", ["http://localhost:9999", "http://127.0.0.1:8501", "http://evil.example", "null", "file://localhost:8501"]
)
def test_another_page_may_neither_connect_nor_write(origin: str) -> None:
    assert verdict(scope("websocket", host="localhost:8501", origin=origin), ALLOWED)[0] == 403
    assert verdict(scope(method="PUT", host="localhost:8501", origin=origin), ALLOWED)[0] == 403


def test_a_connection_without_an_origin_is_refused() -> None:
    assert verdict(scope("websocket", host="localhost:8501"), ALLOWED)[0] == 403


def test_a_name_allowed_on_purpose_may_come_through_a_proxy_on_another_port() -> None:
    host = "advice.example.org"
    assert verdict(scope(host=host), (*ALLOWED, host))[0] is None
    assert verdict(scope("websocket", host=host, origin=f"https://{host}"), (*ALLOWED, host))[0] is None


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/"])
def test_counts_of_sessions_are_hidden(path: str) -> None:
    assert verdict(scope(path=path, host="localhost:8501"), ALLOWED)[0] == 404


def answered(given: dict[str, Any]) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def app(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-frame-options", b"ALLOW")]})
        await send({"type": "http.response.body", "body": b"hello"})

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(Guard(app)(given, receive, send))
    return sent


def test_every_answer_carries_the_headers_once() -> None:
    headers = answered(scope(host="localhost:8501"))[0]["headers"]
    names = [name for name, _ in headers]
    assert dict(headers)[b"x-frame-options"] == b"DENY"
    assert b"frame-ancestors 'none'" in dict(headers)[b"content-security-policy"]
    assert b"img-src 'self' data: blob:" in dict(headers)[b"content-security-policy"]
    assert len(names) == len(set(names))


def test_a_refused_connection_is_closed_before_it_is_accepted() -> None:
    assert [m["type"] for m in answered(scope("websocket", host="localhost:8501"))] == ["websocket.close"]


def test_a_refused_request_says_where_to_go() -> None:
    start, body = answered(scope(host="evil.example"))
    assert start["status"] == 403
    assert b"127.0.0.1" in body["body"]
