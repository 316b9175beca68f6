"""The advice page: every tab draws, and weights can be given as trade-offs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from app_pages.projects import EXAMPLE
from tests.app_pages.asking import fine, said
from workspace import Project, Store

OpenPage = Callable[..., AppTest]


@pytest.fixture
def answered(kept: Store) -> Project:
    project = kept.projects.create("Routing")
    kept.answers.save(project.id, (EXAMPLE / "profile.yaml").read_text(encoding="utf-8"))
    return project


@pytest.mark.slow
def test_what_two_points_are_worth_becomes_the_weights(open_page: OpenPage, answered: Project, kept: Store) -> None:
    app = open_page("advice", answered.id)
    fine(app)
    text = said(app)
    for part in (
        *("What the weights say", "For the engineer", "do not change the way here", "What would change the answer"),
        *("What would tell most", "What others found", "Sources"),
    ):
        assert part in text, part
    money = next(n for n in app.number_input if "a month" in n.label and "hours" not in n.label)
    money.set_value(1_000.0)
    next(b for b in app.button if b.label == "Weigh it like this").click().run()
    fine(app)
    saved = kept.answers.latest(answered.id)
    assert saved is not None
    assert "priorities" in saved.yaml
    again = next(n for n in app.number_input if n.label == money.label)
    assert again.value == pytest.approx(1_000, rel=0.1)
