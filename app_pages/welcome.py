"""What stands where no project is open: what this is, the example, and the projects there are."""

from __future__ import annotations

import streamlit as st

from app_pages import projects
from app_pages.plain import plain
from experiments.dataset.wording import many
from workspace import Project

RUNNING = ("queued", "running")


def draw() -> None:
    """The first page a newcomer sees."""
    st.title("Fine-tune a model, or prompt one?", anchor=False)
    st.markdown(
        "Three answers for your own task, each resting on more evidence: from **a few questions** in seconds, from "
        "**your data** in a minute, from **a pilot on your data** in minutes. Every answer says how sure it is and "
        "what would change it."
    )
    with st.container(horizontal=True):
        st.button("Open the example", type="primary", icon=":material/play_circle:", key="open_example",
                  on_click=projects.open_example)  # fmt: skip
        st.button("Start with your own task", icon=":material/add:", key="start_own", on_click=_start_own)
    st.caption(
        "The example is a real task: which of seven things does a spoken request ask for? 1,470 requests with their "
        "answers, and a questionnaire filled in."
    )
    known = projects.store().projects.all()
    if known:
        st.subheader("Your projects", anchor=False)
        with st.grid(3):
            for project in reversed(known):
                _card(project)


def _start_own() -> None:
    projects.create("My task")


def _card(project: Project) -> None:
    kept = projects.store()
    answers, files, runs = kept.answers.latest(project.id), kept.datasets.all(project.id), kept.runs.all(project.id)
    with st.container(border=True):
        st.markdown(f"**{plain(project.name)}**")
        parts = ["answers saved" if answers else "no answers yet", many(len(files), "file")]
        parts.append(many(len(runs), "pilot"))
        st.caption(" · ".join(parts))
        if any(run.state in RUNNING for run in runs):
            st.badge("A pilot is running", icon=":material/progress_activity:", color="blue")
        st.button("Open", key=f"open_{project.id}", on_click=projects.remember, args=(project,), width="stretch")
