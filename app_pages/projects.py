"""Which project this is: kept in the URL (`?project=…`), so that a reload, a second tab or a restart loses nothing."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from advisor.errors import InputError
from app_pages.boundary import errors_end_here
from app_pages.plain import plain
from experiments.evidence import read_record
from experiments.pilot.choices import PilotChoices
from experiments.pilot.records import take_in
from workspace import Project, Store, home

PARAM = "project"
EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "voice_assistant"
EXAMPLE_NAME = "Example: voice assistant routing"


@st.cache_resource(max_entries=4, show_spinner=False)
def _store(folder: str) -> Store:
    return Store(Path(folder))


def store() -> Store:
    """What the team keeps; opened once per data home."""
    return _store(str(home()))


def current() -> Project | None:
    """The project the URL names, else the one this tab had open; the URL then says so again."""
    wanted = st.query_params.get(PARAM) or st.session_state.get(PARAM)
    if not wanted:
        return None
    try:
        project = store().projects.get(wanted)
    except InputError:
        leave()
        st.warning("It may have been made in another data home. Choose one below, or start a new one.",
                   title=f"There is no project {plain(repr(wanted))} here.")  # fmt: skip
        return None
    remember(project)
    return project


def name(project: str) -> str:
    """What the team calls it."""
    return store().projects.get(project).name


def remember(project: Project) -> None:
    """Make it the current one, here and in the URL."""
    st.session_state[PARAM] = project.id
    if st.query_params.get(PARAM) != project.id:
        st.query_params[PARAM] = project.id


def leave() -> None:
    """Back to the list of projects."""
    st.session_state.pop(PARAM, None)
    st.query_params.pop(PARAM, None)


def open_example() -> None:
    """The example as a project of this team's own, with a pilot if one was recorded; made once, then opened again."""
    with errors_end_here():
        mine = [p for p in store().projects.all() if p.name == EXAMPLE_NAME]
        project = mine[0] if mine else _make_example()
        remember(project)


def _make_example() -> Project:
    project = store().projects.create(EXAMPLE_NAME)
    store().answers.save(project.id, (EXAMPLE / "profile.yaml").read_text(encoding="utf-8"))
    store().datasets.save(
        project.id, "intents.tsv", (EXAMPLE / "intents.tsv").read_bytes(), split={"seed": PilotChoices().seed}
    )
    if (recorded := EXAMPLE / "pilot.json").is_file():
        take_in(store(), project.id, read_record(recorded))
    return project


def create(name: str) -> None:
    """A new, empty project, opened."""
    with errors_end_here():
        remember(store().projects.create(name))
