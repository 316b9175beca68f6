"""What a file says of its own accord about the questions a team is asked: the second answer, from the data."""

from __future__ import annotations

from typing import Any

from advisor.vocabulary import CLASSIFYING, Dataset

APART = 0.25  # assumption: numbers of the team and of its file that differ by less mean the same


def as_answers(dataset: Dataset) -> dict[str, Any]:
    """Keys of a profile with what the file holds; lengths are medians in tokens."""
    found: dict[str, Any] = {"task_type": dataset.task_type, "labelled_examples": len(dataset.examples)}
    if dataset.task_type in CLASSIFYING and dataset.labels:
        found["n_classes"] = len(dataset.labels)
    for key, tokens in (("input_tokens", dataset.input_tokens_median), ("output_tokens", dataset.output_tokens_median)):
        if tokens > 0:
            found[key] = max(1, round(tokens))
    return found


def differing(said: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """What the file says otherwise than the team, or the team did not say."""
    return {key: value for key, value in found.items() if not _same(said.get(key), value)}


def _same(said: Any, found: Any) -> bool:
    if isinstance(said, int | float) and isinstance(found, int | float) and not isinstance(said, bool):
        return abs(said - found) <= APART * max(abs(said), abs(found))
    return bool(said == found)
