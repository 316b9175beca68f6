"""How answers are scored: what suits the task, the checks of a house's style, or a person's preference afterwards."""

from __future__ import annotations

from typing import Any

import streamlit as st

from advisor.report import names
from advisor.vocabulary import CLASSIFYING, Dataset
from experiments.metrics import METRICS, PREFERENCE
from experiments.metrics.format_checks import NAME as FORMAT_CHECKS

USUAL = "usual"


def choose(dataset: Dataset) -> tuple[str | None, dict[str, Any]]:
    """The metric (None: what suits the task) and, for format checks, their settings."""
    fitting = [m.name for m in METRICS if not m.tasks or dataset.task_type in m.tasks]
    own = [] if dataset.task_type in CLASSIFYING else [FORMAT_CHECKS, PREFERENCE]
    chosen = st.selectbox("Scored by", [USUAL, *fitting, *own], format_func=_words, key="pilot_metric",
                          persist_state="session")  # fmt: skip
    if chosen == PREFERENCE:
        st.caption("After the pilot you judge 20 to 40 pairs of answers on the Results page, without knowing whose "
                   "they are. Until then there is no verdict.")  # fmt: skip
    if chosen == FORMAT_CHECKS:
        return chosen, _checks()
    return (None if chosen == USUAL else chosen), {}


def _words(name: str) -> str:
    return {USUAL: "What suits the task", FORMAT_CHECKS: "Your house style (format checks)",
            PREFERENCE: "Your own preference, judged afterwards"}.get(name, names.metric_head(name))  # fmt: skip


def _checks() -> dict[str, Any]:
    """The fields of the checks; an empty one checks nothing. What is checked is told to every prompted model."""
    with st.container(horizontal=True):
        words = _bounds("words", "Words")
        characters = _bounds("characters", "Characters")
    left, right = st.columns(2)
    required = left.text_area("Must contain (one a line)", key="check_required", height=90)
    forbidden = right.text_area("Must not contain (one a line)", key="check_forbidden", height=90)
    pattern = st.text_input("Pattern (a regular expression)", key="check_pattern", placeholder="^Dear ")
    found = {"words": words, "characters": characters, "required": _lines(required), "forbidden": _lines(forbidden),
             "pattern": pattern.strip()}  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _bounds(name: str, label: str) -> dict[str, int]:
    low = st.number_input(f"{label}, at least", 0, 100_000, None, key=f"check_{name}_low", placeholder="Any")
    high = st.number_input(f"{label}, at most", 0, 100_000, None, key=f"check_{name}_high", placeholder="Any")
    return {bound: int(value) for bound, value in (("at_least", low), ("at_most", high)) if value is not None}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
