"""How the rows would be divided, and what a test of that size can show."""

from __future__ import annotations

import streamlit as st

from advisor.errors import DataError
from advisor.vocabulary import Dataset, Split
from app_pages import files, planning
from app_pages.plain import plain
from app_pages.wording import said
from experiments.dataset import power


def draw(found: Dataset) -> Split | None:
    """The three parts in figures, or why the rows cannot be divided."""
    try:
        split = files.parts(found.fingerprint, planning.SEED, found.columns.time is not None, found.leaks, found)
    except DataError as error:
        st.warning(said(error.mend), title=said(error.what), icon=":material/call_split:")
        return None
    with st.container(horizontal=True):
        for part, rows in (("Training", split.train), ("Validation", split.validation), ("Test", split.test)):
            st.metric(part, f"{len(rows):,}", border=True)
    st.caption(f"{plain(split.how)} No way of answering sees a test row before it is measured.")
    st.caption(plain(power.sentence(len(split.test))))
    return split
