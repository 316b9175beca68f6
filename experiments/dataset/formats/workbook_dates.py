"""Dates in a spreadsheet are numbers of days; the format of their cell says that they are dates."""

from __future__ import annotations

import datetime
import re

# number formats the standard reserves for dates and times (ECMA-376 part 1, 18.8.30)
FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})


def is_date(code: str) -> bool:
    """Does this number format show a date or time?"""
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code)
    return "general" not in plain.lower() and re.search("[ymdhs]", plain, re.I) is not None


def written(epoch: datetime.datetime, number: float) -> str:
    """Days since the epoch as an ISO date, a time below one day."""
    moment = epoch + datetime.timedelta(seconds=round(number * 86_400))
    if number < 1:
        return moment.time().isoformat()
    return moment.date().isoformat() if moment.time() == datetime.time() else moment.isoformat(sep=" ")
