"""F1 over the entities of the answers: a kind and its text, wherever they stand and however they are listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from experiments.metrics.json_values import as_text, parsed
from experiments.metrics.labels import f1
from experiments.metrics.metric import Metric, Pair, best_over

KIND = ("label", "type", "entity", "entity_type", "tag", "category")
TEXT = ("text", "value", "span", "word", "mention")


def entities(text: str) -> Counter[tuple[str, str]]:
    """(Kind, text) with how often: from `{"ORG": ["…"]}`, `[{"label": "ORG", "text": "…"}]` or `[["ORG", "…"]]`."""
    return Counter(_found(parsed(text)))


def _found(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for item in value:
            if isinstance(item, list) and len(item) == 2 and all(isinstance(part, str) for part in item):
                yield as_text(item[0]), as_text(item[1])
            else:
                yield from _found(item)
    elif isinstance(value, dict):
        kind, said = _under(value, KIND), _under(value, TEXT)
        if kind is not None and said is not None:
            yield as_text(kind), as_text(said)
            return
        for key, inner in value.items():
            if isinstance(inner, dict) or (isinstance(inner, list) and any(isinstance(i, dict | list) for i in inner)):
                yield from _found(inner)
            else:
                yield from (
                    (as_text(key), as_text(one)) for one in (inner if isinstance(inner, list) else [inner]) if one
                )


def _under(value: dict[str, Any], keys: Sequence[str]) -> Any | None:
    found = next((value[key] for key in keys if key in value), None)
    return None if isinstance(found, dict | list) else found


def counted(prediction: str, reference: str) -> tuple[int, int, int]:
    """(Right, extra, missed) entities."""
    said, asked = entities(prediction), entities(reference)
    right = sum((said & asked).values())
    return right, sum(said.values()) - right, sum(asked.values()) - right


def one(prediction: str, reference: str) -> float:
    """F1 of one row; a row with nothing to find is right only when valid JSON finds nothing."""
    found = counted(prediction, reference)
    return 0.0 if not any(found) and parsed(prediction) is None else f1(*found)


def over_all(pairs: Sequence[Pair]) -> float:
    """Entities of all rows are counted together, each row against its best reference."""
    best = [
        max((counted(prediction, reference) for reference in references), key=lambda c: f1(*c))
        for prediction, references in pairs
    ]
    return f1(sum(c[0] for c in best), sum(c[1] for c in best), sum(c[2] for c in best))


METRIC = Metric(
    name="entity_f1",
    label="Entity F1",
    one_line="F1 over all entities, kind and text both right; case does not count",
    row=best_over(one),
    over_all=over_all,
    chance=lambda _answers: 0.0,
    tasks=("extraction",),
)
