"""The first minutes of a newcomer, in a real browser."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def sync_api() -> Any:
    return importlib.import_module("playwright.sync_api")


def open_example(page: Any, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="Open the example").click()
    page.get_by_role("heading", name="Task").wait_for()
    page.wait_for_url(re.compile(r"project=\w+"))


def categories(page: Any) -> Any:
    return page.get_by_role("spinbutton", name="How many categories?")


def test_answers_outlive_reload_second_tab_and_the_server(page: Any, context: Any, server: Any) -> None:
    expect = sync_api().expect
    open_example(page, server.url)
    expect(categories(page)).to_have_value("7")
    categories(page).fill("9")
    page.get_by_role("link", name="Data").first.click(delay=50)
    page.wait_for_url(re.compile(r"/data\?project=\w+"))
    page.get_by_role("link", name="Task").first.click(delay=50)
    expect(categories(page)).to_have_value("9")
    page.reload()
    expect(categories(page)).to_have_value("9")
    other = context.new_page()
    other.goto(page.url)
    expect(categories(other)).to_have_value("9")
    server.kill()
    server.start()
    page.reload()
    expect(categories(page)).to_have_value("9")


def test_an_answer_typed_right_before_a_hasty_tap_is_not_lost(page: Any, server: Any) -> None:
    """A tap sends both the typed value and the change of page at once; the browser may then forget the value."""
    expect = sync_api().expect
    open_example(page, server.url)
    expect(categories(page)).to_have_value("7")
    categories(page).fill("9")
    page.get_by_role("link", name="Data").first.click()
    page.wait_for_timeout(1000)
    page.get_by_role("link", name="Task").first.click()
    page.wait_for_timeout(1000)
    name = page.get_by_role("textbox", name="Name of the task")
    name.fill("Routing")
    name.press("Enter")
    page.wait_for_timeout(1000)
    page.reload()
    expect(name).to_have_value("Routing")
    expect(categories(page)).to_have_value("9")


def test_another_page_on_this_machine_cannot_use_the_app(chromium: Any, server: Any) -> None:
    script = """url => new Promise(done => {
        const socket = new WebSocket(url);
        socket.onopen = () => done('open');
        socket.onerror = () => done('refused');
    })"""
    stranger = chromium.new_page()
    stranger.goto("about:blank")
    assert stranger.evaluate(script, server.url.replace("http", "ws") + "/_stcore/stream") == "refused"
    stranger.close()


def test_it_listens_on_this_machine_only(server: Any) -> None:
    listening = subprocess.run(["ss", "-ltnH"], capture_output=True, text=True, check=True).stdout
    addresses = [line.split()[3] for line in listening.splitlines() if line.split()[3].endswith(f":{server.port}")]
    assert addresses == [f"127.0.0.1:{server.port}"]


def test_the_page_says_which_document_it_is(page: Any, server: Any) -> None:
    page.goto(server.url)
    page.get_by_role("heading", name="Fine-tune a model, or prompt one?").wait_for()
    assert "Tune or Prompt" in page.title()
    assert json.dumps(page.evaluate("document.documentElement.lang")) == '"en"'
