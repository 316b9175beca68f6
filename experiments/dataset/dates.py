"""Dates in the spellings people use, as text that sorts by time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from advisor.errors import DataError

ISO = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[T ].*)?")
DAY_OR_MONTH_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:[T ,]+(.*))?")
SECONDS = re.compile(r"\d{9,13}(?:\.\d+)?")
TWO_DIGIT_YEARS_FROM = 2000


def sortable(times: Sequence[str]) -> list[str]:
    """`31.12.2024` and `12/31/2024` as ISO text; day first unless a number above 12 stands second."""
    stripped = [time.strip() for time in times]
    month_first = any((found := DAY_OR_MONTH_FIRST.fullmatch(time)) and int(found.group(2)) > 12 for time in stripped)
    return [_one(time, month_first=month_first) for time in stripped]


def _one(time: str, *, month_first: bool) -> str:
    if ISO.fullmatch(time):
        year, month, rest = time.split("-", 2)
        day, tail = re.match(r"(\d{1,2})(.*)", rest, re.S).groups()  # type: ignore[union-attr]
        return f"{year}-{int(month):02d}-{int(day):02d}{tail.replace('T', ' ')}"
    if SECONDS.fullmatch(time):
        return time.split(".")[0].zfill(13)
    found = DAY_OR_MONTH_FIRST.fullmatch(time)
    if found is None:
        raise DataError(
            f"'{time[:40]}' is not a date we can read.",
            "Write dates as 2024-12-31, or name another column with --time.",
        )
    first, second, year, clock = found.groups()
    day, month = (second, first) if month_first else (first, second)
    whole = int(year) + (TWO_DIGIT_YEARS_FROM if len(year) == 2 else 0)
    return f"{whole:04d}-{int(month):02d}-{int(day):02d} {clock or ''}".strip()
