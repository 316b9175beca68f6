"""A pilot as a person plans, starts, watches and reads it. The runs here are real and need no model."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_pages import projects
from app_pages.projects import EXAMPLE
from experiments.pilot.records import record_of
from experiments.pilot.saving import save_record
from experiments.runners import watch
from tests.app_pages.asking import fine, said
from workspace import Project, Store

OpenPage = Callable[..., AppTest]
PATIENCE_S = 180

pytestmark = pytest.mark.slow


@pytest.fixture
def with_example(kept: Store, project: Project) -> Project:
    kept.datasets.save(project.id, "intents.tsv", (EXAMPLE / "intents.tsv").read_bytes())
    return project


def planned(open_page: OpenPage, project: Project) -> AppTest:
    """The pilot page with only the way that needs no model, and little time."""
    app = open_page("pilot", project.id)
    app.session_state["pilot_arms"] = ["classical"]
    app.session_state["pilot_minutes"] = 2.0
    return fine(app.run())


def ended(kept: Store, run: str) -> str:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        state = watch.observed(kept, run).state
        if state not in ("queued", "running"):
            return state
        time.sleep(0.3)
    raise AssertionError(f"{run} did not end")


def test_without_a_file_it_leads_to_the_data(open_page: OpenPage, project: Project) -> None:
    app = open_page("pilot", project.id)
    assert "No file yet" in said(app)
    assert "After this page: Data" in said(app), "the next step of a project without answers is its task"


def test_without_starter_models_it_offers_to_fetch_them(open_page: OpenPage, with_example: Project) -> None:
    text = said(open_page("pilot", with_example.id))
    assert "not on this machine yet" in text
    assert "Fetch the starter models" in text
    assert "Start the pilot" not in text


def test_a_file_with_an_open_question_leads_back(open_page: OpenPage, project: Project, kept: Store) -> None:
    rows = "text\n" + "".join(f"some words {i}\n" for i in range(60))
    kept.datasets.save(project.id, "notes.csv", rows.encode())
    app = open_page("pilot", project.id)
    assert "Start the pilot" not in said(app)
    assert app.error or app.warning


def test_the_plan_stands_before_the_start(open_page: OpenPage, with_example: Project) -> None:
    app = planned(open_page, with_example)
    assert {metric.label for metric in app.metric} >= {"It takes about", "Training rows", "Test rows"}
    assert "Classical classifier" in app.dataframe[0].value["Way"].tolist()
    assert not app.button(key="start_pilot").disabled


def bring_it_as_the_example(
    open_page: OpenPage, kept: Store, run: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record beside the example's file is part of the example: its results can be read at once."""
    shutil.copytree(EXAMPLE, folder / "example")
    save_record(record_of(kept, run), folder / "example" / "pilot.json")
    monkeypatch.setattr(projects, "EXAMPLE", folder / "example")
    app = open_page()
    fine(app.button(key="open_example").click().run())
    (loaded,) = kept.runs.all(str(app.query_params["project"]))
    assert loaded.id != run
    app.switch_page("results.py").run()
    assert "What the pilot found" in said(fine(app))


def test_two_clicks_make_one_run_that_ends_and_is_read(
    open_page: OpenPage, with_example: Project, kept: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = planned(open_page, with_example)
    app.button(key="start_pilot").click()
    fine(app.run())
    key = kept.runs.all(with_example.id)[0].start_key
    app.session_state[f"start_key_{with_example.id}"] = key  # the second click of a double click
    fine(app.run())
    (run,) = kept.runs.all(with_example.id)
    assert ended(kept, run.id) == "done", kept.runs.get(run.id).reason
    results = fine(open_page("results", with_example.id))
    assert "Classical classifier" in said(results) or results.table
    assert results.get("download_button")
    bring_it_as_the_example(open_page, kept, run.id, tmp_path, monkeypatch)
    again = open_page("pilot", with_example.id)
    assert "Done" in " ".join(badge.value for badge in again.get("badge")) or "Pilots so far" in said(again)
    assert not again.button(key="next_step").disabled


def test_a_killed_run_is_lost_says_so_and_goes_on(open_page: OpenPage, with_example: Project, kept: Store) -> None:
    app = planned(open_page, with_example)
    app.button(key="start_pilot").click()
    fine(app.run())
    (run,) = kept.runs.all(with_example.id)
    assert run.pid is not None
    os.killpg(run.pid, signal.SIGKILL)  # a worker leads a session of its own
    assert ended(kept, run.id) == "lost"
    app = open_page("pilot", with_example.id)
    assert "its process has gone" in said(app)
    fine(app.button(key=f"resume_{run.id}").click().run())
    assert ended(kept, run.id) == "done", kept.runs.get(run.id).reason


def test_without_a_pilot_the_results_say_what_to_do(open_page: OpenPage, project: Project) -> None:
    text = said(open_page("results", project.id))
    assert "No results yet" in text
    assert "After this page: Pilot" in text, "the next step of a project without answers is its task"
