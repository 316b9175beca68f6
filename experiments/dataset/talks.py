"""Conversations that stand in a table in another way than as one list of turns: made one, and said."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from typing import Any

from advisor.vocabulary import Finding
from experiments.dataset import names
from experiments.dataset.table import Cell, Table

ASKED = ("prompt", "input", "question", "instruction", "query")
ANSWERED = ("completion", "chosen", "preferred_output", "ideal", "response", "output", "answer")
OTHERS = "other_answers"
NAME = "messages"
LONGEST_CHARACTERS = 1_000_000
LOOK_AT_ROWS = 50


def gather(table: Table) -> None:
    """Turns written as text, a prompt and its completion as turns, earlier turns in a column `history`."""
    _written(table)
    plain = {names.plain(name): name for name in reversed(table.names)}
    asked = next((plain[name] for name in ASKED if name in plain), None)
    answered = next((plain[name] for name in ANSWERED if name in plain), None)
    if asked is None or answered is None or any(name in plain for name in names.CONVERSATION):
        return
    if are_turns(table.column(answered)) or are_turns(table.column(asked)):
        _first_of_several(table, answered)
        _joined(table, asked, answered)
    elif "history" in plain and _pairs(table.column(plain["history"])):
        _with_history(table, plain, plain.get("instruction", asked), answered)


def are_turns(cells: list[Cell]) -> bool:
    """Lists of objects that say who speaks."""
    looked = [cell for cell in cells[:LOOK_AT_ROWS] if isinstance(cell, list) and cell]
    fitting = [cell for cell in looked if isinstance(cell[0], dict) and {"role", "from"} & set(cell[0])]
    return bool(fitting) and 2 * len(fitting) > len(looked)


def _written(table: Table) -> None:
    """A list of turns written into a cell, as JSON or as Python prints it."""
    for place, cells in enumerate(table.columns):
        first = next((cell for cell in cells if isinstance(cell, str) and cell.strip()), "")
        if not first.lstrip().startswith("[") or not are_turns([_value(first)]):
            continue
        table.columns[place] = [_value(cell) if isinstance(cell, str) else cell for cell in cells]
        text = f"The conversations of '{table.names[place]}' are written as text; they were read as lists of turns."
        table.findings.append(Finding("json_form", "note", text))


def _value(text: str) -> Cell:
    """The list a text is, or the text itself; nothing is run."""
    stripped = text.strip()
    if not stripped.startswith("[") or len(stripped) > LONGEST_CHARACTERS:
        return text
    readers: tuple[Callable[[str], Any], ...] = (json.loads, ast.literal_eval)
    for read in readers:
        try:
            value = read(stripped)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        return value if isinstance(value, list) else text
    return text


def _first_of_several(table: Table, answered: str) -> None:
    """A list of right answers: the first goes into the conversation, all of them stand beside it."""
    cells = table.column(answered)
    if any(isinstance(cell, list) for cell in cells) and not are_turns(cells):
        lists = [cell if isinstance(cell, list) else [cell] for cell in cells]
        table.put(OTHERS, [[item for item in several if isinstance(item, str)] for several in lists])
        table.put(answered, [several[0] if several else None for several in lists])


def _joined(table: Table, asked: str, answered: str) -> None:
    """Prompt and completion, each a list of turns or a text, as one conversation."""
    turns = [
        [*([] if _is_whole(after) else _turns(before, "user")), *_turns(after, "assistant")]
        for before, after in zip(table.column(asked), table.column(answered), strict=True)
    ]
    unused = [name for name in table.names if name not in (asked, answered) and are_turns(table.column(name))]
    for name in unused:
        table.put(name, [_said(cell) for cell in table.column(name)])
    _replace(table, turns, (asked, answered))
    text = f"'{asked}' and '{answered}' hold turns; together they were taken as one conversation."
    text += f" '{unused[0]}', another answer, is not used." if unused else ""
    table.findings.append(Finding("json_form", "note", text))


def _is_whole(cell: Cell) -> bool:
    """Does the answer already begin with what was asked?"""
    first = cell[0] if isinstance(cell, list) and cell else None
    said = first.get("role", first.get("from")) if isinstance(first, dict) else None
    return str(said).lower() in ("user", "human", "system")


def _said(cell: Cell) -> Cell:
    """The last turn's text, of another answer that is a list of turns."""
    turn = cell[-1] if isinstance(cell, list) and cell else None
    return turn.get("content", turn.get("value")) if isinstance(turn, dict) else cell


def _turns(cell: Cell, role: str) -> list[Any]:
    if isinstance(cell, list):
        return cell
    return [{"role": role, "content": cell}] if isinstance(cell, str) and cell.strip() else []


def _pairs(cells: list[Cell]) -> bool:
    """Lists of [question, answer]."""
    turns = [turn for cell in cells[:LOOK_AT_ROWS] if isinstance(cell, list) for turn in cell]
    return bool(turns) and all(isinstance(turn, list) and len(turn) == 2 for turn in turns)


def _with_history(table: Table, plain: dict[str, str], asked: str, answered: str) -> None:
    """Earlier questions and answers, then the row's own."""
    system, more = plain.get("system"), plain.get("input") if plain.get("input") != asked else None
    rows = []
    for place, history in enumerate(table.column(plain["history"])):
        said = {name: table.column(name)[place] for name in (system, asked, more, answered) if name is not None}
        question = "\n".join(text for name in (asked, more) if name and isinstance(text := said[name], str) and text)
        before = [
            {"role": role, "content": text}
            for pair in history or []
            for role, text in zip(("user", "assistant"), pair, strict=True)
        ]
        told = [{"role": "system", "content": said[system]}] if system and said[system] else []
        rows.append([*told, *before, *_turns(question, "user"), *_turns(said[answered], "assistant")])
    used = tuple(name for name in (system, asked, more, answered, plain["history"]) if name is not None)
    _replace(table, rows, used)
    text = (
        f"'{plain['history']}' holds earlier turns; with '{asked}' and '{answered}' they were taken as conversations."
    )
    table.findings.append(Finding("json_form", "note", text))


def _replace(table: Table, turns: list[Any], used: tuple[str, ...]) -> None:
    """One column of conversations in place of those it was made of."""
    kept = [place for place, name in enumerate(table.names) if name not in used]
    table.names = [NAME, *(table.names[place] for place in kept)]
    table.columns = [turns, *(table.columns[place] for place in kept)]
