"""A pilot that left something out for time offers the minutes that would do it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from advisor.vocabulary import Cell
from experiments.pilot import examples
from experiments.pilot.documents import plan_json
from experiments.runners import allowance, watch
from tests.app_pages.asking import fine, said
from tests.experiments import tiny
from tests.experiments.running import ended, wait
from workspace import Project, Store

OpenPage = Callable[..., AppTest]


@pytest.mark.parametrize("page", ["pilot", "results"])
def test_more_minutes_at_a_click(page: str, open_page: OpenPage, project: Project, kept: Store) -> None:
    kept.datasets.save(project.id, "a.csv", b"text,label\n" + b"good,yes\nbad,no\n" * 30)
    plan = tiny.plan((Cell("classical", 10, 1, 100.0),), minutes=1.0)
    run = kept.runs.create(project.id, "ab" * 32, plan_json(plan), "key").id
    examples.keep(kept, run, tiny.examples(), plan)
    kept.events.append(run, "cell_dropped", {"cell": "classical/10/1", "why": "1.0 of 1 minutes were used"})
    kept.events.append(run, "used", {"seconds": 60.0})
    kept.runs.set_state(run, "done")
    app = open_page(page, project.id)
    button = app.button(key=f"more_{run}")
    assert button.label == "Give it 2 more minutes"  # 100 s and a fifth
    if page == "results":
        assert "what is done is kept" in said(app)
    fine(button.click().run())
    assert allowance.minutes(plan, kept.events.all(run)) == 3.0
    assert wait(kept, run, ended).state == "done"
    assert watch.status(kept, run)["rows_answered"] == 20  # 6 validation and 14 test rows, by the real worker
