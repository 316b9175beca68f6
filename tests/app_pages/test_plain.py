"""Other people's words are shown as they are."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from app_pages.plain import plain

MARKED = [
    "![x](http://evil.example/x.png)", ":red[no]", ":material/home:", "$x^2$ and `code`", "# 1. a_b*c*", "a<b>",
    "1. first", "23) second", "- a list", "  + a list", "one\n---", "one\n===", "  # head", "a|b\n-|-\n1|2", "> said",
    "www.evil.example", "http://evil.example", "me@evil.example", "~~gone~~", "&copy; &amp;", "[x]: http://evil.example",
    "tab\n\n    code", "<script>alert(1)</script>",
]  # fmt: skip


@pytest.mark.parametrize("text", MARKED)
def test_markdown_reads_nothing_and_nothing_is_lost(text: str) -> None:
    shown = plain(text)
    assert re.sub(r"\\(.)", r"\1", shown) == text
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(shown)
    kinds = {child.type for token in tokens for child in (token.children or [token])}
    assert kinds <= {"paragraph_open", "paragraph_close", "text", "text_special", "softbreak", "code_block"}
    assert not re.search(r"(?<!\\)[\[\]*_`$<>:]", shown)


@pytest.mark.parametrize("text", ["USD per million tokens (in)", "Budget, one-off!", "0.95 {x} a+b=c"])
def test_the_name_of_a_field_is_read_aloud_without_backslashes(text: str) -> None:
    assert plain(text) == text
