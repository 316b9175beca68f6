"""Every test row with what two ways answered."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from advisor.report import names
from advisor.vocabulary import PilotRecord
from app_pages import outcomes


def draw(run: str, record: PilotRecord) -> None:
    """Two ways to choose, a kind of row to show, and the rows."""
    st.header("Row by row", anchor=False)
    arms = [arm["arm"] for arm in record.results["arms"]]
    primary = next((c for c in record.results["comparisons"] if c["primary"]), None)
    pair = [primary["a"], primary["b"]] if primary else [arms[0], arms[-1]]
    left, right = st.columns(2)
    first = left.selectbox("First", arms, index=arms.index(pair[0]), format_func=names.method, key=f"first_{run}")
    second = right.selectbox("Second", arms, index=arms.index(pair[1]), format_func=names.method, key=f"second_{run}")
    rows = list(outcomes.side_by_side(record, first, second))
    count = {kind: sum(kind in ("all", row["kind"]) for row in rows) for kind in outcomes.KINDS}
    kind = st.pills("Show", [k for k in outcomes.KINDS if count[k]], default="all", key=f"rows_{run}", required=True,
                    format_func=lambda k: f"{outcomes.KINDS[k]} · {count[k]}")  # fmt: skip
    shown = pd.DataFrame([row for row in rows if kind in ("all", row["kind"])])
    heads = {"input": "Input", "right": "Right answer", "first": names.method(first), "second": names.method(second)}
    if not shown.empty:
        if heads["first"] == heads["second"]:
            heads.pop("second")
        st.dataframe(shown[list(heads)], hide_index=True, alt="Test rows with the answers of both",
                     column_config={**heads, "input": st.column_config.TextColumn("Input", width="large")})  # fmt: skip
