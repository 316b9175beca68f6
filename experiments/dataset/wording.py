"""Numbers and labels in sentences."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

# needs no quotes on a command line
PLAIN = re.compile(r"[\w.,:/%@+=][\w.,:/%@+=-]*")


def many(count: float, one: str, several: str | None = None) -> str:
    """`1 row holds`, `1,234 rows hold`, `2.5 minutes`: the verb goes with the noun."""
    number = f"{count:,}" if isinstance(count, int) else f"{count:g}"
    return f"1 {one}" if count == 1 else f"{number} {several or f'{one}s'}"


def listed(names: Sequence[str], most: int = 6) -> str:
    """Names in a sentence: `'a', 'b' and 17 more`."""
    shown_ones = ", ".join(f"'{name}'" for name in names[:most])
    left = len(names) - most
    return f"{shown_ones} and {left:,} more" if left > 0 else shown_ones


def said(flag: str, value: str) -> str:
    """A flag with its value as it is typed: quoted where a blank or a sign would part it."""
    return f"{flag} {value if PLAIN.fullmatch(value) else shlex.quote(value)}"


def shown(text: str, most: int = 40) -> str:
    """A label in a sentence: cut, and signs that cannot be seen written out."""
    cut = text[:most] + ("…" if len(text) > most else "")
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in cut)
