"""Report block → Streamlit, one small function per kind of block. Nothing in a block is ever read as markup."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
import streamlit as st

from advisor.report.layout import together
from advisor.report.plain import harmless
from advisor.vocabulary import Block, Bullets, Chart, Figures, Heading, Notice, Table, Text
from app_pages.plain import plain

NOTICES: dict[str, tuple[Callable[..., Any], str, str]] = {
    "good": (st.success, ":material/check_circle:", "Good"),
    "note": (st.info, ":material/info:", "Note"),
    "warn": (st.warning, ":material/warning:", "Careful"),
    "bad": (st.error, ":material/error:", "Problem"),
}
TEXT_ON_BOTH = "#757F84"  # contrast 4.1 on the light ground, 4.5 on the dark one
CARD_PX, CARD_CHARACTERS = 145, 10  # a metric of more characters would be cut off
HEADINGS: dict[int, Callable[..., Any]] = {1: st.title, 2: st.header, 3: st.subheader}


def draw(blocks: Iterable[Block]) -> None:
    """All blocks, in order."""
    for block in harmless(tuple(blocks)):
        DRAWERS[type(block)](block)


def escaped(text: str) -> str:
    """For places that read Markdown: every mark escaped, line ends kept, links broken so that none is made."""
    marked = plain(text).replace("@", "@\u2060").replace("www", "w\u2060ww")
    return marked.replace("\\:", "\\:\u2060").replace("\n", "  \n")


def heading(block: Heading) -> None:
    """Levels 1 to 3."""
    HEADINGS.get(block.level, st.subheader)(escaped(block.text), anchor=False)


def text(block: Text) -> None:
    """A paragraph as plain text; the lead is larger, the small print quieter."""
    if block.kind == "lead":
        st.subheader(escaped(block.text), anchor=False)
    elif block.kind == "small":
        st.caption(escaped(block.text))
    else:
        st.text(block.text)


def notice(block: Notice) -> None:
    """A box whose kind is said by word and icon, not by colour alone."""
    box, icon, word = NOTICES[block.kind]
    box(f"**{word}:** {escaped(block.text)}", icon=icon)


def bullets(block: Bullets) -> None:
    """A list, numbered where order matters."""
    lines = (f"{f'{i}.' if block.numbered else '-'} {one_line(item)}" for i, item in enumerate(block.items, 1))
    st.markdown("\n".join(lines))


def one_line(text: str) -> str:
    """Escaped and without line ends, ranges unbroken, for an item of a list or a cell."""
    return together(escaped(" ".join(text.split("\n"))))


def figures(block: Figures) -> None:
    """Headline numbers as cards in a row; a narrow screen puts them below each other."""
    grid = st.grid(max(1, len(block.items)), min_column_width=CARD_PX, border=True)
    for label, value, note in block.items:
        with grid.cell(), st.container(gap=None):
            st.caption(one_line(label))
            if len(value) <= CARD_CHARACTERS:
                st.metric(one_line(label), one_line(value), label_visibility="collapsed")
            else:
                st.markdown(f"**{one_line(value)}**")
            st.caption(one_line(note))


def table(block: Table) -> None:
    """A static table that wraps its words, with its title and note."""
    st.markdown(f"**{one_line(block.title)}**")
    st.table(frame(block.columns, block.rows), hide_index=True, border="horizontal", alt=block.title)
    if block.note:
        st.caption(escaped(block.note))


def frame(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> pd.DataFrame:
    """Strings as Streamlit's static table reads them; equal column heads are told apart by spaces."""
    heads: list[str] = []
    for column in columns:
        head = one_line(column)
        while head in heads:
            head += "\u00a0"
        heads.append(head)
    return pd.DataFrame([[one_line(cell) for cell in row] for row in rows], columns=heads, dtype="object")


def chart(block: Chart) -> None:
    """The chart with its alt text, and the numbers behind it for who would rather read them."""
    st.markdown(f"**{one_line(block.title)}**")
    st.vega_lite_chart(spec=with_readable_text(block.spec), width="stretch", alt=block.alt)
    behind = block.spec.get("usermeta", {}).get("table")
    if behind:
        with st.expander("The numbers in this chart"):
            st.table(frame(behind["columns"], behind["rows"]), hide_index=True, border="horizontal", alt=block.alt)


def with_readable_text(spec: dict[str, Any]) -> dict[str, Any]:
    """Vega writes text marks in black, which a dark page swallows; this grey is read on both."""
    config = spec.get("config", {})
    return {**spec, "config": {**config, "text": {"color": TEXT_ON_BOTH, **config.get("text", {})}}}


DRAWERS: dict[type, Callable[[Any], None]] = {
    Heading: heading,
    Text: text,
    Notice: notice,
    Bullets: bullets,
    Figures: figures,
    Table: table,
    Chart: chart,
}
