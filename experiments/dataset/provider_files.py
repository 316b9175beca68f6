"""Files of model providers that are not yet examples: batches and their answers, preferences, and how they join."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset.table import Cell, Table
from experiments.dataset.wording import many

KEY = "custom_id"
ASKED, ANSWERED = ("body", "params", "request"), ("response", "result")
BOTH = (
    "Put the requests and their output into one file, one after the other: the rows are joined by 'custom_id'. "
    "Or add the right answer to each row as a last turn of the role assistant."
)
PREFERRED = "preferred_output"


def gather(table: Table) -> None:
    """Requests and answers of a batch become conversations; preferences lose the envelope around their input."""
    columns = set(table.names)
    asked = next((name for name in ASKED if name in columns and _objects(table.column(name))), None)
    answered = next((name for name in ANSWERED if name in columns and _objects(table.column(name))), None)
    if KEY in columns and (asked or answered) and all(isinstance(key, str) for key in table.column(KEY)):
        _batch(table, asked, answered)
    elif columns <= {"key", "request"} and asked:
        raise DataError("These are requests of a batch, without answers.", "Add the right answer to each row.")
    elif PREFERRED in columns and "input" in columns and _objects(table.column("input")):
        _preferences(table)


def _objects(cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in cells if cell is not None]
    return bool(filled) and all(isinstance(cell, dict) for cell in filled)


def _batch(table: Table, asked: str | None, answered: str | None) -> None:
    if asked is None:
        raise DataError("This is the output of a batch: it holds answers, and not what was asked.", BOTH)
    if answered is None:
        raise DataError("These are requests of a batch API ('custom_id', 'body'): they hold no answers.", BOTH)
    keys, requests, replies = table.column(KEY), table.column(asked), table.column(answered)
    said = {key: _reply(cell) for key, cell in zip(keys, replies, strict=True) if cell is not None}
    requested = {key for key, request in zip(keys, requests, strict=True) if request is not None}
    turns: list[Cell] = [None] * len(table)
    left: dict[int, str] = {}
    for place, (key, request) in enumerate(zip(keys, requests, strict=True)):
        if request is None:
            left[place] = "" if key in requested else "an answer whose request is not in the file"
        elif said.get(key) is None:
            left[place] = "the request failed" if key in said else "a request whose answer is not in the file"
        else:
            turns[place] = [*_request(request), said[key]]
    tools: list[Cell] = [request.get("tools") if isinstance(request, dict) else None for request in requests]
    _replace(table, turns, tools)
    joined = sum(turn is not None for turn in turns)
    table.leave_out(left)
    text = f"{many(joined, 'request was', 'requests were')} joined with the answer of the same '{KEY}'."
    table.findings.append(Finding("json_form", "note", text))


def _replace(table: Table, turns: list[Cell], tools: list[Cell]) -> None:
    table.names, table.columns = ["messages"], [turns]
    if any(tools):
        table.put("tools", tools)


def _request(request: dict[str, Any]) -> list[Any]:
    """The turns of a request: of chat completions, of responses, or of one prompt."""
    told = request.get("instructions", request.get("system"))
    asked = request.get("messages", request.get("input", request.get("prompt", request.get("contents"))))
    turns = asked if isinstance(asked, list) else [{"role": "user", "content": asked}]
    return [{"role": "system", "content": told}, *turns] if told else list(turns)


def _reply(cell: Any) -> dict[str, Any] | None:
    """The assistant's turn in one answer; None where the request failed."""
    body = cell.get("body", cell.get("message")) if isinstance(cell, dict) else None
    if not isinstance(body, dict):
        return None
    first = (body.get("choices") or [None])[0]
    if isinstance(first, dict):
        message = first.get("message")
        return message if isinstance(message, dict) else {"role": "assistant", "content": first.get("text", "")}
    if isinstance(body.get("content"), list):
        return {"role": "assistant", "content": body["content"]}
    parts = [part for item in body.get("output") or [] if isinstance(item, dict) for part in item.get("content") or []]
    return {"role": "assistant", "content": parts} if parts else None


def _preferences(table: Table) -> None:
    """`input` is an envelope: its turns stand in its place, its tools beside it."""
    envelopes = table.column("input")
    if not all(cell is None or "messages" in cell for cell in envelopes):
        return
    table.put("input", [cell["messages"] if cell else None for cell in envelopes])
    tools: list[Cell] = [cell.get("tools") if cell else None for cell in envelopes]
    if any(tools):
        table.put("tools", tools)
