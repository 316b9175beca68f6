"""One question → one widget, by its kind. Everything a widget needs stands on the question's row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from advisor.questionnaire import Question, assumption
from app_pages import answers
from app_pages.plain import plain

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
        st.caption(f"Left open, we assume: {plain(assumption(question))}.")


def words(choice: str) -> str:
    """`with_agreement` → `With agreement`."""
    text = choice.replace("_", " ")
    return {"text to sql": "Text to SQL", "json": "JSON"}.get(text, text[:1].upper() + text[1:])


def _seed(key: str, value: Any) -> str:
    """Put the stored answer into the widget before it is made, once; afterwards the widget's own state holds."""
    name = answers.widget_key(key)
    if name not in st.session_state:
        st.session_state[name] = value
    return name


def _label(question: Question) -> str:
    unit = f" ({question.unit})" if question.unit and question.unit not in question.label else ""
    return plain(question.label) + plain(unit)


def _saving(project: str, question: Question, read: Callable[[Any], Any] = lambda value: value) -> Callable[[], None]:
    name = answers.widget_key(question.key)
    return lambda: answers.save_one(project, question.key, read(st.session_state[name]))


def _choice(project: str, question: Question, value: Any, _: tuple[str, ...]) -> None:
    name = _seed(question.key, value)
    shown: dict[str, Any] = {
        "format_func": words, "key": name, "help": plain(question.help), "on_change": _saving(project, question),
    }  # fmt: skip
    if len(question.choices) <= VISIBLE_CHOICES:
        st.segmented_control(_label(question), question.choices, wrap=True, **shown)
    else:
        st.selectbox(_label(question), question.choices, index=None, placeholder="Choose one", **shown)


def _number(project: str, question: Question, value: Any, _: tuple[str, ...]) -> None:
    kind: type = int if question.whole else float
    name = _seed(question.key, None if value is None else kind(value))
    step = kind(1) if question.whole else STEPS.get(question.unit, 1.0)
    st.number_input(
        _label(question), min_value=kind(question.low or 0), max_value=kind(question.high or 1e15), step=step,
        value=None, format="%d" if question.whole else "%g", placeholder="Not answered", key=name,
        help=plain(question.help), on_change=_saving(project, question),
    )  # fmt: skip


def _text(project: str, question: Question, value: Any, _: tuple[str, ...]) -> None:
    name = _seed(question.key, value or "")
    box = st.text_area if question.key == "description" else st.text_input
    box(_label(question), placeholder="Not answered", key=name, help=plain(question.help),
        on_change=_saving(project, question))  # fmt: skip


def _list(project: str, question: Question, value: Any, suggestions: tuple[str, ...]) -> None:
    name = _seed(question.key, list(value or []))
    options = list(dict.fromkeys([*(value or []), *st.session_state[name], *suggestions]))
    st.multiselect(
        _label(question), options, accept_new_options=True, placeholder="Choose, or type and press Enter", key=name,
        help=plain(question.help), on_change=_saving(project, question, list),
    )  # fmt: skip


def _gpus(project: str, question: Question, value: Any, suggestions: tuple[str, ...]) -> None:
    counts = {gpu["name"]: gpu["count"] for gpu in value or []}
    name = _seed(question.key, list(counts))
    options = list(dict.fromkeys([*counts, *st.session_state[name], *suggestions]))

    def save(names: list[str] | None = None) -> None:
        chosen = st.session_state[name] if names is None else names
        rows = [{"name": gpu, "count": st.session_state.get(f"{name}_{gpu}", counts.get(gpu, 1))} for gpu in chosen]
        answers.save_one(project, question.key, rows)

    st.multiselect(
        _label(question), options, accept_new_options=True, placeholder="Choose, or type and press Enter", key=name,
        help=plain(question.help), on_change=save,
    )  # fmt: skip
    for gpu in counts:
        each = f"{name}_{gpu}"
        st.session_state.setdefault(each, counts[gpu])
        st.number_input(f"How many {plain(gpu)}?", min_value=1, max_value=100_000, key=each, on_change=save)


def _priorities(project: str, question: Question, value: Any, _: tuple[str, ...]) -> None:
    st.markdown(_label(question), help=plain(question.help))
    weights = {key: float((value or {}).get(key, EVEN_WEIGHT)) for key in WEIGHTS}
    top = max(TOP_WEIGHT, *weights.values())
    name = answers.widget_key(question.key)

    def save() -> None:
        answers.save_one(project, question.key, {key: st.session_state[f"{name}_{key}"] for key in WEIGHTS})

    with st.grid(3):
        for key, label in WEIGHTS.items():
            each = f"{name}_{key}"
            st.session_state.setdefault(each, weights[key])
            st.slider(label, 0.0, top, step=1.0, format="%g", key=each, on_change=save)


FIELDS: dict[str, Callable[[str, Question, Any, tuple[str, ...]], None]] = {
    "choice": _choice,
    "number": _number,
    "text": _text,
    "list": _list,
    "gpus": _gpus,
    "priorities": _priorities,
}
