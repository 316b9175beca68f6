"""What the checks found in a file, the gravest first, each with the rows behind it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from advisor.vocabulary import Dataset, Finding, Split
from app_pages import files
from app_pages.choosing import BY_FIELD, key
from app_pages.wording import said
from experiments.dataset import export
from workspace import StoredDataset

LOOKS = {
    "error": ("Must be mended", ":material/error:", "red"),
    "ask": ("Needs your answer", ":material/help:", "orange"),
    "warn": ("Look at this", ":material/warning:", "orange"),
    "note": ("Good to know", ":material/info:", "gray"),
}
ROWS_SHOWN = 100
BY_FLAG = {flag.flag: field for field, flag in BY_FIELD.items()}


def draw(project: str, file: StoredDataset, found: Dataset) -> None:
    """All of them; a file without any says so."""
    if not found.findings:
        st.success("Nothing wrong was found in this file.", icon=":material/check_circle:")
        return
    notes = [finding for finding in found.findings if finding.severity == "note"]
    for number, finding in enumerate(found.findings):
        if finding.severity != "note":
            _one(project, file, found, finding, number)
    if notes:
        with st.expander(f"Good to know ({len(notes)})", icon=":material/info:"):
            for finding in notes:
                st.markdown(f"- {said(finding.text)} {said(finding.mend)}")


def _one(project: str, file: StoredDataset, found: Dataset, finding: Finding, number: int) -> None:
    title, icon, colour = LOOKS[finding.severity]
    with st.container(border=True, gap="small"):
        st.badge(title, icon=icon, color=colour)  # type: ignore[arg-type]
        st.markdown(f"{said(finding.text)} {said(finding.mend)}")
        field = BY_FLAG.get(finding.flag)
        if field and finding.options:
            name = f"{key(file, field)}_answer_{number}"
            st.pills(
                "Your answer", finding.options, key=name,
                on_change=lambda: files.decide(project, file, field, _answer(field, st.session_state[name])),
            )  # fmt: skip
        if finding.rows:
            with st.expander(f"The rows behind it ({_many(len(finding.rows))})"):
                table(found, finding.rows)


def _many(count: int) -> str:
    return f"{count:,}" if count < ROWS_SHOWN else f"the first {ROWS_SHOWN}"


def _answer(field: str, chosen: Any) -> Any:
    return [chosen] if field == "inputs" and chosen else chosen


def table(found: Dataset, rows: tuple[int, ...]) -> None:
    """Example rows as they are in the file, with their lines."""
    wanted = set(rows[:ROWS_SHOWN])
    shown = [
        {"Line": example.line, "Input": example.input, "Answer": example.output}
        for example in found.examples
        if example.row in wanted
    ]
    st.dataframe(pd.DataFrame(shown), hide_index=True, alt="Rows of the file", column_config={
        "Line": st.column_config.NumberColumn(width="small", format="%d"),
        "Input": st.column_config.TextColumn(width="large"),
    })  # fmt: skip


def all_rows(found: Dataset, split: Split | None) -> None:
    """The first rows as they were understood, and all of them, with their parts, to take along."""
    with st.expander("See rows", icon=":material/table_rows:"):
        table(found, tuple(example.row for example in found.examples[:ROWS_SHOWN]))
        if split is None:
            return
        with st.container(horizontal=True):
            st.download_button("Cleaned set (JSON Lines)", partial(export.json_lines, found, split), "cleaned.jsonl",
                               "application/jsonl", on_click="ignore", icon=":material/download:")  # fmt: skip
            st.download_button("Cleaned set (CSV)", partial(_csv, found, split), "cleaned.csv",
                               "text/csv", on_click="ignore", icon=":material/download:")  # fmt: skip


def _csv(found: Dataset, split: Split) -> str:
    return export.csv_text(found, split).text
