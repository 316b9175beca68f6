"""Rows as a hub's viewer gives them: each inside an envelope, the names of numbered labels beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The rows found, and the sentence that says where they stood."""

    rows: list[Any]
    said: str


def unwrap(value: dict[str, Any]) -> Unwrapped | None:
    """`{"features": [...], "rows": [{"row_idx": 0, "row": {...}}, ...]}`."""
    wrapped = value.get("rows")
    if not isinstance(wrapped, list) or not wrapped:
        return None
    if not all(isinstance(item, dict) and isinstance(item.get("row"), dict) for item in wrapped):
        return None
    named = _labels(value.get("features"))
    rows = [{key: _name(named.get(key, []), cell) for key, cell in item["row"].items()} for item in wrapped]
    said = "The rows stand under the key 'rows', each inside 'row', as a hub's viewer gives them."
    if named:
        said += f" The names of the labels of {', '.join(named)} were taken from 'features'."
    total = value.get("num_rows_total")
    if isinstance(total, int) and total > len(rows):
        said += f" They are {len(rows):,} of {total:,} rows: download the whole set for a pilot."
    if cut := sum(bool(item.get("truncated_cells")) for item in wrapped):
        said += f" In {cut:,} of them the viewer cut cells short."
    return Unwrapped(rows, said)


def _labels(features: Any) -> dict[str, list[str]]:
    """Columns of numbers whose names are given."""
    listed = [item for item in features if isinstance(item, dict)] if isinstance(features, list) else []
    kinds = {str(item.get("name")): item.get("type") for item in listed}
    return {
        name: [str(label) for label in kind["names"]]
        for name, kind in kinds.items()
        if isinstance(kind, dict) and kind.get("_type") == "ClassLabel" and isinstance(kind.get("names"), list)
    }


def _name(labels: list[str], cell: Any) -> Any:
    known = isinstance(cell, int) and not isinstance(cell, bool) and 0 <= cell < len(labels)
    return labels[cell] if known else cell
