"""A real HTTP server that speaks the chat-completions protocol, with faults as a test scripts them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Turns = list[dict[str, str]]
Fault = tuple[
    Any, ...
]  # ("status", code, body, headers), ("slow", s), ("bytes", text), ("cut",), ("drip",), ("usage", {…})


@dataclass
class StandIn:
    """Answers `answer(turns)`; call n gets `faults[n]` where there is one (from 0), or `always` for every call."""

    answer: Callable[[Turns], str] = lambda turns: turns[-1]["content"]
    faults: dict[int, Fault] = field(default_factory=dict)
    always: Fault | None = None
    needs: dict[str, Any] = field(default_factory=dict)
    delay_s: float = 0.0
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_port}/v1"

    def __enter__(self) -> StandIn:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                outer.serve(self)

            def log_message(self, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, address: Any) -> None:
                pass  # clients that hang up are part of the script

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self.server is not None
        self.server.shutdown()
        self.server.server_close()

    def serve(self, http: BaseHTTPRequestHandler) -> None:
        body = json.loads(http.rfile.read(int(http.headers["content-length"])))
        with self.lock:
            number = len(self.asked)
            self.asked.append(body)
            self.headers.append({name.lower(): value for name, value in http.headers.items()})
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.delay_s:
                time.sleep(self.delay_s)
            self.reply(http, body, self.faults.get(number, self.always))
        finally:
            with self.lock:
                self.at_once -= 1

    def reply(self, http: BaseHTTPRequestHandler, body: dict[str, Any], fault: Fault | None) -> None:
        said = self.answer(body["messages"])
        sent = sum(len(turn["content"]) for turn in body["messages"]) // 4 + 4 * len(body["messages"])
        usage: Any = {"prompt_tokens": sent, "completion_tokens": max(1, len(said) // 4)}
        kind = fault[0] if fault else ""
        if kind == "status":
            send(http, fault[1], fault[2], fault[3] if len(fault) > 3 else {})
            return
        if kind == "slow":
            time.sleep(fault[1])
        if kind == "usage":
            usage = fault[1]
        finish = "length" if kind == "length" else "stop"
        choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": said}}
        text = json.dumps({"id": "x", "object": "chat.completion", "choices": [choice], "usage": usage})
        if kind == "bytes":
            text = fault[1]
        if kind in ("cut", "drip"):
            broken(http, text, slowly=kind == "drip")
        else:
            send(http, 200, text, {})


def send(http: BaseHTTPRequestHandler, status: int, body: Any, headers: dict[str, str]) -> None:
    data = (body if isinstance(body, str) else json.dumps(body)).encode()
    http.send_response(status)
    for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
        http.send_header(name, value)
    http.end_headers()
    http.wfile.write(data)


def broken(http: BaseHTTPRequestHandler, text: str, *, slowly: bool) -> None:
    """The head promises more than comes; or it comes one byte at a time."""
    data = text.encode()
    http.send_response(200)
    http.send_header("Content-Length", str(len(data)))
    http.end_headers()
    for byte in data if slowly else data[: len(data) // 2]:
        http.wfile.write(bytes([byte]))
        http.wfile.flush()
        time.sleep(0.05 if slowly else 0)
    http.close_connection = True


def error(message: str, code: str = "") -> dict[str, Any]:
    return {"error": {"message": message, "code": code, "type": code}}
