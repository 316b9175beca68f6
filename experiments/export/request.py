"""What is sent to a server: the turns with a place for the input, a whole request, and the words of each label."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from advisor.vocabulary import Example, PilotPlan
from experiments.arms import retrieved_few_shot
from experiments.arms.job import chosen_among
from experiments.export.left import TRAINED, Kind, Left
from experiments.instructions import instruction_for, instruction_when_tuned, readable_labels

INPUT = "{input}"
RETRIEVED = retrieved_few_shot.ARM.arm
Turns = list[dict[str, str]]


def chosen(plan: PilotPlan, left: Left) -> bool:
    """Whether the arm chose among the labels by their probability, which a server that writes freely does not."""
    written = left.kind in (Kind.SERVICE, Kind.CLASSIFIER)
    return chosen_among(plan.task_type, left.settings) and bool(plan.labels) and not written


def words_of_labels(plan: PilotPlan, left: Left, train: Sequence[Example]) -> dict[str, str]:
    """Label → the words that the model reads and writes for it; empty where it writes no label.

    Where a row may have several labels these are scored as lists of one.
    """
    if plan.task_type != "classification":
        alone = chosen(plan, left)
        return {label: json.dumps([label], ensure_ascii=False) for label in plan.labels} if alone else {}
    if left.kind is Kind.CLASSIFIER:
        return {}
    if left.kind in TRAINED:
        told = instruction_when_tuned(plan.task_type, plan.instruction, plan.labels, train)
    else:
        told = instruction_for(plan.task_type, plan.instruction, train)
    return readable_labels(plan.labels, told)


def turns_for(left: Left, chat: Turns, first: Example, train: Sequence[Example]) -> Turns:
    """The turns of the first test row with `{input}` in the place of its input, without examples that were looked up.

    Empty where each row has turns of its own: a conversation, an instruction; or where the instruction cannot be told
    from the first of the examples that were looked up, as with a template that knows no system's turn.
    """
    own = any(row.turns or row.instruction for row in (first, *(train if left.arm == RETRIEVED else ())))
    if not chat or own or not chat[-1]["content"].endswith(first.input):
        return []
    if left.arm == RETRIEVED:
        told = [turn for turn in chat[:1] if turn["role"] == "system"]
        apart = told or chat[0]["content"] in {row.input for row in train}
        return [*told, {"role": "user", "content": INPUT}] if apart else []
    said = chat[-1]["content"].removesuffix(first.input)
    return [*chat[:-1], {**chat[-1], "content": f"{said}{INPUT}"}]


def request(plan: PilotPlan, left: Left, chat: Turns, words: dict[str, str]) -> dict[str, Any]:
    """The first test row as a body for `/v1/chat/completions`: greedy, and held to the labels where the arm was."""
    model = str(left.settings["api_model"]) if left.kind is Kind.SERVICE else left.name
    body: dict[str, Any] = {"model": model, "messages": chat}
    if left.kind is not Kind.SERVICE:
        body["temperature"] = 0
    if chosen(plan, left):
        return {**body, "structured_outputs": _held_to(plan, words)}
    limit = left.settings.get("max_new_tokens")
    return {**body, "max_completion_tokens": limit} if limit else body


def _held_to(plan: PilotPlan, words: dict[str, str]) -> dict[str, Any]:
    """One of the labels, or a list of them."""
    if plan.task_type == "classification":
        return {"choice": list(words.values())}
    return {"json": {"type": "array", "items": {"type": "string", "enum": list(words)}}}
