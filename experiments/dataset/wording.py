"""Numbers in sentences."""

from __future__ import annotations


def many(count: int, one: str, several: str | None = None) -> str:
    """`1 row holds`, `1,234 rows hold`: the verb goes with the noun."""
    return f"1 {one}" if count == 1 else f"{count:,} {several or f'{one}s'}"
