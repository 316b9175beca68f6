"""Table and columns → examples. Every row is kept, or rejected with its line and a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from advisor.vocabulary import Columns, Example, Finding, Message, Rejected
from experiments.dataset import chats, inputs, marks, names, targets
from experiments.dataset.choices import Choices
from experiments.dataset.cleaning import BadBytes, Cleaner
from experiments.dataset.columns import Proposal
from experiments.dataset.formats import json_values
from experiments.dataset.table import Cell, Table, some
from experiments.dataset.wording import many

ReadCell = Callable[[int], str]


@dataclass(slots=True)
class Assembled:
    """What came out, and what the task decision needs to know about conversations."""

    examples: list[Example] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    without_label: list[int] = field(default_factory=list)
    instruction_alone: list[int] = field(default_factory=list)
    several_turns: int = 0
    calls: int = 0
    after_tool: list[int] = field(default_factory=list)
    left_over: list[int] = field(default_factory=list)
    unknown_parts: dict[str, int] = field(default_factory=dict)


class Skip(Exception):
    """This row is left out; the text says why."""


def text_of(cell: Cell) -> str:
    """Any cell as text."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, list) and all(isinstance(item, str) for item in cell):
        return " ".join(cell)
    return str(json_values.written(cell))


def assemble(table: Table, proposal: Proposal, target: targets.Target, choices: Choices, damaged: bool) -> Assembled:
    """Every row of the table, one after the other."""
    made = Assembled()
    cleaner = Cleaner(damaged, choices.bad_bytes != "replace")
    build = _conversation(table, proposal) if proposal.conversation else _columns(table, proposal, target)
    extras = _extras(table, proposal.columns)
    same_text: dict[str, str] = {}
    for index, (line, row) in enumerate(zip(table.lines, table.positions, strict=True)):
        cleaner.row, cleaner.line = row, line
        try:
            values = build(index, cleaner, made, row)
            if extras is not None:
                values.update(extras(index, cleaner, made))
        except (Skip, chats.Refused) as refusal:
            made.rejected.append(Rejected(line, str(refusal)))
            continue
        except BadBytes:
            made.rejected.append(Rejected(line, "bytes that are no text in this encoding"))
            continue
        values["output"] = same_text.setdefault(values["output"], values["output"])
        made.examples.append(Example(row=row, line=line, **values))
    made.findings += cleaner.findings(table.encoding)
    made.findings += _said(made)
    return made


def _columns(table: Table, proposal: Proposal, target: targets.Target) -> Callable[..., dict[str, Any]]:
    """The reader of rows that have an input and an output column."""
    read_input = _input(table, proposal.columns)
    answers: list[Cell] = (
        marks.labels({name: table.column(name) for name in proposal.one_hot})
        if proposal.one_hot
        else table.column(proposal.columns.output)
    )
    unmarked = bool(proposal.one_hot) and not any(answers)
    instructions = table.column(proposal.columns.instruction) if proposal.columns.instruction else None
    others = _references(table, proposal.columns)

    def build(index: int, clean: Cleaner, made: Assembled, row: int) -> dict[str, Any]:
        raw = read_input(index)
        output, references = targets.read(answers[index], target, raw)
        text = clean(raw)
        told = text_of(instructions[index]) if instructions is not None else ""
        if told.strip() and (not text or text.isspace()):
            made.instruction_alone.append(row)
            text, told = clean(told), ""
        if not text or text.isspace():
            raise Skip("the input is empty")
        if output is None:
            raise Skip("the answer is empty")
        if output == "[]" and (unmarked or not isinstance(answers[index], list)):
            made.without_label.append(row)
        values: dict[str, Any] = {"input": text, "output": clean(output)}
        if others is not None and isinstance(others[index], list):
            references = _several(output, others[index])
        if len(references) > 1:
            values["references"] = tuple(clean(reference) for reference in references)
        if told.strip():
            values["instruction"] = clean(told)
        return values

    return build


def _several(output: str, others: Cell) -> tuple[str, ...]:
    """The answer and further right ones, each once."""
    return tuple(dict.fromkeys([output, *map(text_of, others if isinstance(others, list) else [])]))


def _references(table: Table, columns: Columns) -> list[Cell] | None:
    """A column with further right answers, beside the answer's own."""
    for name in table.names:
        if names.plain(name) in names.REFERENCES and name != columns.output and name not in columns.inputs:
            return table.column(name)
    return None


