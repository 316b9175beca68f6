"""A hosted model on the pilot's page: nothing is asked before the box is ticked, and the key stays in the session."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from app_pages.projects import EXAMPLE
from experiments.runners import watch
from tests.app_pages.asking import fine, said
from tests.experiments.stand_in import StandIn
from workspace import Project, Store

OpenPage = Callable[..., AppTest]
KEY = "sk-canary-1122334455667788"

pytestmark = pytest.mark.slow


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with StandIn(answer=lambda _turns: "play music") as server:
        yield server


@pytest.fixture
def app(open_page: OpenPage, kept: Store, project: Project, stand_in: StandIn) -> AppTest:
    """The pilot page with an address and a model typed, and the way that needs no model beside it."""
    kept.datasets.save(project.id, "intents.tsv", (EXAMPLE / "intents.tsv").read_bytes())
    app = open_page("pilot", project.id)
    app.session_state["pilot_arms"] = ["classical"]
    app.session_state["pilot_minutes"] = 3.0
    app.session_state["api_url"] = stand_in.url
    app.session_state["api_model"] = "m-1"
    app.session_state["api_key"] = KEY
    app.session_state["api_in"], app.session_state["api_out"] = 1.0, 2.0
    return fine(app.run())


def plan_rows(app: AppTest) -> list[str]:
    (plan,) = [frame.value for frame in app.dataframe if {"Way", "Training rows"} <= set(frame.value.columns)]
    return list(plan["Way"])


def test_what_is_sent_where_is_agreed_to_and_again_when_it_changes(app: AppTest, stand_in: StandIn) -> None:
    (box,) = app.checkbox
    for part in (stand_in.url.removeprefix("http://"), "m-1", "with the key", "at most 1 USD"):
        assert part in box.label.replace("\\", "")
    assert KEY not in said(app) + box.label
    assert plan_rows(app) == ["Classical classifier"]
    fine(box.check().run())
    assert plan_rows(app) == ["Hosted model without examples", "Hosted model with examples", "Classical classifier"]
    app.session_state["api_cap"] = 2.0
    fine(app.run())
    assert not app.checkbox[0].value
    assert plan_rows(app) == ["Classical classifier"]
    assert stand_in.asked == []


def test_addresses_that_may_not_be_asked_are_said(app: AppTest) -> None:
    app.session_state["api_url"] = "file:///etc/passwd"
    fine(app.run())
    assert "only http and https" in said(app)
    app.session_state["api_url"] = "http://llm.example.org/v1"
    fine(app.run())
    assert "without encryption" in said(app)
    assert "with the key" in app.checkbox[0].label


def test_a_run_asks_with_the_typed_key_and_keeps_none(
    app: AppTest, kept: Store, project: Project, stand_in: StandIn, open_page: OpenPage
) -> None:
    fine(app.checkbox[0].check().run())
    fine(app.button(key="start_pilot").click().run())
    (run,) = kept.runs.all(project.id)
    until = time.monotonic() + 120
    while watch.observed(kept, run.id).state in ("queued", "running") and time.monotonic() < until:
        time.sleep(0.2)
    assert kept.runs.get(run.id).state == "done", kept.runs.get(run.id).reason
    assert {head["authorization"] for head in stand_in.headers} == {f"Bearer {KEY}"}
    assert not [p for p in kept.folder.rglob("*") if p.is_file() and KEY.encode() in p.read_bytes()]
    assert not [k for k in app.query_params if KEY in str(app.query_params[k])]
    results = fine(open_page("results", project.id))
    assert "Hosted model with examples" in str([table.value for table in results.table]) + said(results)
