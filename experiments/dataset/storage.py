"""A data set as JSON and back: in one document, or in pieces that keep memory flat between processes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from advisor.errors import DataError
from advisor.vocabulary import Columns, Dataset, Example, Finding, Message, Rejected

PIECE_ROWS = 5_000
TEXTS = ("input", "output", "instruction", "group", "split", "given", "time")


def to_json(dataset: Dataset) -> dict[str, Any]:
    """The whole data set as one JSON document."""
    return {**head(dataset), "pieces": list(pieces(dataset.examples))}


def from_json(document: Mapping[str, Any]) -> Dataset:
    """The data set of `to_json`."""
    try:
        return assemble(document, document["pieces"])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise DataError("The stored data set is damaged.", "Upload the file again.") from error


def head(dataset: Dataset) -> dict[str, Any]:
    """Everything but the rows."""
    plain = {f.name: getattr(dataset, f.name) for f in dataclasses.fields(dataset) if f.name != "examples"}
    plain["columns"] = dataclasses.asdict(dataset.columns)
    plain["rejected"] = [[item.line, item.why] for item in dataset.rejected]
    plain["findings"] = [dataclasses.asdict(finding) for finding in dataset.findings]
    return plain


def pieces(examples: Sequence[Example]) -> Iterator[dict[str, Any]]:
    """The rows, column by column, some thousand at a time; columns that hold nothing are left out."""
    for start in range(0, len(examples), PIECE_ROWS):
        part = examples[start : start + PIECE_ROWS]
        piece: dict[str, Any] = {"row": [e.row for e in part], "line": [e.line for e in part]}
        for name in TEXTS:
            values = [getattr(example, name) for example in part]
            if any(value is not None for value in values):
                piece[name] = values
        if any(example.references for example in part):
            piece["references"] = [list(example.references) for example in part]
        if any(example.turns for example in part):
            piece["turns"] = [[[turn.role, turn.content] for turn in example.turns] for example in part]
        yield piece


def assemble(document: Mapping[str, Any], parts: Iterable[Mapping[str, Any]]) -> Dataset:
    """Head and pieces → data set."""
    same: dict[str, str] = {}
    examples: list[Example] = []
    for piece in parts:
        examples += _examples(piece, same)
    known = {field.name for field in dataclasses.fields(Dataset)}
    plain = {name: value for name, value in document.items() if name in known}
    plain["columns"] = Columns(**_columns(document["columns"]))
    plain["rejected"] = tuple(Rejected(line, why) for line, why in document["rejected"])
    plain["findings"] = tuple(_finding(item) for item in document["findings"])
    plain["labels"] = tuple((label, count) for label, count in document["labels"])
    copies = document.get("copies")
    plain["copies"] = None if copies is None else tuple(tuple(places) for places in copies)
    plain["column_names"] = tuple(document["column_names"])
    plain["preview"] = tuple(document["preview"])
    return Dataset(**{**plain, "examples": tuple(examples)})


def _examples(piece: Mapping[str, Any], same: dict[str, str]) -> Iterator[Example]:
    count = len(piece["row"])
    none: list[Any] = [None] * count
    empty: list[Any] = [()] * count
    shared = [[_shared(same, text) for text in piece.get(name, none)] for name in TEXTS[1:]]
    references = piece.get("references", empty)
    turns = piece.get("turns", empty)
    for at, (row, line, given) in enumerate(zip(piece["row"], piece["line"], piece["input"], strict=True)):
        output, instruction, group, split, answer, time = (column[at] for column in shared)
        yield Example(
            row,
            line,
            given,
            output or "",
            instruction,
            group,
            split,
            answer,
            tuple(references[at]),
            tuple(Message(role, content) for role, content in turns[at]),
            time,
        )


def _shared(same: dict[str, str], text: str | None) -> str | None:
    """Equal short texts are kept once."""
    return text if text is None or len(text) > 80 else same.setdefault(text, text)


def _columns(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {**plain, "inputs": tuple(plain["inputs"]), "why": tuple((role, why) for role, why in plain["why"])}


def _finding(plain: Mapping[str, Any]) -> Finding:
    return Finding(**{**plain, "rows": tuple(plain["rows"]), "options": tuple(plain["options"])})
