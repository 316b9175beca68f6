"""What the columns of a file mean: each proposal with its reason, each to be changed, each change kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from advisor.errors import ColumnsUnclear, DataError
from advisor.vocabulary import Dataset
from app_pages import files, walk
from app_pages.fields import words
from app_pages.plain import plain
from app_pages.wording import LABELS, said
from experiments.dataset import FLAGS, Flag
from workspace import StoredDataset

MAIN = ("inputs", "output", "task_type")
COLUMN_FIELDS = ("output", "group", "split_column", "time", "given")
BY_FIELD = {flag.field: flag for flag in FLAGS}
FIELD_OF = {flag.flag: flag.field for flag in FLAGS}
Deciding = Callable[[str], Callable[[], None]]


def key(file: StoredDataset, field: str) -> str:
    """The name of a choice's widget; new at every visit, so that it starts from what is kept."""
    return f"choice_{field}_{file.sha256[:8]}_{walk.visit()}"


def draw(project: str, file: StoredDataset, found: Dataset) -> None:
    """The three choices that matter most, and the others out of the way."""
    deciding = _deciding(project, file)
    why = dict(found.columns.why)
    names = list(found.column_names)
    with st.container(border=True):
        left, middle, right = st.columns(3, gap="medium")
        with left:
            st.multiselect(LABELS["inputs"], names, default=[c for c in found.columns.inputs if c in names],
                           key=key(file, "inputs"), on_change=deciding("inputs"))  # fmt: skip
            _reason(file, "inputs", why.get("input"))
        with middle:
            at = names.index(found.columns.output) if found.columns.output in names else None
            st.selectbox(LABELS["output"], names, index=at, key=key(file, "output"), on_change=deciding("output"))
            _reason(file, "output", why.get("output"))
        with right:
            kinds = BY_FIELD["task_type"].words
            at = kinds.index(found.task_type) if found.task_type in kinds else None
            st.selectbox(LABELS["task_type"], kinds, index=at, format_func=words, key=key(file, "task_type"),
                         on_change=deciding("task_type"))  # fmt: skip
            _reason(file, "task_type", found.task_why)
        with st.expander("More choices", icon=":material/tune:"), st.grid(3):
            for flag in FLAGS:
                if flag.field not in MAIN:
                    _other(file, names, found, flag, deciding)
    _back(project, file)


def repair(project: str, file: StoredDataset, error: DataError) -> None:
    """The choices about a file that could not be read under those it has: the one asked for first."""
    names = _names(file)
    asked = FIELD_OF.get(error.flag) if isinstance(error, ColumnsUnclear) else None
    deciding = _deciding(project, file)
    with st.container(border=True):
        if asked and isinstance(error, ColumnsUnclear) and error.options:
            st.pills(LABELS[asked], error.options, key=key(file, asked), on_change=deciding(asked))
        with st.expander("More choices", icon=":material/tune:", expanded=bool(file.mapping)), st.grid(3):
            for flag in FLAGS:
                if flag.field == "inputs":
                    kept = list(file.mapping.get("inputs", ()))
                    st.multiselect(LABELS["inputs"], dict.fromkeys([*names, *kept]), default=kept,
                                   key=key(file, "inputs"), on_change=deciding("inputs"))  # fmt: skip
                elif flag.field != asked:
                    _other(file, names, None, flag, deciding)
    _back(project, file)


def _deciding(project: str, file: StoredDataset) -> Deciding:
    """Field → what its widget does when it changes: the choice is kept."""

    def deciding(field: str) -> Callable[[], None]:
        return lambda: files.decide(project, file, field, st.session_state[key(file, field)])

    return deciding


def _back(project: str, file: StoredDataset) -> None:
    if file.mapping:
        st.button("Take all choices back to what is proposed", icon=":material/undo:", key=key(file, "undo"),
                  type="tertiary", on_click=_undo, args=(project, file))  # fmt: skip


def _reason(file: StoredDataset, field: str, why: str | None) -> None:
    if field in file.mapping:
        st.caption(":material/check: Your choice.")
    elif why:
        st.caption(f"Proposed: {plain(why)}")


def _names(file: StoredDataset) -> list[str]:
    """The columns' names, as far as they can be read."""
    try:
        return list(files.preview(file).column_names)
    except DataError:
        return []


def _other(file: StoredDataset, names: list[str], found: Dataset | None, flag: Flag, deciding: Deciding) -> None:
    """One choice."""
    label, name, change = LABELS[flag.field], key(file, flag.field), deciding(flag.field)
    kept: Any = file.mapping.get(flag.field)
    about: dict[str, Any] = {"key": name, "on_change": change, "help": said(flag.help)}
    if flag.field == "all_rows":
        st.toggle(label, value=bool(kept), **about)
    elif flag.words:
        at = flag.words.index(kept) if kept in flag.words else None
        st.selectbox(label, flag.words, index=at, format_func=words, placeholder="As proposed", **about)
    elif flag.field in COLUMN_FIELDS:
        options = list(dict.fromkeys([*names, "none", *([kept] if kept else [])]))
        at = options.index(kept) if kept in options else None
        placeholder = "As proposed" if found is None else _proposed(found, flag.field)
        st.selectbox(label, options, index=at, placeholder=placeholder, **about)
    elif flag.field == "bins":
        st.number_input(label, 2, 20, value=kept, placeholder="None", **about)
    else:
        st.text_input(label, value=str(kept or ""), placeholder="As proposed", **about)


def _proposed(found: Dataset, field: str) -> str:
    proposed = getattr(found.columns, {"split_column": "split"}.get(field, field), None)
    return f"Proposed: {proposed}" if proposed else "None"


def _undo(project: str, file: StoredDataset) -> None:
    files.projects.store().datasets.update(project, file.sha256, mapping={})
    walk.renew()
