"""Tags per word (B-PER, I-PER, O) → the entities of each sentence, since a model writes words, not tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset import names
from experiments.dataset.table import Cell, Table

TAG = re.compile(r"O|([BIESLUM])[-_](\S+)")
SHARE = 0.95
SENTENCE = ("sentence_#", "sentence", "sentence_id", "sent_id", "sentence_number", "sent", "doc_id", "id")
WORD = ("word", "token", "tokens", "words", "text")
LOOK_AT_ROWS = 1_000


def are_tags(values: Sequence[str]) -> bool:
    """Nearly all of them are tags, and at least one begins an entity."""
    if not values:
        return False
    found = [TAG.fullmatch(value) for value in values]
    return sum(match is not None for match in found) >= SHARE * len(values) and any(m and m[1] for m in found)


def entities(tokens: Sequence[str], tags: Sequence[str]) -> dict[str, list[str]]:
    """Kind of entity → its words, in the order of the sentence."""
    found: dict[str, list[str]] = {}
    open_kind: str | None = None
    for token, tag in zip(tokens, tags, strict=True):
        match = TAG.fullmatch(tag)
        letter, kind = (match[1], match[2]) if match and match[1] else ("O", None)
        if kind is not None:
            if letter in "IELM" and kind == open_kind:
                found[kind][-1] += f" {token}"
            else:
                found.setdefault(kind, []).append(token)
        open_kind = None if letter in "ELSU" else kind
    return found


def gather(table: Table) -> None:
    """Tags become entities where the file has them: lists of words and tags in a row, or one word per row."""
    if (pair := _listed(table)) is not None:
        tokens, tags = pair
        _settle(table, tokens, tags)
    elif (found := _word_rows(table)) is not None:
        _sentences(table, *found)


def _listed(table: Table) -> tuple[str, str] | None:
    """Two columns of lists, equally long in every row, one of texts and one of tags."""
    lists = [name for name in table.names if _all_lists(table.column(name))]
    for tokens in lists:
        for tags in lists:
            a, b = table.column(tokens)[:LOOK_AT_ROWS], table.column(tags)[:LOOK_AT_ROWS]
            if tokens == tags or any(len(x) != len(y) for x, y in zip(a, b, strict=True)):
                continue
            values = [tag for cell in b for tag in cell]
            if all(isinstance(value, str) for value in values) and are_tags(values):
                return tokens, tags
            numbered = values and all(isinstance(value, int) and not isinstance(value, bool) for value in values)
            if numbered and names.plain(tags).endswith("tags") and names.plain(tokens) in WORD:
                raise DataError(
                    f"'{tags}' holds a number for each word; which kind of entity a number means is not in the file.",
                    "Write the tags as words, such as B-PER, I-PER and O.",
                )
    return None


def _all_lists(cells: Sequence[Cell]) -> bool:
    return bool(cells) and all(isinstance(cell, list) for cell in cells)


def _settle(table: Table, tokens: str, tags: str) -> None:
    spoken, tagged = table.column(tokens), table.column(tags)
    table.columns[table.names.index(tags)] = [
        entities(list(map(str, words)), list(map(str, marks))) if len(words) == len(marks) else None
        for words, marks in zip(spoken, tagged, strict=True)
    ]
    table.columns[table.names.index(tokens)] = [" ".join(map(str, words)) for words in spoken]
    text = f"'{tags}' tags each word of '{tokens}'; the tags became the entities of each sentence, as JSON."
    table.findings.append(Finding("word_tags", "note", text))


def _word_rows(table: Table) -> tuple[str, str, str] | None:
    """Columns of sentence, word and tag, one word per row."""
    plain = {names.plain(name): name for name in table.names}
    sentence = next((plain[name] for name in SENTENCE if name in plain), None)
    word = next((plain[name] for name in WORD if name in plain and plain[name] != sentence), None)
    if sentence is None or word is None:
        return None
    step = max(1, len(table) // LOOK_AT_ROWS)
    for name in table.names:
        values = table.column(name)[::step]
        if name not in (sentence, word) and all(isinstance(v, str) for v in values) and are_tags(values):
            return sentence, word, name
    return None


def _sentences(table: Table, sentence: str, word: str, tag: str) -> None:
    """Rows of one sentence become one row; a sentence named only in its first row goes on below it."""
    rows: list[tuple[int, list[Any], list[Any]]] = []
    last: Cell = None
    for place, (key, token, mark) in enumerate(
        zip(table.column(sentence), table.column(word), table.column(tag), strict=True)
    ):
        if not rows or (key not in (None, "") and key != last):
            rows.append((place, [], []))
            last = key
        rows[-1][1].append(str(token or ""))
        rows[-1][2].append(str(mark or "O"))
    table.lines = [table.lines[place] for place, _, _ in rows]
    table.positions = list(range(len(rows)))
    table.names = [word, tag]
    table.columns = [
        [" ".join(tokens) for _, tokens, _ in rows],
        [entities(tokens, marks) for _, tokens, marks in rows],
    ]
    text = (
        f"Each row is one word with its tag; the words of one '{sentence}' were joined to {len(rows):,} sentences, "
        f"and the tags became their entities, as JSON."
    )
    table.findings.append(Finding("word_tags", "note", text))
