"""Plan a pilot, start it, watch it; it runs in a process of its own."""

import streamlit as st

from advisor.errors import TuneOrPromptError
from app_pages import boundary, files, hosted, planning, projects, running, scoring, starters, walk
from app_pages.plain import plain
from app_pages.wording import said
from experiments import dataset as datasets
from experiments.dataset.wording import many
from experiments.pilot.hosted import services
from experiments.runners import local

project = st.session_state["project"]
KEY = f"start_key_{project}"


def start() -> None:
    """Set a process to work; a second click with the same key finds the run of the first."""
    with boundary.errors_end_here():
        planned, examples = st.session_state["planned"]
        local.start(projects.store(), project, planned, examples, start_key=st.session_state[KEY],
                    api_key=hosted.typed() if services(planned) else local.NO_KEY)  # fmt: skip
        st.toast("The pilot has started.", icon=":material/science:")


def past() -> None:
    """The pilots this project had; they stay in reach whatever becomes of its file."""
    if any(run.state not in running.ACTIVE for run in projects.store().runs.all(project)):
        st.subheader("Pilots so far", anchor=False)
        running.past(project)


file = files.current(project)
if file is None:
    st.info("A pilot tries things on your own examples. Bring a file of them first.", title="No file yet",
            icon=":material/upload_file:")  # fmt: skip
    past()
    walk.footer("data", primary=True)
    st.stop()

at_work = running.active(project)
done = walk.taken(project)["pilot"]
for run in at_work:
    running.live(run.id)
if not at_work:
    st.session_state[KEY] = st.session_state.get(KEY) or local.new_key()
    if any(run.start_key == st.session_state[KEY] for run in projects.store().runs.all(project)):
        st.session_state[KEY] = local.new_key()  # that one has run: the next click is a new pilot
    try:
        found = datasets.fit(files.checked_with_progress(file))
    except TuneOrPromptError as error:
        st.warning(said(error.mend), title=said(error.what), icon=":material/help:")
        past()
        walk.footer("data", primary=True, why="Settle what is open in your file first.")
        st.stop()
    st.caption(
        f"On {plain(file.label)}: {many(len(found.examples), 'row')}. "
        "Nothing leaves this machine unless you agree to it."
    )
    with st.container(border=True):
        choices = planning.choose(found)
    if not choices.arms:
        st.info("Choose at least one way to try.", icon=":material/checklist:")
    elif choices.metric == scoring.FORMAT_CHECKS and not choices.metric_settings:
        st.info("There is nothing to check yet: fill in at least one field under “Scored by”.", icon=":material/rule:")
    elif starters.missing_for(choices):
        starters.offer()
    else:
        try:
            planned = planning.plan(found, choices)
        except TuneOrPromptError as error:
            boundary.show(error)
        else:
            st.subheader("The plan", anchor=False)
            planning.show(planned)
            st.session_state["planned"] = (planned, found.examples)
            st.button(
                "Start the pilot", type="primary", icon=":material/play_arrow:", on_click=start, key="start_pilot"
            )

past()
walk.footer("results", primary=done and not at_work, disabled=not done, why="" if done else "There are none yet.")
