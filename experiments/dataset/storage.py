"""A data set as JSON and back: in one document, or in pieces that keep memory flat between processes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from advisor.errors import DataError
from advisor.vocabulary import Columns, Dataset, Example, Finding, Message, Rejected

PIECE_ROWS = 5_000
TEXTS = tuple((n, attrgetter(n)) for n in ("input", "output", "instruction", "group", "split", "given", "time"))
SHARED = ("output", "instruction", "group", "split", "given")


def to_json(dataset: Dataset) -> dict[str, Any]:
    """The whole data set as one JSON document."""
    return {**head(dataset), "pieces": list(pieces(dataset.examples))}


def from_json(document: Mapping[str, Any]) -> Dataset:
    """The data set of `to_json`."""
    try:
        return assemble(document, document["pieces"])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise DataError("The stored data set is damaged.", "Give the file again.") from error


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
        for name, get in TEXTS:
            values = list(map(get, part))
            if values.count(None) < len(values):
                piece[name] = values
        if any(example.references for example in part):
            piece["references"] = [example.references for example in part]
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
    """Rows of one piece; equal labels, groups and parts are one text in memory."""
    count = len(piece["row"])
    none: list[Any] = [None] * count
    empty: list[Any] = [()] * count
    texts = {
        name: [text if text is None else same.setdefault(text, text) for text in piece[name]]
        if name in SHARED and name in piece
        else piece.get(name, none)
        for name, _ in TEXTS
    }
    return map(
        Example,
        piece["row"],
        piece["line"],
        texts["input"],
        texts["output"],
        texts["instruction"],
        texts["group"],
        texts["split"],
        texts["given"],
        map(tuple, piece["references"]) if "references" in piece else empty,
        map(_turns, piece["turns"]) if "turns" in piece else empty,
        texts["time"],
    )


def _turns(turns: Sequence[Any]) -> tuple[Message, ...]:
    return tuple(Message(role, content) for role, content in turns)


def _columns(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {**plain, "inputs": tuple(plain["inputs"]), "why": tuple((role, why) for role, why in plain["why"])}


def _finding(plain: Mapping[str, Any]) -> Finding:
    return Finding(**{**plain, "rows": tuple(plain["rows"]), "options": tuple(plain["options"])})
