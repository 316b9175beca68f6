"""Two charts of a file: how many rows each label has, and how long the inputs are."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from advisor.vocabulary import Dataset
from experiments.dataset.wording import many

LABELS_SHOWN = 25
BINS = 24
ROW_PX, AXIS_PX = 26, 60
LONG_SHARE = 0.99  # the few longest inputs would flatten the picture; they are counted in its last bar


def headline(found: Dataset) -> None:
    """Rows, format and answers in three figures."""
    left_out = f"{len(found.rejected):,} left out" if found.rejected else "none left out"
    answers = (f"{len(found.labels):,}", "different labels") if found.labels else ("open", "answers in words")
    cards = (
        ("Rows kept", f"{len(found.examples):,}", left_out),
        ("Format", found.format.upper(), found.encoding or ""),
        ("Answers", *answers),
    )
    with st.container(horizontal=True):
        for label, value, note in cards:
            st.metric(label, value, note, delta_color="off", delta_arrow="off", border=True)


def labels(found: Dataset) -> None:
    """The labels with most rows first."""
    shown = found.labels[:LABELS_SHOWN]
    rows = pd.DataFrame([(_visible(label), count) for label, count in shown], columns=["label", "rows"])
    chart = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X("rows:Q", title="Rows", axis=alt.Axis(tickMinStep=1, format=",d")),
            y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=220, labelOverlap=False)),
            tooltip=["label", "rows"],
        )
        .properties(height=AXIS_PX + ROW_PX * len(shown))
    )
    most, fewest = shown[0], found.labels[-1]
    st.markdown("**Rows per label**")
    st.altair_chart(
        chart, alt=f"{many(len(found.labels), 'label')}; {most[0]} has {many(most[1], 'row')}, {fewest[0]} {fewest[1]}."
    )
    if len(found.labels) > LABELS_SHOWN:
        st.caption(f"The {LABELS_SHOWN} most frequent of {many(len(found.labels), 'label')}.")


def _visible(label: str) -> str:
    """A label with spaces around it stands between quotes, else it looks like another one."""
    return label if label == label.strip() else f"'{label}'"


def lengths(found: Dataset) -> None:
    """How many inputs have which length, in characters."""
    sizes = np.array([len(example.input) for example in found.examples])
    top = max(1.0, float(np.quantile(sizes, LONG_SHARE)))
    counts, edges = np.histogram(np.minimum(sizes, top), bins=min(BINS, max(1, int(top))), range=(0, top))
    rows = pd.DataFrame({"from": edges[:-1], "to": edges[1:], "inputs": counts})
    chart = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X("from:Q", bin="binned", title="Characters in the input"),
            x2="to:Q",
            y=alt.Y("inputs:Q", title="Inputs", axis=alt.Axis(tickMinStep=1, format=",d")),
            tooltip=["from", "to", "inputs"],
        )
        .properties(height=240)
    )
    median = f"{np.median(sizes):,.0f}"
    st.markdown("**Length of the inputs**")
    st.altair_chart(chart, alt=f"Half of the inputs have at most {median} characters, the longest {sizes.max():,}.")
    st.caption(
        f"Half have at most {median} characters; the longest has {sizes.max():,}. In tokens: typically "
        f"{found.input_tokens_median:,.0f} in, {found.output_tokens_median:,.0f} out ({found.tokens_basis})."
    )
