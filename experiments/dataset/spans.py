"""Spans of a text in the spellings annotation tools have for them → the words they hold."""

from __future__ import annotations

import json
from typing import Any

SPAN_STARTS = ("start", "start_offset", "begin", "offset", "start_char", "from")
SPAN_ENDS = ("end", "end_offset", "stop", "end_char", "to")
SPAN_LABELS = ("label", "type", "tag", "entity", "category", "entity_group", "name")


def written(spans: list[Any], text: str) -> str:
    """Spans with places → {"LABEL": ["words", …]}, since a model writes words, not places."""
    found: dict[str, list[str]] = {}
    for item in spans:
        if (place := span(item)) is not None:
            start, end, label = place
            said = item.get("text") if isinstance(item, dict) else None
            found.setdefault(label, []).append(str(said or text[start:end]))
    return json.dumps(found, ensure_ascii=False)


def span(item: Any) -> tuple[int, int, str] | None:
    """One span as start, end and label, in the spellings annotation tools have for it."""
    if isinstance(item, list):
        places = [part for part in item if isinstance(part, int) and not isinstance(part, bool)]
        labels = [part for part in item if isinstance(part, str)]
        return (places[0], places[1], labels[0]) if len(item) == 3 and len(places) == 2 and labels else None
    if not isinstance(item, dict):
        return None
    start = next((item[key] for key in SPAN_STARTS if isinstance(item.get(key), int)), None)
    end = next((item[key] for key in SPAN_ENDS if isinstance(item.get(key), int)), None)
    if start is None:
        return None
    if end is None and isinstance(item.get("length"), int):
        end = start + item["length"]
    label = next((item[key] for key in SPAN_LABELS if item.get(key)), "span")
    return None if end is None else (start, end, str(label))
