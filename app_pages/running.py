"""Pilots at work and pilots past: progress as the database tells it, stopping, and going on."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from advisor.report import names
from app_pages import hosted, outcomes, projects, walk
from app_pages.boundary import errors_end_here
from app_pages.plain import plain
from experiments.dataset.wording import many
from experiments.runners import local, watch
from workspace import Run

ACTIVE = ("queued", "running")
STATES = {
    "queued": ("Waiting", ":material/hourglass_empty:", "blue"),
    "running": ("Running", ":material/progress_activity:", "blue"),
    "paused": ("Paused", ":material/pause_circle:", "orange"),
    "done": ("Done", ":material/check_circle:", "green"),
    "cancelled": ("Stopped", ":material/stop_circle:", "gray"),
    "failed": ("Failed", ":material/error:", "red"),
    "lost": ("Lost", ":material/error:", "orange"),
}
PHASES = {"load": "loading the model", "train": "training", "calibrate": "calibrating", "evaluate": "answering"}
ARM_STATES = {"done": "done", "waiting": "waiting", "dropped": "left out: no time", "failed": "failed"}


def badge(state: str) -> None:
    """A run's state by word, sign and colour."""
    label, icon, colour = STATES[state]
    st.badge(label, icon=icon, color=colour)  # type: ignore[arg-type]


def left(seconds: float) -> str:
    """Time left as people say it."""
    if seconds < 60:
        return "less than a minute left"
    return f"about {many(round(seconds / 60), 'minute')} left"


def active(project: str) -> tuple[Run, ...]:
    """Runs whose process works or waits; one that has vanished is marked lost by looking."""
    kept = projects.store()
    runs = [watch.observed(kept, run.id) for run in kept.runs.all(project) if run.state in ACTIVE]
    return tuple(run for run in runs if run.state in ACTIVE)


@st.fragment(run_every="2s")
def live(run_id: str) -> None:
    """A run's panel, looked up again every two seconds as long as it is at work."""
    status = watch.status(projects.store(), run_id)
    if status["state"] not in ACTIVE:
        st.rerun()
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            badge(status["state"])
            st.button("Stop", icon=":material/stop_circle:", key=f"stop_{run_id}", on_click=_cancel, args=(run_id,))
        _progress(status)
        _arms(status["arms"])
        st.caption(
            "You can close this page. The run continues, and every finished row is kept. Stopping keeps them too: "
            "you can go on later."
        )


def _progress(status: dict[str, Any]) -> None:
    if status["state"] == "queued":
        place = status["queue_place"]
        st.progress(0.0, f"Waiting for its turn, place {place}" if place else "Starting")
        return
    share = min(1.0, max(0.0, float(status["done_share"])))
    budget_s = max(0.0, 60 * status["minutes"] - status["seconds_used"])
    parts = [f"{share:.0%} done", left(min(budget_s, status["seconds_left"] or 0.0))]
    st.progress(share, " · ".join([*parts, f"at most {many(status['minutes'], 'minute')}"]))
    if status["stalled"]:
        st.warning("Nothing has moved for half a minute. The machine may be busy; you can wait, or stop the run.",
                   icon=":material/hourglass_disabled:")  # fmt: skip


def _arms(arms: list[dict[str, Any]]) -> None:
    rows = [
        {
            "Way": names.method(arm["arm"]),
            "Now": PHASES.get(arm["phase"], "")
            if arm["state"] == "running"
            else ARM_STATES.get(arm["state"], "starting"),
            "Progress": 100 * arm["done_share"],
            "Parts": f"{arm['cells_done']} of {arm['cells']}",
            "Rows answered": arm["rows"],
            "Why": arm["why"],
        }
        for arm in arms
    ]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, alt="What each way is doing", key="arms_now",
        column_config={
            "Progress": st.column_config.ProgressColumn(format="%.0f%%", min_value=0, max_value=100),
            "Why": st.column_config.TextColumn(width="medium") if any(arm["why"] for arm in arms) else None,
        },
    )  # fmt: skip


def _cancel(run_id: str) -> None:
    with errors_end_here():
        local.cancel(projects.store(), run_id)
        st.toast("The run stops within seconds.", icon=":material/stop_circle:")


def resume(run_id: str, more_minutes: float | None = None) -> None:
    """Go on where it stopped; with more minutes, with what was left out for time."""
    with errors_end_here():
        local.resume(projects.store(), run_id, api_key=hosted.key_of(run_id), more_minutes=more_minutes)


def more_time(run_id: str, minutes: int) -> None:
    """A button for a run that left something out for time."""
    st.button(f"Give it {many(minutes, 'more minute')}", key=f"more_{run_id}", icon=":material/more_time:",
              on_click=resume, args=(run_id, minutes),
              help="Does what was left out for time; finished rows are not repeated.")  # fmt: skip


def past(project: str) -> None:
    """Every run that is over or stands still, the newest first, each with what can be done with it."""
    kept = projects.store()
    runs = [run for run in kept.runs.all(project) if run.state not in ACTIVE]
    for run in runs:
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                badge(run.state)
                st.markdown(
                    f"{outcomes.when(run)} · {plain(str(run.plan['dataset_name']))} · "
                    f"{many(run.plan['minutes'], 'minute')}"
                )
                st.space("stretch")
                if kept.events.all(run.id, kind="cell") or run.state == "done":
                    st.button(
                        "Results", key=f"results_{run.id}", icon=":material/bar_chart:", on_click=_show, args=(run.id,)
                    )
                if run.state not in ("done",) or watch.failed_cells(kept, run):
                    st.button("Go on", key=f"resume_{run.id}", icon=":material/play_arrow:", on_click=resume,
                              args=(run.id,), help="Finished rows are not repeated.")  # fmt: skip
                elif minutes := watch.minutes_needed(kept, run):
                    more_time(run.id, minutes)
            hosted.ask_again(kept, run.id)
            if run.reason and run.state != "done":
                st.caption(plain(run.reason))


def _show(run_id: str) -> None:
    st.session_state["results_run"] = run_id
    st.session_state[walk.GO] = "results"
