"""How the answer column is to be read: one text, several labels, several right answers, spans or JSON.

JSON answers that came as objects are written as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from experiments.dataset import names, several_labels, spans
from experiments.dataset.choices import NONE, Choices
from experiments.dataset.table import Cell
from experiments.dataset.traits import NUMBER
from experiments.dataset.wording import many

Kind = Literal["text", "labels", "references", "spans", "json"]
NOT_LABELS = re.compile(
    r"\s*(?:[{<]|select\b|with\b.+\bas\b|insert\b|def\b|import\b|class\b|```)", re.IGNORECASE | re.DOTALL
)
REFERENCE_NAMES = ("answers", "references", "responses", "outputs", "completions", "solutions", "summaries")
LOOK_AT_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Target:
    """How to read an answer, and why it is read so."""

    kind: Kind
    separator: str | None = None
    why: str = ""


def decide(name: str, cells: Sequence[Cell], choices: Choices) -> Target:
    """One look at the whole column; the person's separator or task type comes first."""
    if choices.label_separator is not None:
        return _by_choice(choices.label_separator)
    filled = [cell for cell in cells[:LOOK_AT_ROWS] if cell not in (None, "")]
    lists = [cell for cell in filled if isinstance(cell, list)]
    objects = [cell for cell in filled if isinstance(cell, dict)]
    if lists and 2 * len(lists) > len(filled):
        return _of_lists(names.plain(name), lists, choices)
    if objects and 2 * len(objects) > len(filled):
        if all(isinstance(item.get("text"), list) for item in objects[:100]):
            return Target("references", why="each answer is a list of right answers")
        if (marked := _marked(objects)) is not None:
            return marked
        return Target("json", why="the answers are JSON objects")
    texts = [cell for cell in filled if isinstance(cell, str)]
    if lists and len(lists) + len(texts) == len(filled) and (mixed := _mixed(names.plain(name), lists, texts, choices)):
        return mixed
    return _of_texts(names.plain(name), texts, choices)


def _mixed(plain: str, lists: Sequence[list[Any]], texts: Sequence[str], choices: Choices) -> Target | None:
    """Labels as a list in some rows and as a single word in the others."""
    if choices.task_type not in (None, "multi_label_classification") or plain in REFERENCE_NAMES:
        return None
    items = [several_labels.scalar(item) for cell in lists for item in cell if isinstance(item, str | int)]
    whole = len(items) == sum(map(len, lists))
    if not whole or not all(map(several_labels.is_short, (*items, *texts))):
        return None
    different = len({*items, *texts})
    come_back = different <= max(2, (len(items) + len(texts)) // 2) and not set(items).isdisjoint(texts)
    if choices.task_type is None and not come_back:
        return None
    said = many(len(lists), "answer is a list", "answers are lists")
    return Target("labels", why=f"{said}, {len(texts):,} a single label; {different} different labels")


def _marked(objects: Sequence[dict[str, Any]]) -> Target | None:
    """`{"billing": true, "access": false}` in every row: the labels are the keys that are true."""
    known = {key for item in objects for key in item}
    values = [value for item in objects for value in item.values()]
    yes_or_no = all(isinstance(value, bool | int | float) and value in (0, 1) for value in values)
    if len(known) < 2 or not yes_or_no or len(known) > max(2, len(objects) // 2):
        return None
    return Target("labels", why=f"each answer says of {len(known)} labels whether they hold")


def _by_choice(word: str) -> Target:
    if word == NONE:
        return Target("text", why="one label per row, as you said")
    return Target("labels", several_labels.SEPARATOR_WORDS.get(word, word), "labels with the separator you named")


def _of_lists(plain: str, lists: Sequence[list[Any]], choices: Choices) -> Target:
    items = [item for cell in lists for item in cell]
    if any(isinstance(item, dict | list) for item in items[:1000]):
        if all(spans.span(item) is not None for item in items[:1000]):
            return Target("spans", why="the answers are lists of spans")
        return Target("json", why="the answers are JSON")
    different = len({str(item) for item in items})
    repeated = different <= max(2, len(items) // 2)
    if choices.task_type == "multi_label_classification" or (repeated and plain not in REFERENCE_NAMES):
        return Target("labels", why=f"each answer is a list, made of {different} different labels")
    return Target("references", why="each answer is a list of right answers")


def _of_texts(plain: str, texts: Sequence[str], choices: Choices) -> Target:
    one = Target("text")
    if not texts or choices.task_type not in (None, "multi_label_classification"):
        return one
    wanted = choices.task_type is not None
    sample = texts[:LOOK_AT_ROWS]
    if sum(several_labels.is_list(text) for text in sample[:500]) > 0.9 * len(sample[:500]):
        parts = [part for text in sample for part in several_labels.split(text, None)]
        objects = any(part.startswith(("{", "[")) for part in parts)  # such as calls of tools
        if wanted or (not objects and len(set(parts)) <= max(2, len(parts) // 2)):
            return Target("labels", why=f"each answer is written as a list, made of {len(set(parts))} different labels")
        return one
    free = plain in names.FREE_OUTPUT or plain in (
        "sql",
        "code",
        "translation",
        "summary",
        "tldr",
        "highlights",
        "text",
    )
    looks_free = sum(NOT_LABELS.match(text) is not None for text in sample[:200]) > 0.2 * len(sample[:200])
    if not free and (numbered := several_labels.numbered(plain, sample)):
        return Target("labels", *numbered)
    numbers = sum(NUMBER.fullmatch(text.strip()) is not None for text in sample[:200]) > 0.5 * len(sample[:200])
    if not wanted and (free or looks_free or numbers):
        return one
    tagged = sum(several_labels.HASHTAGS.fullmatch(text) is not None for text in sample[:500])
    if tagged > 0.9 * len(sample[:500]) and any(text.count("#") > 1 for text in sample):
        return Target("labels", "#", "each answer is made of hashtags")
    of_plurals = several_labels.SEPARATORS_OF_PLURALS if plain in several_labels.PLURALS else ()
    for separator in (*several_labels.SEPARATORS, *of_plurals):
        if found := several_labels.why_several(sample, separator, wanted):
            return Target("labels", separator, found)
    return Target("labels", None, "as you said; no separator was found") if wanted else one


def read(cell: Cell, target: Target, input_text: str) -> tuple[str | None, tuple[str, ...]]:
    """One answer cell → its text (None: no answer) and, where there are several, all right answers."""
    if target.kind == "labels":
        if cell is None:
            return "[]", ()
        if isinstance(cell, dict):
            cell = [key for key, value in cell.items() if value]
        listed = isinstance(cell, list)
        parts = list(map(several_labels.scalar, cell)) if listed else several_labels.split(str(cell), target.separator)
        return several_labels.canonical(parts), ()
    if cell is None:
        return None, ()
    if isinstance(cell, str):
        return (cell if cell.strip() else None), ()
    if target.kind == "references":
        return _references(cell)
    if target.kind == "spans" and isinstance(cell, list):
        return spans.written(cell, input_text), ()
    return json.dumps(cell, ensure_ascii=False), ()


def _references(cell: Any) -> tuple[str | None, tuple[str, ...]]:
    values = cell.get("text", []) if isinstance(cell, dict) else cell
    texts = tuple(dict.fromkeys(text for text in map(several_labels.scalar, values) if text.strip()))
    return (texts[0], texts if len(texts) > 1 else ()) if texts else (None, ())
