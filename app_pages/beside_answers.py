"""The file beside the questionnaire: where they differ, and the file's answers at a click."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from advisor.questionnaire import QUESTIONS
from advisor.vocabulary import Dataset
from app_pages import answers, fields, walk
from experiments.dataset import as_answers, differing

BY_KEY = {question.key: question for question in QUESTIONS}


def draw(project: str, found: Dataset) -> None:
    """A table of what differs; nothing where answers and file agree."""
    said = answers.written(project)
    other = differing(said, as_answers(found))
    if not other:
        return
    st.subheader("Your answers and this file", anchor=False)
    rows = [(BY_KEY[key].label, _words(key, said.get(key)), _words(key, value)) for key, value in other.items()]
    table = pd.DataFrame(rows, columns=["Question", "You said", "This file says"])
    st.dataframe(table, hide_index=True, alt="Where the answers and the file differ")
    st.caption("The advice uses your answers. If the file is a sample only, keep your own numbers.")
    st.button("Answer as the file says", icon=":material/done_all:", on_click=_take, args=(project, other),
              key="answer_as_file")  # fmt: skip


def _words(key: str, value: Any) -> str:
    if value is None:
        return "nothing yet"
    return f"{value:,} {BY_KEY[key].unit}" if isinstance(value, int | float) else fields.words(str(value))


def _take(project: str, other: dict[str, Any]) -> None:
    for key, value in other.items():
        answers.save_one(project, key, value)
    walk.renew()
    st.toast("The answers are the file's now; read the advice again.", icon=":material/check:")
