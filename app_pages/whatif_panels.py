"""A what-if's answer as figures, a chart and tables."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from advisor.report import numbers
from app_pages import whatif
from app_pages.plain import plain
from experiments.dataset.wording import many

ROW_PX, AXIS_PX = 26, 60


def _card(label: str, value: str, note: str) -> None:
    st.metric(label, value, note, delta_color="off", delta_arrow="off", border=True)


def _device(answer: dict[str, Any]) -> None:
    needed = numbers.gib(whatif.estimate(answer["memory_gib"]["device"]))
    _card("The GPU must have", needed, whatif.FITS[answer["fits"][0]["fits"]])


def training(case: whatif.WhatIf, answer: dict[str, Any]) -> None:
    """Memory, time and rent of one run, and how much of the model it trains."""
    hours = (answer["time"] or {}).get("total_hours")
    with st.container(horizontal=True):
        _device(answer)
        _card("One run takes", numbers.hours(whatif.estimate(hours)), f"rent {whatif.rent_usd(case, hours)}")
    share = answer["parameters"]
    st.caption(f"Trains {share['trainable']:,} of {share['total']:,} parameters ({share['trainable_percent']:.3g} %).")


def serving(case: whatif.WhatIf, answer: dict[str, Any], month: tuple[str, str]) -> None:
    """Memory, speed, and what the machines for the busiest second cost a month."""
    first = numbers.latency(whatif.estimate(answer["latency"]["ttft_ms"]))
    each = numbers.latency(whatif.estimate(answer["latency"]["tpot_ms"]))
    machines, usd = month
    with st.container(horizontal=True):
        _device(answer)
        _card("First token after", first, f"then {each} each")
        _card("A month costs", usd, machines)


def memory(answer: dict[str, Any]) -> None:
    """What takes the memory, where it fits, and what the figures rest on."""
    shown = whatif.parts(answer["memory_gib"])
    axis = alt.Axis(labelLimit=220, labelOverlap=False)
    bars = (
        alt.Chart(shown)
        .mark_bar()
        .encode(
            x=alt.X("GiB:Q", title="GiB on each GPU"),
            y=alt.Y("Part:N", sort=None, title=None, axis=axis),
            tooltip=["Part", "GiB"],
        )
        .properties(height=AXIS_PX + ROW_PX * len(shown))
    )
    st.markdown("**What takes the memory**")
    st.altair_chart(bars, alt=", ".join(f"{row.Part} {row.GiB:.2f} GiB" for row in shown.itertuples()))
    st.markdown("**Where it fits**")
    st.dataframe(whatif.fit_table(answer["everywhere"]), hide_index=True, alt="Which GPUs hold it")
    if answer.get("note"):
        st.caption(plain(answer["note"]))
    st.caption(f"Ranges are 80 % intervals. {plain(answer['memory_gib']['device']['source'])}.")


def methods(case: whatif.WhatIf, table: pd.DataFrame, examples: int, for_project: bool) -> None:
    """Every way of adapting the chosen model, side by side."""
    st.markdown(f"**Ways of adapting {plain(case.model.name)}**")
    figures = table.drop(columns="Note")
    st.dataframe(figures, hide_index=True, height="content", alt="Methods side by side")
    # under the table, since a cell is one line and cuts what does not fit
    for note, rows in table[table["Note"] != ""].groupby("Note", sort=False):
        st.caption(f"**{plain(', '.join(rows['Method']))}**: {plain(str(note))}.")
    whose = "the answers of this project" if for_project else "no particular task"
    st.caption(
        f"Computed for {many(examples, 'example')} on {case.gpus} × {plain(case.gpu.name)}. "
        f"Quality is the score from 0 to 1 expected for {whose}; ranges are 80 % intervals. "
        "Memory is to train, or to answer where nothing is trained."
    )


def hosted(table: pd.DataFrame) -> None:
    """What hosted models ask for the same requests."""
    money = st.column_config.NumberColumn(format="%.4g")
    st.markdown("**The same requests at hosted models**")
    st.dataframe(table, hide_index=True, alt="Prices of hosted models for these requests",
                 column_config={"USD per 1,000 requests": money, "USD a month": money})  # fmt: skip
