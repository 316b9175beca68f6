"""A JSON file that is one object: where in it the rows stand, and in which of the usual forms."""

from __future__ import annotations

from typing import Any

from advisor.errors import DataError
from experiments.dataset import names, part_words
from experiments.dataset.formats import hub_rows
from experiments.dataset.formats.hub_rows import Unwrapped

# keys under which exports keep their rows
WRAPPERS = (
    "data",
    "examples",
    "rows",
    "records",
    "items",
    "dataset",
    "results",
    "samples",
    "features",
    "hits",
    "questions",
)
DEEPEST = 3
# assumption: an object with so many keys is a table by key, not one row
FEWEST_KEYS = 10


def unwrap(value: dict[str, Any], deep: int = 0) -> Unwrapped:
    """The rows inside one object; the object itself as one row if it holds none."""
    if "nbformat" in value and "cells" in value:
        raise DataError("This is a Jupyter notebook, not a table of examples.", "Save the table in it as CSV.")
    for form in (_parts, _pandas_split, hub_rows.unwrap, _under_a_key, _columns, _by_label, _by_id, _by_text):
        if (found := form(value)) is not None:
            return found
    inner = [item for item in value.values() if isinstance(item, dict)]
    if deep < DEEPEST and len(inner) == 1:
        found = unwrap(inner[0], deep + 1)
        if len(found.rows) > 1:
            return found
    return Unwrapped([value], "The file is one JSON object; it was read as one row.")


def _parts(value: dict[str, Any]) -> Unwrapped | None:
    """`{"train": [...], "test": [...]}`."""
    parts = {key: _part(key) for key, item in value.items() if isinstance(item, list)}
    if not parts or not all(parts.values()):
        return None
    named = _names_of_pairs([item for key in parts for item in value[key]])
    rows = [
        {**item, "split": part}
        if isinstance(item, dict)
        else {**dict(zip(named, item, strict=True)), "split": part}
        if named
        else item
        for key, part in parts.items()
        for item in value[key]
    ]
    return Unwrapped(rows, f"The rows stand under {', '.join(parts)}; that became the column 'split'.")


def _part(key: str) -> str | None:
    """`train`, and `oos_train` as some benchmarks call the part of other questions."""
    return part_words.part(key) or part_words.part(key.rpartition("_")[2])


def _names_of_pairs(items: list[Any]) -> tuple[str, str] | None:
    """Names for rows that are all pairs of texts: the second is a label where it comes back."""
    pairs = items and all(isinstance(i, list) and len(i) == 2 and all(isinstance(t, str) for t in i) for i in items)
    if not pairs:
        return None
    repeated = 2 * len({second for _, second in items}) <= len(items)
    return ("text", "label") if repeated else ("input", "output")


def _pandas_split(value: dict[str, Any]) -> Unwrapped | None:
    """`{"columns": [...], "data": [[...], ...]}`."""
    columns, data = value.get("columns"), value.get("data")
    if not isinstance(columns, list) or not isinstance(data, list):
        return None
    if not all(isinstance(row, list) and len(row) == len(columns) for row in data):
        return None
    return _turned([dict(zip(map(str, columns), row, strict=True)) for row in data])


def _turned(rows: list[Any]) -> Unwrapped:
    return Unwrapped(rows, "The file holds columns, not rows; they were turned around.")


def _under_a_key(value: dict[str, Any]) -> Unwrapped | None:
    """One list of objects under a key: a usual name for it, or the only one there is."""
    lists = [key for key, item in value.items() if _is_list_of_objects(item) and key not in names.CONVERSATION]
    usual = [key for key in WRAPPERS if key in lists]
    if not usual and (len(lists) != 1 or (len(value[lists[0]]) < 2 and len(value) > 1)):
        return None
    key = usual[0] if usual else lists[0]
    return Unwrapped(value[key], f"The rows stand under the key '{key[:40]}'.")


def _is_list_of_objects(item: Any) -> bool:
    return isinstance(item, list) and 2 * sum(isinstance(one, dict) for one in item) > len(item)


def _columns(value: dict[str, Any]) -> Unwrapped | None:
    """`{"text": [...], "label": [...]}`, or columns of numbered cells as pandas writes them."""
    lists = {key: list(item.values()) if _is_numbered(item) else item for key, item in value.items()}
    if len(lists) < 2 or not all(isinstance(item, list) for item in lists.values()):
        return None
    lengths = {key: len(item) for key, item in lists.items()}
    if len(set(lengths.values())) == 1:
        return _turned([dict(zip(lists, cells, strict=True)) for cells in zip(*lists.values(), strict=True)] or [{}])
    if sum(map(names.is_known, lists)) >= 2:
        listed = ", ".join(f"'{key[:40]}' {length:,}" for key, length in list(lengths.items())[:6])
        raise DataError(f"The columns have different numbers of cells ({listed}).", "Export the rows again.")
    return None


def _is_numbered(item: Any) -> bool:
    return isinstance(item, dict) and all(key.isdigit() for key in item)


def _by_label(value: dict[str, Any]) -> Unwrapped | None:
    """`{"billing": ["text", ...], "access": ["text", ...]}`."""
    if len(value) < 2 or any(map(names.is_known, value)):
        return None
    if not all(isinstance(item, list) and all(isinstance(text, str) for text in item) for item in value.values()):
        return None
    rows = [{"text": text, "label": label} for label, texts in value.items() for text in texts]
    return Unwrapped(rows, f"The texts stand under {len(value):,} keys, which were taken as their labels.")


def _by_id(value: dict[str, Any]) -> Unwrapped | None:
    """`{"id1": {"text": ..., "label": ...}, "id2": ...}`."""
    if len(value) < 2 or not all(isinstance(item, dict) and item for item in value.values()):
        return None
    keys = {key for item in value.values() for key in item}
    if all(key.isdigit() for key in keys) or len(keys) >= len(value):
        return None
    name = "id" if "id" not in keys else "key"
    return Unwrapped([{name: key, **item} for key, item in value.items()], f"The rows stand under {len(value):,} keys.")


def _by_text(value: dict[str, Any]) -> Unwrapped | None:
    """`{"a text": "its label", ...}`."""
    if len(value) < FEWEST_KEYS or not all(isinstance(item, str) for item in value.values()):
        return None
    if 2 * sum(" " in key.strip() for key in value) < len(value):
        return None
    rows = [{"input": key, "output": item} for key, item in value.items()]
    return Unwrapped(rows, f"The {len(value):,} keys were taken as inputs, their values as answers.")
