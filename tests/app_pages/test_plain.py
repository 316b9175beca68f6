"""Other people's words are shown as they are."""

from __future__ import annotations

import re

import pytest

from app_pages.plain import plain


@pytest.mark.parametrize(
    "text",
    ["![x](http://evil.example/x.png)", ":red[no]", ":material/home:", "$x^2$ and `code`", "# 1. a_b*c*", "a<b>"],
)
def test_every_mark_is_escaped_and_nothing_is_lost(text: str) -> None:
    shown = plain(text)
    assert re.sub(r"\\(.)", r"\1", shown) == text
    assert not re.search(r"(?<!\\)[\[\](){}*_`$<>:#!]", shown)
