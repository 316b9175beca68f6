"""How numbers are written for people."""

from __future__ import annotations

import math

import pytest

from advisor.report.money import Money
from advisor.report.numbers import (
    chance,
    day_count,
    gib,
    hours,
    hundredths,
    latency,
    percent,
    quality,
    ranged,
    signed,
    significant,
    span,
)
from advisor.vocabulary import Estimate, TaskProfile
from advisor.vocabulary.saying import percent as said_in_sentences


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (12345, "12,000"), (0.0999, "0.10"), (0.00123, "0.0012"), (9.96, "10"), (999_999, "1.0 million"),
        (14e6, "14 million"), (-340, "−340"), (5, "5.0"), (math.nan, "not known"), (math.inf, "not known"),
    ],
)  # fmt: skip
def test_two_significant_digits(value: float, text: str) -> None:
    assert significant(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0\u00a0%"),
        (0.003, "under 1\u00a0%"),
        (0.57, "57\u00a0%"),
        (0.997, "over 99\u00a0%"),
        (1.0, "100\u00a0%"),
        (0.014, "1\u00a0%"),
    ],
)
def test_chances_keep_their_ends_open(share: float, text: str) -> None:
    assert percent(share) == text


def test_a_simulated_chance_is_never_none_and_never_certain() -> None:
    assert [chance(share) for share in (0.0, 0.57, 1.0)] == ["under 1\u00a0%", "57\u00a0%", "over 99\u00a0%"]


@pytest.mark.parametrize("share", [0.0, 0.003, 0.3333, 0.994, 0.996, 1.0])
def test_page_paper_and_sentences_say_a_chance_alike(share: float) -> None:
    assert chance(share).replace("\u00a0", " ") == said_in_sentences(share)


def test_ranges_of_negative_numbers_use_words_not_dashes() -> None:
    assert span(-0.05, 0.01, signed) == "−0.05 to +0.01"
    assert span(0.7, 0.8, hundredths) == "0.70–0.80"
    assert signed(-0.001) == "0.00"


def test_a_range_that_rounds_to_one_number_is_one_number() -> None:
    assert ranged(0.861, 0.858, 0.8642, hundredths) == "0.86"
    assert ranged(0.86, None, 0.9, hundredths) == "0.86"


def test_times_and_memory_choose_the_unit_of_their_value() -> None:
    # 1480 ms = 1.48 s, low 890 ms = 0.89 s, high 2500 ms = 2.5 s
    assert latency(Estimate(1480, 890, 2500, "ms", "estimated", "")) == "1.5 (0.89–2.5) s"
    assert latency(Estimate(305, 200, 400, "ms", "estimated", "")) == "300 (200–400) ms"
    # 0.5 h = 30 min; 100 h = 4.17 days
    assert hours(Estimate.exact(0.5, "h", "")) == "30 min"
    assert hours(Estimate.exact(100, "h", "")) == "4.2 days"
    # 0.5 GiB = 512 MiB
    assert gib(Estimate.exact(0.5, "GiB", "")) == "510 MiB"


def test_days_are_whole() -> None:
    assert [day_count(v) for v in (0.4, 1.2, 4.0, 11.6)] == ["0.40", "1", "4", "12"]


def test_unknown_is_a_word_everywhere() -> None:
    unknown = Estimate.unknown("ms", "nobody measured it")
    assert {write(unknown) for write in (latency, hours, gib, quality)} == {"not known"}
    assert latency(None) == "not known"
    assert Money().bare(unknown) == "not known"
    assert Money().write(None) == "not known"


def test_money_is_converted_at_the_rate_that_was_typed() -> None:
    money = Money.of(TaskProfile(currency="EUR", usd_per_currency_unit=1.25))
    # 1,250 USD at 1.25 USD a EUR = 1,000 EUR
    assert money.write(1250) == "EUR 1,000"
    assert money.bare(Estimate(1250, 625, 2500, "USD", "estimated", "")) == "1,000 (500–2,000)"
    assert "1 EUR = 1.25 USD" in money.rate()


@pytest.mark.parametrize("rate", [None, 0.0, -1.0, math.nan, math.inf])
def test_without_a_usable_rate_money_stays_in_dollars(rate: float | None) -> None:
    money = Money.of(TaskProfile(currency="EUR", usd_per_currency_unit=rate))
    assert (money.write(1250), money.rate()) == ("USD 1,200", "")
