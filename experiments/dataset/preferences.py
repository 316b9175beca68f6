"""Pairs of a chosen and a rejected answer: the rejected one is no input, a shared beginning of both is."""

from __future__ import annotations

import re
from itertools import takewhile

from advisor.errors import DataError
from advisor.vocabulary import Finding
from experiments.dataset import names
from experiments.dataset.choices import Choices
from experiments.dataset.table import Cell, Table

CHOSEN, REJECTED = "chosen", "rejected"
PROMPT = "dialogue"
# where a turn of the assistant begins, as in `\n\nAssistant: …`
TURN = re.compile(r"(?im)^\W*(?:assistant|bot|ai|model)\b[^\w\n]*?[:>]+ ?")
# assumption: in a file of dialogues nearly every pair begins alike
ALIKE_SHARE = 0.9


def gather(table: Table, choices: Choices) -> None:
    """Sets the rejected answers aside; without an input beside them, takes the dialogue both begin with."""
    plain = {names.plain(name): name for name in reversed(table.names)}
    chosen, rejected = plain.get(CHOSEN), plain.get(REJECTED)
    if chosen is None or rejected is None:
        return
    if rejected not in (choices.output, *choices.inputs):
        table.known.aside.add(rejected)
    asked = (*names.INPUT, *names.INSTRUCTION, *names.CONVERSATION)
    pairs = [table.column(chosen), table.column(rejected)]
    texts = all(isinstance(cell, str) or cell is None for column in pairs for cell in column)
    if not texts or choices.inputs or choices.output or any(name in plain for name in asked):
        return
    cut = [_cut(a, b) for a, b in zip(*pairs, strict=True)]
    if sum(begin is not None for begin, _ in cut) < ALIKE_SHARE * len(cut):
        if len(set(table.names) - {chosen, rejected}) == 0:
            raise DataError(
                f"The file has '{chosen}' and '{rejected}' answers but no input, and they do not begin alike "
                "with a dialogue that ends where the assistant speaks.",
                "Add a column with what was asked, for example 'prompt'.",
            )
        return
    name = PROMPT if PROMPT not in table.names else "shared dialogue"
    table.put(name, [begin for begin, _ in cut])
    table.put(chosen, [end for _, end in cut])
    table.known.inputs, table.known.output = (name,), chosen
    table.known.why = f"'{chosen}' and '{rejected}' begin alike up to the assistant's last turn"
    text = (
        f"'{chosen}' and '{rejected}' begin with the same dialogue: it is the input up to the assistant's last turn, "
        f"the rest of '{chosen}' the answer. '{rejected}' is not used."
    )
    table.findings.append(Finding("preferences", "note", text))


def _cut(chosen: Cell, rejected: Cell) -> tuple[Cell, Cell]:
    """The shared dialogue and the chosen answer; the whole text as the answer where they share none."""
    both = zip(chosen or "", rejected or "", strict=False)
    shared = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], both))
    turns = [turn for turn in TURN.finditer(chosen or "") if turn.end() <= len(shared.rstrip()) + 1]
    if not turns or not shared[: turns[-1].start()].strip():
        return None, chosen
    last = turns[-1]
    return chosen[: last.start()].strip(), chosen[last.end() :].strip()
