"""Blocks on the page: all kinds are drawn, and what people typed is never markup."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest

from advisor.vocabulary import Block
from app_pages.draw import DRAWERS, escaped, frame, one_line

ROOT = Path(__file__).parents[2]
HOSTILE = (
    "**b** _i_ `c` $x$ :red[hi] :material/home: ![p](http://evil.example/p.png) [l](http://evil.example) <b>h</b> "
    "&lt; # - 1."
)


def page_with_everything() -> None:
    import streamlit as st

    from advisor.report import charts
    from advisor.vocabulary import Bullets, Figures, Heading, Notice, Table, Text
    from app_pages.draw import draw

    evil = st.session_state["evil"]
    draw(
        (
            Heading(evil, 1), Heading(evil), Heading(evil, 3), Text(evil), Text(evil, "lead"), Text(evil, "small"),
            Notice(evil, "good"), Notice(evil, "note"), Notice(evil, "warn"), Notice(evil, "bad"),
            Bullets((evil,)), Bullets((evil,), numbered=True), Figures(((evil, evil, evil), ("Chance", "57 %", ""))),
            Table(evil, (evil, evil), ((evil, "x"),), evil), charts.families({"tuning": 0.6, evil: 0.4}),
        )
    )  # fmt: skip


@pytest.fixture
def page() -> AppTest:
    app = AppTest.from_function(page_with_everything, default_timeout=60)
    app.session_state["evil"] = HOSTILE
    return app.run()


def test_every_kind_of_block_has_its_function() -> None:
    assert set(DRAWERS) == set(get_args(Block))


def test_everything_is_drawn_without_an_error(page: AppTest) -> None:
    assert not page.exception
    assert page.text[0].value == HOSTILE
    assert [len(boxes) for boxes in (page.success, page.info, page.warning, page.error)] == [1, 1, 1, 1]
    assert "57\u00a0%" in {metric.value for metric in page.metric}


def test_where_markdown_is_read_every_mark_is_escaped(page: AppTest) -> None:
    shown = [
        element.value
        for kind in (page.title, page.header, page.subheader, page.caption, page.markdown, page.success, page.error)
        for element in kind
    ]
    assert len([text for text in shown if "evil" in text]) >= 10
    for text in shown:
        for mark in ("$x$", ":red[", ":material/", "![p]", "[l](", "<b>", "`c`", " &lt;"):
            assert mark not in text.replace("\\" + mark[0], ""), text


def test_cells_of_tables_are_escaped(page: AppTest) -> None:
    cells = page.table[0].value.iloc[0].tolist()
    assert cells == [one_line(HOSTILE), "x"]
    assert "\\[l\\]" in cells[0]


def test_an_ampersand_stays_one() -> None:
    assert escaped("Q&A") == "Q\\&A"


def test_no_link_is_made_of_a_written_address() -> None:
    # GitHub's Markdown links bare addresses even where their marks are escaped: an invisible character breaks them
    for address in ("http://evil.example", "https://evil.example", "www.evil.example", "a@evil.example"):
        shown = escaped(address)
        assert "\u2060" in shown
        assert shown.replace("\u2060", "").replace("\\", "") == address


def test_line_ends_stay_in_paragraphs_and_go_in_lists() -> None:
    assert escaped("a\nb") == "a  \nb"
    assert one_line("a\n# b") == "a # b"


def test_equal_heads_stay_two_columns() -> None:
    assert frame(("a", "a"), (("1", "2"),)).shape == (1, 2)


def test_the_chart_stands_beside_its_numbers(page: AppTest) -> None:
    assert [expander.label for expander in page.expander] == ["The numbers in this chart"]
    assert page.expander[0].table[0].value.iloc[0].tolist() == ["Training", "60\u00a0%"]


def test_drawing_imports_nothing_heavy() -> None:
    # In a process of its own: other tests of this one have imported torch long before
    code = (
        "import sys; from tests.app_pages.test_draw import *\n"
        "app = AppTest.from_function(page_with_everything, default_timeout=60)\n"
        "app.session_state['evil'] = 'x'; app.run()\n"
        "assert app.metric and not app.exception\n"
        "print(sorted({'torch', 'transformers', 'typst', 'vl_convert'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert told.stdout.strip() == "[]", told.stderr
