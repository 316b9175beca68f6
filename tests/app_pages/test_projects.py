"""Projects live in the address and in the store: reload, second tab and restart lose nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from advisor.errors import NoPermission
from app_pages import projects
from tests.app_pages.asking import field, fine, said
from workspace import Project, Store

OpenPage = Callable[..., AppTest]


def test_the_first_page_says_what_to_do(open_page: OpenPage) -> None:
    text = said(open_page())
    assert "Open the example" in text
    assert "Start with your own task" in text


def test_the_example_opens_with_one_click_and_only_once(open_page: OpenPage, kept: Store) -> None:
    for _ in range(2):
        app = open_page()
        fine(app.button(key="open_example").click().run())
    (example,) = kept.projects.all()
    assert app.query_params["project"] == example.id
    assert field(app, "n_classes").value == 7
    assert [file.name for file in kept.datasets.all(example.id)] == ["intents.tsv"]


def test_a_project_of_ones_own(open_page: OpenPage, kept: Store) -> None:
    app = open_page()
    fine(app.button(key="start_own").click().run())
    (mine,) = kept.projects.all()
    assert app.query_params["project"] == mine.id


def test_the_address_of_a_project_that_is_not_there(open_page: OpenPage) -> None:
    app = open_page(project="nowhere")
    assert "There is no project" in said(app)
    assert "Open the example" in said(app)


def test_the_project_stays_when_the_page_changes(open_page: OpenPage, project: Project) -> None:
    app = open_page(project=project.id)
    app.query_params.clear()  # as the browser does on a change of page
    app.switch_page("data.py").run()
    assert fine(app).query_params["project"] == project.id


def test_choosing_another_project(open_page: OpenPage, project: Project, kept: Store) -> None:
    other = kept.projects.create("Another")
    app = open_page(project=project.id)
    app.selectbox(key=f"project_choice_{project.id}").select(other.id).run()
    assert fine(app).query_params["project"] == other.id


def test_an_archived_project_opens_by_its_address(open_page: OpenPage, project: Project, kept: Store) -> None:
    kept.projects.archive(project.id)
    assert "Sort mail" in said(open_page(project=project.id))
    assert "Sort mail" not in said(open_page())


def test_another_person_s_words_are_not_markup(open_page: OpenPage, kept: Store) -> None:
    evil = kept.projects.create("![x](http://evil.example/x.png) :red[a]")
    assert "![x]" not in said(open_page(project=evil.id))


def test_a_store_that_cannot_be_opened_is_a_sentence(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: str) -> Store:
        raise NoPermission("The data home cannot be written.", "Give yourself the right.")

    st.cache_resource.clear()
    monkeypatch.setattr(projects, "_store", refuse)
    text = said(open_page())
    assert "The data home cannot be written" in text.replace("\\", "")
