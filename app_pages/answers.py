"""The team's answers: read from the store and saved there on every change; session state is a cache."""

from __future__ import annotations

from typing import Any

import streamlit as st

from advisor.errors import ProfileError
from advisor.questionnaire import (
    BY_KEY,
    plain,
    profile_from_mapping,
    profile_from_yaml,
    profile_to_yaml,
)
from advisor.vocabulary import TaskProfile
from app_pages import projects, walk

SEEN = "answers_seen"  # (project, revision) the widgets of this tab show


def profile(project: str) -> TaskProfile:
    """What the team has answered so far."""
    saved = projects.store().answers.latest(project)
    return profile_from_yaml(saved.yaml) if saved else TaskProfile()


def written(project: str) -> dict[str, Any]:
    """The answers as plain values under their keys."""
    return plain(profile(project))


def widget_key(key: str) -> str:
    """The name of a question's widget in the session; new whenever it must begin with what is kept."""
    return f"answer_{key}_{walk.visit()}"


def renew_if_changed(project: str) -> None:
    """Another tab or an import changed the answers: let the widgets begin anew."""
    saved = projects.store().answers.latest(project)
    now = (project, saved.revision if saved else 0)
    if st.session_state.get(SEEN, now) != now:
        walk.renew()
    st.session_state[SEEN] = now


def save_one(project: str, key: str, value: Any) -> None:
    """Keep one answer (None or empty takes it back); a wrong one is said under its field and the old one stays."""
    answers = written(project)
    empty = value is None or value == "" or value == []
    answers = {k: v for k, v in answers.items() if k != key} if empty else {**answers, key: value}
    trouble = f"answer_trouble_{key}"
    try:
        save(project, profile_from_mapping(answers))
    except ProfileError as error:
        st.session_state[trouble] = error
    else:
        st.session_state.pop(trouble, None)


def save(project: str, answered: TaskProfile) -> None:
    """Keep a whole questionnaire as a new revision."""
    revision = projects.store().answers.save(project, profile_to_yaml(answered))
    st.session_state[SEEN] = (project, revision)


def trouble(key: str) -> ProfileError | None:
    """What was wrong with the newest try to answer, if anything."""
    return st.session_state.get(f"answer_trouble_{key}")


def count(answers: dict[str, Any], group: str) -> tuple[int, int]:
    """How many questions of a group are answered, and how many there are."""
    keys = [key for key, question in BY_KEY.items() if question.group == group]
    return sum(key in answers for key in keys), len(keys)
