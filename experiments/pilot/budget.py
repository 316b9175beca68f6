"""The minutes a pilot is given, checked alike wherever they are given: before a run, and for more of it."""

from __future__ import annotations

from advisor.errors import PlanError

MOST_MINUTES = 7 * 24 * 60  # a week: whoever means longer has mistyped, or wants no pilot


def in_minutes(given: str | float) -> float:
    """A number of minutes as it was typed.

    Raises:
        PlanError: it is no number, not above 0, or longer than a week.
    """
    try:
        value = float(given)
    except ValueError:
        value = float("nan")
    if not 0 < value <= MOST_MINUTES:
        shown = f"'{given[:20]}'" if isinstance(given, str) else f"{given:g}"
        raise PlanError(
            f"{shown} cannot be the minutes of a pilot.",
            f"Give --minutes a number above 0 and at most {MOST_MINUTES:,} (a week).",
        )
    return value