def _input(table: Table, columns: Columns) -> ReadCell:
    if len(columns.inputs) == 1 and columns.input_template is None:
        cells = table.column(columns.inputs[0])
        return lambda index: text_of(cells[index])
    by_name = {name: table.column(name) for name in columns.inputs}
    template = columns.input_template or ""

    def joined(index: int) -> str:
        text = inputs.PLACE.sub(lambda place: _filled(by_name, place, index), template)
        return text.strip() if template.startswith("{") and template.endswith("}") else text

    return joined


def _filled(by_name: dict[str, list[Cell]], place: Any, index: int) -> str:
    cells = by_name.get(place.group(1))
    if cells is None:
        near = [name for name in by_name if names.plain(name) == names.plain(place.group(1))]
        cells = by_name[near[0]]
    if isinstance(cells[index], list) and names.plain(place.group(1)) in names.OFFERED:
        return "\n".join(f"{number}: {text_of(cell)}" for number, cell in enumerate(cells[index]))
    return text_of(cells[index])


def _conversation(table: Table, proposal: Proposal) -> Callable[..., dict[str, Any]]:
    """The reader of rows that are conversations."""
    cells = table.column(proposal.conversation or "")
    tools = table.column(proposal.tools) if proposal.tools else None
    others = _references(table, proposal.columns)
    systems = next((table.column(name) for name in table.names if names.plain(name) in names.INSTRUCTION), None)

    def build(index: int, clean: Cleaner, made: Assembled, row: int) -> dict[str, Any]:
        talk = chats.read(cells[index], tools[index] if tools is not None else None)
        output = clean(talk.output)
        if not output.strip():
            raise Skip("the answer is empty")
        made.several_turns += len(talk.turns) > 0
        made.calls += talk.calls
        if talk.after_tool:
            made.after_tool.append(row)
        if talk.left_over:
            made.left_over.append(row)
        told = talk.instruction or (chats.told(systems[index]) if systems is not None else None)
        turns = tuple(Message(turn.role, clean(turn.content)) for turn in talk.turns)
        values: dict[str, Any] = {"input": clean(talk.input), "output": output, "turns": turns}
        if others is not None and len(several := _several(talk.output, others[index])) > 1:
            values["references"] = tuple(map(clean, several))
        return {**values, "instruction": clean(told) if told else None}

    return build


def _extras(table: Table, columns: Columns) -> Callable[..., dict[str, Any]] | None:
    """Group, split, time and the present system's answer."""
    if not _others(columns) and columns.split is None:
        return None
    split = table.column(columns.split) if columns.split else None
    others = [(role, table.column(name)) for role, name in _others(columns)]

    def read(index: int, clean: Cleaner, made: Assembled) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for role, cells in others:
            if text := text_of(cells[index]).strip():
                values[role] = clean(text)
        if split is not None:
            said = text_of(split[index])
            values["split"] = names.part_in(columns.split or "", said)
            if values["split"] is None:
                made.unknown_parts[said.strip()[:40]] = made.unknown_parts.get(said.strip()[:40], 0) + 1
        return values

    return read


def _others(columns: Columns) -> list[tuple[str, str]]:
    pairs = (("group", columns.group), ("given", columns.given), ("time", columns.time))
    return [(role, name) for role, name in pairs if name is not None]


def _said(made: Assembled) -> list[Finding]:
    """What a person should know about how rows were read."""
    found: list[Finding] = []
    if made.without_label:
        text = (
            f"{many(len(made.without_label), 'row has', 'rows have')} "
            f"an empty answer, read as 'none of the labels' and kept."
        )
        found.append(
            Finding(
                "without_label",
                "warn",
                text,
                some(made.without_label),
                "Take them out of the file if the answer is unknown.",
            )
        )
    if made.instruction_alone:
        text = (
            f"{many(len(made.instruction_alone), 'row has', 'rows have')} an instruction and no input: it is the input."
        )
        found.append(Finding("instruction_alone", "note", text, some(made.instruction_alone)))
    if made.after_tool:
        text = (
            f"{many(len(made.after_tool), 'conversation ends', 'conversations end')} "
            f"with an answer to a tool's result: their input."
        )
        found.append(Finding("after_tool", "note", text, some(made.after_tool)))
    if made.left_over:
        text = (
            f"{many(len(made.left_over), 'conversation goes on', 'conversations go on')} "
            f"after their last answer; what follows it was not used."
        )
        found.append(Finding("left_over_turns", "note", text, some(made.left_over)))
    if made.unknown_parts:
        shown = ", ".join(f"'{name}' ({count:,})" for name, count in list(made.unknown_parts.items())[:5])
        text = f"The split column also holds {shown}; these rows are in no given part and go into training."
        found.append(
            Finding("unknown_parts", "warn", text, mend="Use train, validation and test, or say --split-column none.")
        )
    return found
