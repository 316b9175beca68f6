"""What a pilot found: the comparison, how sure it is, what it changes, and every row behind it."""

import json
from functools import partial

import streamlit as st

from advisor.report import Contents, names, section_blocks
from app_pages import advising, answers, downloads, draw, judging, outcomes, projects, running, side_by_side, walk
from app_pages.plain import plain
from experiments.pilot.documents import record_json
from experiments.runners import watch

project = st.session_state["project"]
runs = outcomes.with_results(project)
if not runs:
    st.info("Results appear here as soon as the first part of a pilot is finished.", title="No results yet",
            icon=":material/science:")  # fmt: skip
    walk.footer("pilot", primary=True)
    st.stop()

ids = [run.id for run in runs]
chosen = st.session_state.get("results_run")
newest_done = next((run for run in runs if run.state == "done"), runs[0])
run = runs[ids.index(chosen)] if chosen in ids else newest_done
if len(runs) > 1:
    box = f"results_of_{run.id}"
    st.selectbox(
        "Pilot", ids, index=ids.index(run.id), format_func=lambda i: outcomes.when(runs[ids.index(i)]), key=box,
        on_change=lambda: st.session_state.update(results_run=st.session_state[box]),
    )  # fmt: skip
with st.container(horizontal=True, vertical_alignment="center"):
    running.badge(run.state)
    st.caption(f"{outcomes.when(run)} · {plain(str(run.plan['dataset_name']))} · run {run.id}")
record = outcomes.record(run.id)
if judging.open_for(run):
    judging.panel(run, record)
    st.stop()
contents = Contents(results=record.results, record=record)
absent = outcomes.not_finished(record) if run.state not in running.ACTIVE else ()
minutes = watch.minutes_needed(projects.store(), run)
if absent:
    how = "More minutes would finish it; what is done is kept." if minutes else "Give the next pilot more minutes."
    st.warning(
        f"{plain(', '.join(names.method(arm) for arm in absent))}. {how}",
        title="Not finished in the time given", icon=":material/timer_off:",
    )  # fmt: skip
if minutes:
    running.more_time(run.id, minutes)
if not record.cells:
    st.info("No way came to its end, so there is nothing to compare yet.", icon=":material/science:")
    walk.footer("pilot", primary=True)
    st.stop()
draw.draw(section_blocks("comparison", contents))
draw.draw(section_blocks("errors_by_label", contents))
draw.draw(section_blocks("curve", contents))

if run.state == "done" and answers.written(project):
    st.header("What this changes in the advice", anchor=False)
    draw.draw(section_blocks("before_after", advising.contents(project, run.id))[1:])

judging.offer(run, record)
if judging.blind(run, record):
    st.caption("The rows of both ways are shown once you have judged: your preference decides this pilot.")
else:
    side_by_side.draw(run.id, record)

st.header("How it was done", anchor=False)
with st.expander("The exact prompt of the first test row", icon=":material/chat:"):
    for arm in record.results["arms"]:
        if arm["prompt"]:
            st.markdown(f"**{names.method(arm['arm'])}**")
            st.code(arm["prompt"], language=None, wrap_lines=True)
draw.draw(section_blocks("guards", contents))
with st.container(horizontal=True):
    st.download_button("Rows as CSV", partial(downloads.rows_csv, record), f"{run.id}.csv", "text/csv",
                       on_click="ignore", icon=":material/download:")  # fmt: skip
    st.download_button("Rows as JSON Lines", partial(downloads.rows_jsonl, record), f"{run.id}.jsonl",
                       "application/jsonl", on_click="ignore", icon=":material/download:")  # fmt: skip
    st.download_button("The whole record", lambda: json.dumps(record_json(record)), f"{run.id}.json",
                       "application/json", on_click="ignore", icon=":material/download:",
                       help="Settings, versions and every answer; another machine can load it.")  # fmt: skip
walk.footer("advice", primary=True, why="Read the advice again, now with evidence.")
