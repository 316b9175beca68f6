"""Other people's words are made harmless and stay readable."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from advisor.report.layout import breakable, column_shares, together
from advisor.report.plain import harmless, plain
from advisor.vocabulary import Chart, Table, Text

DIRECTION_MARKS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def test_text_is_never_turned_around() -> None:
    assert plain("".join(DIRECTION_MARKS)) == ""
    assert plain("invoice\u202egpj.exe\u2066x\u2069") == "invoicegpj.exex"


def test_control_characters_go_and_line_ends_stay() -> None:
    assert plain("a\x00b\x1b[31mc\r\nd\te\ufeff") == "ab[31mc \nd e"


def test_half_characters_and_private_ones_are_seen() -> None:
    assert plain("a\ud800b\ue000") == "a\ufffdb\ufffd"


def test_letters_that_need_joiners_keep_them() -> None:
    assert plain("می‌خواهم 👩‍💻 שלום مرحبا 漢字") == "می‌خواهم 👩‍💻 שלום مرحبا 漢字"


@given(st.text())
def test_plain_text_can_be_written_and_is_stable(text: str) -> None:
    clean = plain(text)
    assert not DIRECTION_MARKS & set(clean)
    assert plain(clean) == clean
    json.loads(json.dumps(clean).encode("utf-8"))
    clean.encode("utf-8")


def test_every_string_in_a_block_is_reached() -> None:
    evil = "a\u202eb"
    table, chart, text = harmless(
        (Table(evil, (evil,), ((evil,),), evil), Chart(evil, {evil: [evil]}, evil), Text(evil))
    )
    assert table == Table("ab", ("ab",), (("ab",),), "ab")
    assert isinstance(chart, Chart)
    assert chart.spec == {"ab": ["ab"]}
    assert text == Text("ab")


def test_long_words_get_places_to_break_and_nothing_is_lost() -> None:
    word = "https://example.org/a/very-long/path_without_spaces?query=1&more=2" + "x" * 60
    broken = breakable(word)
    assert broken.replace("\u200b", "") == word
    assert max(len(piece) for piece in broken.split("\u200b")) <= 14
    assert breakable("short words stay as they are") == "short words stay as they are"


def test_ranges_and_units_stay_on_one_line() -> None:
    assert together("0.86 (0.79–0.91) ms") == "0.86 (0.79\u2060–\u20600.91)\u00a0ms"
    assert together("a – b") == "a – b"


def test_columns_get_their_longest_word_before_anyone_gets_more() -> None:
    text = "many short words " * 20
    shares = column_shares(["n", "text"], [["1,700–5,200", text]])
    assert shares[0] >= len("1,700–5,200")
    assert shares[1] > shares[0]
