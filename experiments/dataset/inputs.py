"""Which column, or columns, the model is given."""

from __future__ import annotations

import re
from typing import Any

from advisor.errors import DataError
from experiments.dataset import names, talks
from experiments.dataset.roles import Plan, ask, resolve
from experiments.dataset.table import Cell, Table
from experiments.dataset.traits import Trait

PLACE = re.compile(r"\{([^{}]+)\}")
# more different instructions than this, in at least this share of the rows: they are questions, not instructions
FEW_INSTRUCTIONS = 20
OWN_INSTRUCTION_SHARE = 0.2
LOOKED_AT_ROWS = 50
CONTEXT_CHARACTERS = 100


def conversation(table: Table, traits: dict[str, Trait]) -> str | None:
    """The column that holds lists of turns, if there is one."""
    for name in names.CONVERSATION:
        for trait in traits.values():
            if trait.plain == name and trait.kind == "list" and talks.are_turns(table.column(trait.name)):
                return trait.name
    lists = [trait.name for trait in traits.values() if trait.kind == "list"]
    return next((name for name in lists if talks.are_turns(table.column(name))), None)


def form(cells: list[Cell]) -> str:
    """Whose way of writing conversations this is."""
    turns = (cell[0] for cell in cells[:LOOKED_AT_ROWS] if isinstance(cell, list) and cell)
    first: Any = next((turn for turn in turns if isinstance(turn, dict)), {})
    if "from" in first or "parts" in first:
        return "ShareGPT" if "from" in first else "Gemini contents"
    content = first.get("content")
    bare = isinstance(content, list) and any(isinstance(part, dict) and "type" not in part for part in content)
    return "Bedrock conversations" if bare else "OpenAI chat"


def choose(plan: Plan, output: str, instruction: str | None) -> tuple[tuple[str, ...], str | None]:
    """The input's columns and, for several, the template that joins them."""
    chosen = _chosen(plan)
    if not chosen:
        chosen = _proposed(plan, output, instruction)
    template = plan.choices.input_template
    if template is None:
        return chosen, _joined(chosen) if len(chosen) > 1 else None
    used = tuple(dict.fromkeys(resolve(plan.table, name, "--input") for name in PLACE.findall(template)))
    if not used:
        raise DataError(
            f"The input template '{template[:80]}' names no column.",
            "Put names of columns in braces, e.g. '{title}: {body}'.",
        )
    plan.why["input"] = "chosen by you: the columns of the template"
    return used, template


def _joined(columns: tuple[str, ...]) -> str:
    return "\n\n".join(f"{{{name}}}" for name in columns)


def _chosen(plan: Plan) -> tuple[str, ...]:
    wanted: list[str] = []
    for name in plan.choices.inputs:
        wanted += [name] if name in plan.table.names else [part.strip() for part in name.split(",")]
    found = tuple(resolve(plan.table, name, "--input") for name in wanted if name)
    for name in found:
        plan.take(name, "input", "chosen by you")
    return found


def _proposed(plan: Plan, output: str, instruction: str | None) -> tuple[str, ...]:
    if plan.table.known.inputs:
        return tuple(plan.take(name, "input", plan.table.known.why) for name in plan.table.known.inputs)
    free = {trait.plain: trait for trait in plan.free.values() if trait.kind not in ("empty", "constant")}
    if (
        instruction is not None
        and plan.choices.instruction is None
        and (own := _own_instructions(plan, instruction, free))
    ):
        return own
    for pair in names.TOGETHER:
        if all(name in free for name in pair):
            found = tuple(plan.take(free[name].name, "input", "these columns usually go together") for name in pair)
            return found
    named = [trait for trait in free.values() if trait.plain in names.INPUT]
    if named:
        best = min(named, key=lambda trait: names.INPUT.index(trait.plain))
        return (plan.take(best.name, "input", "its name says it holds what the model is given"),)
    return (_longest(plan, list(free.values()), instruction),)


def _own_instructions(plan: Plan, instruction: str, free: dict[str, Trait]) -> tuple[str, ...] | None:
    """Each row has an instruction of its own: it is the question, and stands before the input."""
    trait = plan.traits[instruction]
    if trait.distinct <= FEW_INSTRUCTIONS or trait.distinct < OWN_INSTRUCTION_SHARE * trait.filled:
        return None
    context = next((free[name].name for name in ("input", "context", "passage", "text") if name in free), None)
    why = "each row has an instruction of its own, so it is part of the input"
    plan.take(instruction, "input", why)
    return (instruction,) if context is None else (instruction, plan.take(context, "input", why))


def _longest(plan: Plan, free: list[Trait], instruction: str | None) -> str:
    kinds = ("text", "category", "list", "object", "number", "binary")
    texts = [trait for trait in free if trait.kind in kinds] or _anything(plan)
    if not texts:
        if instruction is not None:
            return instruction
        listed = ", ".join(f"'{name}'" for name in plan.table.names[:12])
        raise DataError(
            f"No column with texts was found beside the answers; the file has {listed}.", "Name it with --input."
        )
    best = max(texts, key=lambda trait: (trait.kind == "text", trait.mean_characters, trait.distinct))
    rivals = [t for t in texts if t.name != best.name and t.kind == "text" and t.mean_characters > 20]
    if rivals:
        options = tuple(trait.name for trait in (best, *rivals))
        listed = ", ".join(f"'{name}'" for name in options[:8])
        ask(
            plan,
            "--input",
            f"Which column is the input: {listed}? '{best.name}' was taken for now (longest texts).",
            options,
        )
    return plan.take(
        best.name,
        "input",
        f"the longest texts ({best.mean_characters:.0f} characters on average in {best.filled:,} rows)",
    )


def shared_context(plan: Plan, inputs: tuple[str, ...]) -> str | None:
    """One of several input columns holds long texts that several rows share: those rows belong together."""
    if len(inputs) < 2:
        return None
    fitting = [plan.traits[name] for name in inputs]
    fitting = [trait for trait in fitting if trait.repeats and trait.mean_characters > CONTEXT_CHARACTERS]
    if not fitting:
        return None
    best = max(fitting, key=lambda trait: trait.mean_characters)
    plan.why["group"] = "several rows share the same text here, so they stay on one side of the split"
    return best.name


def _anything(plan: Plan) -> list[Trait]:
    """Where no column looks like an input: identifiers and constants, if that is all there is."""
    return [trait for trait in plan.free.values() if trait.kind != "empty"]
