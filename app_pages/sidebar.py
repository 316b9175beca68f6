"""The projects of the team, beside every page: choose, start, rename, put away."""

from __future__ import annotations

import streamlit as st

from app_pages import projects
from app_pages.boundary import errors_end_here
from workspace import Project


def draw(project: Project | None) -> None:
    """The list of projects with what can be done with them."""
    with st.sidebar:
        st.markdown("#### Tune or Prompt")
        st.caption("Fine-tune a model, or prompt one?")
        st.space("small")
        if project is not None:
            _choose(project)
        _actions(project)
        st.space("medium")
        st.caption(":material/lock: Your files, answers and runs stay on this machine.")


def _choose(project: Project) -> None:
    known = {p.id: p.name for p in projects.store().projects.all()}
    known.setdefault(project.id, f"{project.name} (archived)")
    key = f"project_choice_{project.id}"  # a key per project: the box always starts on the one that is open
    st.selectbox(
        "Project", list(known), index=list(known).index(project.id), format_func=lambda p: known[p], key=key,
        on_change=lambda: projects.remember(projects.store().projects.get(st.session_state[key])),
    )  # fmt: skip


def _actions(project: Project | None) -> None:
    if st.button("New project", icon=":material/add:", width="stretch", key="new_project"):
        _new()
    if project is None:
        return
    choice = st.menu_button(
        "Manage", options=["All projects", "Rename", "Bring back" if project.archived_at else "Archive"],
        icon=":material/more_horiz:", width="stretch", key="manage_project",
    )  # fmt: skip
    if choice == "All projects":
        projects.leave()
        st.rerun()
    elif choice == "Rename":
        _rename(project)
    elif choice == "Archive":
        _archive(project)
    elif choice == "Bring back":
        projects.store().projects.archive(project.id, archived=False)
        st.rerun()


@st.dialog("New project")
def _new() -> None:
    name = st.text_input("What is the task called?", placeholder="Sort support mail", key="new_name", max_chars=120)
    if st.button("Start", type="primary", key="new_start"):
        with errors_end_here():
            projects.remember(projects.store().projects.create(name))
            st.rerun()


@st.dialog("Rename the project")
def _rename(project: Project) -> None:
    name = st.text_input("New name", value=project.name, key="rename_name", max_chars=120)
    if st.button("Rename", type="primary", key="rename_do"):
        with errors_end_here():
            projects.store().projects.rename(project.id, name)
            st.rerun()


@st.dialog("Archive the project?")
def _archive(project: Project) -> None:
    st.markdown("It leaves the list. Nothing is deleted, and a running pilot goes on; the same address still opens it.")
    if st.button("Archive", type="primary", key="archive_do"):
        projects.store().projects.archive(project.id)
        projects.leave()
        st.rerun()
