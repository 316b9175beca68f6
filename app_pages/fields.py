"""One question → one widget, by its kind. Everything a widget needs stands on the question's row."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from advisor.questionnaire import Question, assumption
from app_pages import answers, projects
from app_pages.plain import plain
from app_pages.suggestions import shown

VISIBLE_CHOICES = 5  # more are put in a list that opens
WEIGHTS = {"quality": "Quality", "cost": "Cost", "latency": "Speed of answers", "time_to_launch": "Time to launch",
           "maintenance": "Little upkeep"}  # fmt: skip
EVEN_WEIGHT, TOP_WEIGHT = 5.0, 10.0
STEPS = {"score, 0 to 1": 0.01, "USD per example": 0.1, "USD per GPU-hour": 0.1, "USD": 1.0}


def draw(project: str, question: Question, written: dict[str, Any], suggestions: tuple[str, ...] = ()) -> None:
    """The field with its help; what is assumed when it is left open stands under it."""
    value = written.get(question.key)
    FIELDS[question.kind](project, question, value, suggestions)
    wrong = answers.trouble(question.key)
    if wrong is not None:
        st.caption(f":red[:material/error: {plain(str(wrong))} Your last valid answer was kept.]")
    elif value is None:
        st.caption(f"Left open, we assume: {plain(_assumed(project, question))}.")


def _assumed(project: str, question: Question) -> str:
    """The name of the task is that of the project unless another is given."""
    return f"the project's name, {projects.name(project)}" if question.key == "name" else assumption(question)


def words(choice: str) -> str:
    """`with_agreement` → `With agreement`."""
    text = choice.replace("_", " ")
    return {"text to sql": "Text to SQL", "json": "JSON"}.get(text, text[:1].upper() + text[1:])


def _label(question: Question) -> str:
    unit = f" ({question.unit})" if question.unit and question.unit not in question.label else ""
    return plain(question.label) + plain(unit)


def _saving(project: str, question: Question, read: Callable[[Any], Any] = lambda value: value) -> Callable[[], None]:
    name = answers.widget_key(question.key)
    return lambda: answers.save_one(project, question.key, read(st.session_state[name]))


def _choice(project: str, question: Question, value: Any, _: tuple[str, ...]) -> None:
    name = answers.widget_key(question.key)
    shown: dict[str, Any] = {
        "format_func": words, "key": name, "help": plain(question.help), "on_change": _saving(project, question),
    }  # fmt: skip
    if len(question.choices) <= VISIBLE_CHOICES:
        st.segmented_control(_label(question), question.choices, default=value, wrap=True, **shown)
    else:
        at = question.choices.index(value) if value in question.choices else None
        st.selectbox(_label(question), question.choices, index=at, placeholder="Choose one", **shown)


def _number(project: str, question: Question, value: Any, _: tuple[str, ...]) -> None:
    kind: type = int if question.whole else float
    step = kind(1) if question.whole else STEPS.get(question.unit, 1.0)
    st.number_input(
        _label(question), min_value=kind(question.low or 0), max_value=kind(question.high or 1e15), step=step,
        value=None if value is None else kind(value),
        format="%d" if question.whole else "%g", placeholder="Not answered",
        key=answers.widget_key(question.key), help=plain(question.help), on_change=_saving(project, question),
    )  # fmt: skip


def _text(project: str, question: Question, value: Any, _: tuple[str, ...]) -> None:
    box = st.text_area if question.key == "description" else st.text_input
    proposed = projects.name(project) if question.key == "name" else "Not answered"
    box(_label(question), value=value or "", placeholder=proposed, key=answers.widget_key(question.key),
        help=plain(question.help), on_change=_saving(project, question))  # fmt: skip


def _list(project: str, question: Question, value: Any, suggestions: tuple[str, ...]) -> None:
    options = list(dict.fromkeys([*(value or []), *suggestions]))
    st.multiselect(
        _label(question), options, default=value, accept_new_options=True, key=answers.widget_key(question.key),
        placeholder="Choose, or type and press Enter", help=plain(question.help),
        format_func=partial(shown, question.key), on_change=_saving(project, question, list),
    )  # fmt: skip


def _gpus(project: str, question: Question, value: Any, suggestions: tuple[str, ...]) -> None:
    counts = {gpu["name"]: gpu["count"] for gpu in value or []}
    name = answers.widget_key(question.key)
    options = list(dict.fromkeys([*counts, *suggestions]))

    def save() -> None:
        chosen = st.session_state[name]
        rows = [{"name": gpu, "count": st.session_state.get(f"{name}_{gpu}", counts.get(gpu, 1))} for gpu in chosen]
        answers.save_one(project, question.key, rows)

    st.multiselect(
        _label(question), options, default=list(counts), accept_new_options=True, key=name,
        placeholder="Choose, or type and press Enter", help=plain(question.help), on_change=save,
    )  # fmt: skip
    for gpu, count in counts.items():
        st.number_input(f"How many {plain(gpu)}?", 1, 100_000, count, key=f"{name}_{gpu}", on_change=save)


def _times(project: str, question: Question, value: Any, suggestions: tuple[str, ...]) -> None:
    timed = {row["model"]: row["p95_ms"] for row in value or []}
    name = answers.widget_key(question.key)

    def save() -> None:
        given = {model: st.session_state.get(f"{name}_{model}", timed.get(model)) for model in st.session_state[name]}
        rows = [{"model": model, "p95_ms": took} for model, took in given.items() if took is not None]
        answers.save_one(project, question.key, rows or None)

    chosen = st.multiselect(
        plain(question.label), list(dict.fromkeys([*timed, *suggestions])), default=list(timed), key=name,
        accept_new_options=True, placeholder="Choose, or type and press Enter", help=plain(question.help),
        on_change=save,
    )  # fmt: skip
    for model in chosen:
        st.number_input(
            f"19 of 20 answers of {plain(model)} were complete within (ms)",
            min_value=float(question.low or 0), max_value=float(question.high or 1e15), step=10.0,
            value=timed.get(model), format="%g", placeholder="Not timed yet",
            key=f"{name}_{model}", on_change=save,
        )  # fmt: skip


def _priorities(project: str, question: Question, value: Any, _: tuple[str, ...]) -> None:
    st.markdown(_label(question), help=plain(question.help))
    weights = {key: float((value or {}).get(key, EVEN_WEIGHT)) for key in WEIGHTS}
    top = max(TOP_WEIGHT, *weights.values())
    name = answers.widget_key(question.key)

    def save() -> None:
        answers.save_one(project, question.key, {key: st.session_state[f"{name}_{key}"] for key in WEIGHTS})

    with st.grid(3):
        for key, label in WEIGHTS.items():
            st.slider(label, 0.0, top, weights[key], 1.0, format="%g", key=f"{name}_{key}", on_change=save)


FIELDS: dict[str, Callable[[str, Question, Any, tuple[str, ...]], None]] = {
    "choice": _choice,
    "number": _number,
    "text": _text,
    "list": _list,
    "gpus": _gpus,
    "times": _times,
    "priorities": _priorities,
}
