"""The app as it is shipped, and a real browser in front of it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")  # Debian's; Playwright's own download is not needed
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
START_S, STEP_MS = 60, 30_000


class Server:
    """The app in a process of its own, with a data home of its own; may be stopped and started again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = home.parent / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {**os.environ, "TUNE_OR_PROMPT_HOME": str(self.home)}
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2):
                return
            time.sleep(0.2)
        raise AssertionError(self.log.read_text())

    def kill(self) -> None:
        """As a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "home")
    running.start()
    yield running
    running.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    playwright.expect.set_options(timeout=STEP_MS)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Any, server: Server) -> Iterator[Any]:
    """One person's browser. At the end: nothing was asked of any other machine, nothing broke in the page."""
    opened = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    opened.set_default_timeout(STEP_MS)
    foreign: list[str] = []
    broken: list[str] = []
    opened.on("request", lambda r: foreign.append(r.url) if not ours(r.url, server) else None)
    opened.on("weberror", lambda e: broken.append(str(e.error)))
    opened.on("console", lambda m: broken.append(m.text) if "Content Security Policy" in m.text else None)
    yield opened
    opened.close()
    assert not foreign
    assert not broken


def ours(url: str, server: Server) -> bool:
    return url.startswith((server.url, server.url.replace("http", "ws"), "data:", "blob:", "about:"))


@pytest.fixture
def page(context: Any) -> Any:
    return context.new_page()
