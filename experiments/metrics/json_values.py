"""Answers that are JSON: how they are read and compared."""

from __future__ import annotations

import json
from typing import Any


def parsed(text: str) -> Any | None:
    """The JSON value of a text, bare or in a code fence; None where it is not JSON (or is JSON's null)."""
    body = text.strip()
    if body.startswith("```") and body.endswith("```") and "\n" in body:
        body = body[body.index("\n") : -3].strip()
    try:
        return json.loads(body, parse_constant=refuse)
    except (ValueError, RecursionError):
        return None


def refuse(constant: str) -> Any:
    """NaN and Infinity are not JSON, though Python reads them."""
    raise ValueError(constant)


def same(left: Any, right: Any) -> bool:
    """Equal values; texts without outer spaces and case, and a number equals its text ("11" and 11)."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict | list) or isinstance(right, dict | list):
        return False
    return as_text(left) == as_text(right)


def as_text(value: Any) -> str:
    """One spelling for a plain value."""
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value)


def fields(value: Any, path: str = "") -> list[tuple[str, str]]:
    """All (path, text) of a JSON value; items of a list share their path, so their order does not count."""
    if isinstance(value, dict):
        return [field for key, inner in value.items() for field in fields(inner, f"{path}.{key}")]
    if isinstance(value, list):
        return [field for inner in value for field in fields(inner, f"{path}[]")]
    return [] if value is None or value == "" else [(path, as_text(value))]
