"""Questions with options: the options are shown under the question, and the answer is the letter of the right one."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.vocabulary import Finding
from experiments.dataset import answer_keys, names
from experiments.dataset.choices import Choices
from experiments.dataset.table import Cell, Table

Option = tuple[str, str]  # how the file names it ("" where it does not), its text
LISTS = ("options", "choices", "endings", "candidates", "alternatives", "answer_choices", "answer_options")
# one column per option: option_a, choice2, opb, sol1, or the bare letter
COLUMN = re.compile(r"(option|opt|op|choice|answer|ans|ending|sol|alternative|response)?_?([a-h]|\d)")
NAMELESS = re.compile(r"column (\d+)")
QUESTIONS = ("question", "question_stem", "stem", "ctx", "goal", "problem", *names.INPUT)
CONTEXTS = ("article", "passage", "context", "story", "paragraph", "background", "support", "fact", "hint", "premise")
SHOWN = "options"
FEWEST, MOST = 2, len(string.ascii_uppercase)
LOOK_AT_ROWS = 500
OWN_ANSWER = ("question_answering", "generation", "reasoning")


@dataclass(frozen=True, slots=True)
class Offer:
    """Where the options stand: `columns` that hold them, and how to read those of one row."""

    columns: tuple[str, ...]
    read: Callable[[int], list[Option]]


def gather(table: Table, choices: Choices) -> None:
    """Nothing where there are no options, or no column says which one is right."""
    for offer in _offers(table):
        shown = offer.columns[0] if len(offer.columns) == 1 else _free_name(table)
        if _left_out(choices, shown):
            continue
        if (key := answer_keys.find(table, offer.columns, offer.read, choices.output)) is None:
            continue
        if (names_ := _always_the_same(table, offer)) is not None:
            _named(table, offer, key, names_)
        else:
            _settle(table, offer, shown, key, choices)
        return


def _left_out(choices: Choices, shown: str) -> bool:
    """The person named the input, and the options are not in it."""
    named = " ".join(choices.inputs) + (choices.input_template or "")
    return bool(named) and shown not in named


def _free_name(table: Table) -> str:
    return SHOWN if SHOWN not in table.names else "all options"


def _offers(table: Table) -> list[Offer]:
    """Lists of options first, then columns of options, then the columns of a table without header."""
    plain = {names.plain(name): name for name in reversed(table.names)}
    found = [_listed(table, plain[name]) for name in LISTS if name in plain]
    return [offer for offer in (*found, *_in_columns(table), _nameless(table)) if offer is not None]


def _listed(table: Table, name: str) -> Offer | None:
    cells = table.column(name)
    looked = [cell for cell in cells[:LOOK_AT_ROWS] if cell not in (None, "")]
    if not looked or not all(FEWEST <= len(options(cell)) <= MOST for cell in looked):
        return None
    return Offer((name,), lambda index: options(cells[index]))


def options(cell: Cell) -> list[Option]:
    """The options in one cell: texts, objects with a text, texts by key, or two lists side by side."""
    if isinstance(cell, str) and cell.strip()[:1] in ("[", "{"):
        try:
            cell = ast.literal_eval(cell.strip())
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            return []
    if isinstance(cell, dict) and isinstance(cell.get("text"), list):
        keys = cell.get("label", [""] * len(cell["text"]))
        return [(str(key), str(text)) for key, text in zip(keys, cell["text"], strict=False)]
    if isinstance(cell, dict):
        return [(str(key), str(text)) for key, text in cell.items() if isinstance(text, str | int | float)]
    return [_option(item) for item in cell] if isinstance(cell, list) else []


def _option(item: Any) -> Option:
    if not isinstance(item, dict):
        return "", str(item)
    key = next((item[name] for name in ("label", "key", "id", "letter") if name in item), "")
    return str(key), str(next((item[name] for name in ("text", "content", "value", "option") if name in item), ""))


def _in_columns(table: Table) -> list[Offer]:
    """Columns called a, b, c or option1, option2: at least two, one after the other, of one stem."""
    stems: dict[str, dict[str, str]] = {}
    for name in table.names:
        if (match := COLUMN.fullmatch(names.plain(name))) and (match[1] or match[2].isalpha()):
            stems.setdefault(match[1] or "", {})[match[2]] = name
    found = []
    for members in stems.values():
        signs = sorted(members)
        if len(signs) >= FEWEST and ord(signs[-1]) - ord(signs[0]) == len(signs) - 1 and signs[0] in "a01":
            found.append(_across(table, tuple(members[sign] for sign in signs), signs))
    return found


def _across(table: Table, columns: tuple[str, ...], keys: Sequence[str]) -> Offer:
    cells = [table.column(name) for name in columns]

    def read(index: int) -> list[Option]:
        row = [column[index] for column in cells]
        return [(key, str(cell)) for key, cell in zip(keys, row, strict=True) if cell not in (None, "")]

    return Offer(columns, read)


def _nameless(table: Table) -> Offer | None:
    """A question, its options and a letter, without a header."""
    if len(table.names) < 2 + FEWEST or not all(map(NAMELESS.fullmatch, table.names)):
        return None
    letters = string.ascii_uppercase[: len(table.names) - 2]
    last = {str(cell) for cell in table.columns[-1][:LOOK_AT_ROWS] if cell}
    return _across(table, tuple(table.names[1:-1]), letters) if len(last) >= FEWEST and last <= set(letters) else None


def _always_the_same(table: Table, offer: Offer) -> list[str] | None:
    """Every row offers the same options: they are the names of classes, no part of the question."""
    rows = [[text for _, text in offer.read(index)] for index in range(min(len(table), LOOK_AT_ROWS))]
    same = len(rows) > 1 and all(sorted(row) == sorted(rows[0]) for row in rows)
    return rows[0] if same else None


def _named(table: Table, offer: Offer, key: answer_keys.Key, labels: list[str]) -> None:
    """The name of the class in place of its letter or number."""
    places = [
        None if cell in (None, "") else key.place(cell, offer.read(index))
        for index, cell in enumerate(table.column(key.name))
    ]
    table.put(key.name, [None if n is None else offer.read(i)[n][1] for i, n in enumerate(places)])
    table.known.aside |= {*offer.columns, *key.others}
    table.known.output, table.known.why = key.name, "it says which of the options is right"
    listed = ", ".join(f"'{label[:40]}'" for label in labels[:6])
    text = f"Every row offers the same options ({listed}): they are the labels, and '{key.name}' {key.how}."
    table.findings.append(Finding("label_names_in_file", "note", text))


def _settle(table: Table, offer: Offer, shown: str, key: answer_keys.Key, choices: Choices) -> None:
    """The options as one text per row, the answer as its letter, or as its text if the person wants that."""
    own_words = choices.task_type in OWN_ANSWER
    texts: list[Cell] = []
    answers: list[Cell] = []
    wrong: dict[int, str] = {}
    for index, cell in enumerate(table.column(key.name)):
        offered = offer.read(index)
        texts.append("\n".join(f"{string.ascii_uppercase[n]}: {text}" for n, (_, text) in enumerate(offered[:MOST])))
        place = None if cell in (None, "") else key.place(cell, offered)
        if place is None and cell not in (None, ""):
            wrong[index] = "the answer is none of the options"
        answers.append(None if place is None else offered[place][1] if own_words else string.ascii_uppercase[place])
    table.put(shown, texts)
    table.put(key.name, answers)
    table.known.aside |= {*offer.columns, *key.others} - {shown, key.name}
    asked = _asked(table, {shown, key.name})
    table.leave_out(wrong)
    table.known.inputs, table.known.output = (*asked, shown), key.name
    table.known.why = "each row is a question with options to choose from"
    if not own_words:
        table.known.task = ("classification", "each row offers options, and the answer is the letter of one of them")
    table.findings.append(_said(offer, key, own_words=own_words))


def _asked(table: Table, taken: set[str]) -> tuple[str, ...]:
    """The text to read and the question, in this order; the longest texts where neither is called so."""
    free = [name for name in table.names if name not in taken and name not in table.known.aside]
    plain = {names.plain(name): name for name in reversed(free) if any(table.column(name)[:LOOK_AT_ROWS])}
    context = [plain[name] for name in CONTEXTS if name in plain][:1]
    question = [plain[name] for name in QUESTIONS if name in plain and plain[name] not in context][:1]
    longest = sorted(free, key=lambda name: _mean_characters(table.column(name)), reverse=True)
    return (*context, *question) or tuple(longest[:1])


def _mean_characters(cells: Sequence[Cell]) -> float:
    texts = [cell for cell in cells[:LOOK_AT_ROWS] if isinstance(cell, str)]
    return sum(map(len, texts)) / max(1, len(texts))


def _said(offer: Offer, key: answer_keys.Key, *, own_words: bool) -> Finding:
    listed = ", ".join(f"'{name}'" for name in offer.columns[:6])
    became = "the text" if own_words else "the letter"
    text = (
        f"Each row is a question with options ({listed}). They stand under the question as A, B, …; "
        f"'{key.name}' {key.how} and became {became} of the right one."
    )
    other = "classification" if own_words else "question_answering"
    mend = f"For {'its letter' if own_words else 'its text'} as the answer, say --task-type {other}."
    return Finding("multiple_choice", "note", text, mend=mend, flag="--task-type", options=(other,))
