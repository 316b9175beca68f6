"""What the checks found in a file, the gravest first, each with the rows behind it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from advisor.vocabulary import Dataset, Finding, Split
from app_pages import files, walk
from app_pages.choosing import FIELD_OF, key
from app_pages.wording import answer, proposed, said
from experiments.dataset import export
from experiments.dataset.wording import many
from workspace import StoredDataset

LOOKS = {
    "error": ("Must be mended", ":material/error:", "red"),
    "ask": ("Needs your answer", ":material/help:", "orange"),
    "warn": ("Look at this", ":material/warning:", "orange"),
    "note": ("Good to know", ":material/info:", "gray"),
}
ROWS_SHOWN = 100
PREVIEW_PX = 248


def draw(project: str, file: StoredDataset, found: Dataset) -> None:
    """All of them, grouped by how grave they are; a file without any says so."""
    if not found.findings:
        st.success("Nothing wrong was found in this file.", icon=":material/check_circle:")
        return
    numbered = list(enumerate(found.findings))
    kept = frozenset(example.row for example in found.examples)
    for severity, (title, icon, colour) in LOOKS.items():
        group = [(number, finding) for number, finding in numbered if finding.severity == severity]
        if not group:
            continue
        if severity == "note":
            with st.expander(f"{title} ({len(group)})", icon=icon):
                for number, finding in group:
                    _one(project, file, found, finding, number, kept)
            continue
        st.badge(f"{title} ({len(group)})", icon=icon, color=colour)  # type: ignore[arg-type]
        for number, finding in group:
            with st.container(border=True, gap="small"):
                _one(project, file, found, finding, number, kept)


def _one(
    project: str, file: StoredDataset, found: Dataset, finding: Finding, number: int, kept: frozenset[int]
) -> None:
    field = FIELD_OF.get(finding.flag)
    if field is None or not finding.options:
        st.markdown(f"{said(finding.text)} {said(finding.mend)}")
    else:
        st.markdown(f"{said(finding.text)} {proposed(finding.mend, finding.flag, finding.options)}")
        name = f"{key(file, field)}_answer_{number}"
        st.pills(
            "Your answer", finding.options, key=name, format_func=partial(answer, field),
            on_change=lambda: _decide(project, file, field, st.session_state[name]),
        )  # fmt: skip
    if rows := tuple(row for row in finding.rows if row in kept):  # the others stand among the rows left out
        with st.popover(f"Rows ({_many(len(rows))})", icon=":material/table_rows:", width="content"):
            table(found, rows)


def _many(count: int) -> str:
    return f"{count:,}" if count < ROWS_SHOWN else f"the first {ROWS_SHOWN}"


def _decide(project: str, file: StoredDataset, field: str, chosen: Any) -> None:
    files.decide(project, file, field, [chosen] if field == "inputs" and chosen else chosen)
    walk.renew()  # the same choice has a widget above, which begins with what is kept


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


def first_rows(preview: tuple[dict[str, str], ...], columns: int) -> None:
    """The file's first rows as they stand in it, before anything was understood."""
    more = f", {len(preview[0]):,} of {many(columns, 'column')}" if preview and columns > len(preview[0]) else ""
    first = f"the first {many(len(preview), 'row')}{more}"
    with st.expander(
        f"As it stands in the file: {first}",
        icon=":material/table_rows:",
        expanded=True,
    ):
        st.dataframe(
            pd.DataFrame(preview),
            height=PREVIEW_PX,
            hide_index=True,
            alt="The first rows of the file, as they stand in it",
        )


def all_rows(found: Dataset, split: Split | None) -> None:
    """The first rows as they were understood, and all of them, with their parts, to take along."""
    with st.expander("Rows as they were understood", icon=":material/table_rows:"):
        table(found, tuple(example.row for example in found.examples[:ROWS_SHOWN]))
        if split is None:
            return
        with st.container(horizontal=True):
            st.download_button("Cleaned set (JSON Lines)", partial(export.json_lines, found, split), "cleaned.jsonl",
                               "application/jsonl", on_click="ignore", icon=":material/download:")  # fmt: skip
            st.download_button("Cleaned set (CSV)", partial(_csv, found, split), "cleaned.csv",
                               "text/csv", on_click="ignore", icon=":material/download:")  # fmt: skip
        st.caption(_guarded(export.guarded_cells(found)))


def _guarded(cells: int) -> str:
    """What the CSV changes."""
    if not cells:
        return "JSON Lines reads back as the same set. No cell of the CSV begins like a formula, so none was changed."
    begin = "1 cell begins" if cells == 1 else f"{cells:,} cells begin"
    return f"JSON Lines reads back as the same set. In the CSV {begin} with an added ', so that no spreadsheet runs it."


def _csv(found: Dataset, split: Split) -> str:
    return export.csv_text(found, split).text
