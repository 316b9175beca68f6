"""The whole walk in a real browser: example → advice → own file → pilot → results → revised advice → paper."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from advisor.report import names
from experiments.pilot.choices import DEFAULT_ARMS
from workspace import Store

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG_MS = 240_000
WAYS = tuple(names.method(arm) for arm in DEFAULT_ARMS if arm != "classical")
MAIL = "text,team\n" + "".join(
    f"{words} number {i},{team}\n"
    for i in range(60)
    for words, team in (("my parcel is late", "shipping"), ("the bill is wrong", "billing"), ("it is broken", "repair"))
)


def expect(locator: Any) -> Any:
    return importlib.import_module("playwright.sync_api").expect(locator)


def go(page: Any, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click(delay=50)
    expect(page.get_by_role("heading", name=name, exact=True, level=1)).to_be_visible(timeout=LONG_MS)


def plan_without_models(page: Any) -> None:
    """Only the way that counts words: it needs no model, so the walk works on any machine."""
    go(page, "Pilot")
    expect(page.get_by_text("Ways to try")).to_be_visible(timeout=LONG_MS)
    for way in WAYS:
        page.get_by_role("button", name=way, exact=True).click(delay=50)
        expect(page.get_by_role("button", name=way, exact=True)).to_have_attribute("aria-pressed", "false")
    minutes = page.get_by_role("spinbutton", name="Minutes it may take")
    minutes.fill("3")
    minutes.press("Enter")
    expect(page.get_by_role("button", name="Start the pilot")).to_be_visible(timeout=LONG_MS)


def test_from_the_example_to_the_paper(page: Any, context: Any, server: Any, tmp_path: Path) -> None:
    page.goto(server.url)
    page.get_by_role("button", name="Open the example").click()
    expect(page.get_by_role("heading", name="Task", level=1)).to_be_visible()
    page.get_by_role("button", name="Go to advice").click()
    expect(page.get_by_role("heading", name="The answer")).to_be_visible(timeout=LONG_MS)

    plan_without_models(page)
    page.get_by_role("button", name="Start the pilot").dblclick()
    expect(page.get_by_text("You can close this page")).to_be_visible(timeout=LONG_MS)
    here = page.url
    page.reload()
    server.kill()  # the run is a process of its own: it outlives the server
    server.start()
    other = context.new_page()
    other.goto(here)
    expect(other.get_by_text("Pilots so far")).to_be_visible(timeout=LONG_MS)
    other.close()
    page.goto(here)
    expect(page.get_by_role("button", name="Results", exact=True)).to_be_visible(timeout=LONG_MS)
    (project,) = Store(server.home).projects.all()
    assert len(Store(server.home).runs.all(project.id)) == 1  # the double click made one

    page.get_by_role("button", name="Go to results").click()
    expect(page.get_by_role("heading", name="What the pilot found")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("heading", name="What this changes in the advice")).to_be_visible(timeout=LONG_MS)
    page.get_by_role("button", name="Go to advice").click(timeout=LONG_MS)
    expect(page.get_by_text("What the pilot changed")).to_be_visible(timeout=LONG_MS)
    page.get_by_role("button", name="Go to report").click()
    with page.expect_download(timeout=LONG_MS) as download:
        page.get_by_role("button", name="Download the PDF").click(timeout=LONG_MS)
    download.value.save_as(tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_a_file_of_ones_own_good_and_bad(page: Any, server: Any, tmp_path: Path) -> None:
    picture, mail = tmp_path / "picture.csv", tmp_path / "mail.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    mail.write_text(MAIL)
    page.goto(server.url)
    page.get_by_role("button", name="Start with your own task").click()
    page.wait_for_url(re.compile("project="))
    go(page, "Data")
    page.locator("input[type=file]").set_input_files(picture)
    expect(page.get_by_text("Nothing was kept of this file")).to_be_visible(timeout=LONG_MS)
    expect(page.locator("input[type=file]")).to_have_count(1)
    page.locator("input[type=file]").set_input_files(mail)
    expect(page.get_by_text("What the columns mean")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_text("Rows per label")).to_be_visible(timeout=LONG_MS)
    page.reload()
    expect(page.get_by_text("What the columns mean")).to_be_visible(timeout=LONG_MS)
    assert "Traceback" not in page.content()
