"""Numbers and labels in sentences."""

from __future__ import annotations


def many(count: int, one: str, several: str | None = None) -> str:
    """`1 row holds`, `1,234 rows hold`: the verb goes with the noun."""
    return f"1 {one}" if count == 1 else f"{count:,} {several or f'{one}s'}"


def shown(text: str, most: int = 40) -> str:
    """A label in a sentence: cut, and signs that cannot be seen written out."""
    cut = text[:most] + ("…" if len(text) > most else "")
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in cut)
