"""Share of answers that call the right functions with the right arguments; an answer in words must stay one."""

from __future__ import annotations

from typing import Any

from experiments.metrics import exact_match
from experiments.metrics.json_values import parsed, same
from experiments.metrics.metric import Metric, best_over

ARGUMENTS = ("arguments", "parameters", "args", "input")
Call = tuple[str, Any]


def calls(text: str) -> list[Call] | None:
    """(Name, arguments) of every call in an answer, in its order; None where it is no call."""
    value = parsed(text)
    if isinstance(value, dict) and isinstance(value.get("tool_calls"), list):
        value = value["tool_calls"]
    found = [_call(item) for item in (value if isinstance(value, list) else [value])]
    known = [call for call in found if call is not None]
    return known if known and len(known) == len(found) else None


def _call(value: Any) -> Call | None:
    if isinstance(value, dict) and isinstance(value.get("function"), dict):
        value = value["function"]
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return None
    arguments: Any = next((value[key] for key in ARGUMENTS if key in value), {})
    if isinstance(arguments, str):  # as services write them: JSON inside a text
        arguments = parsed(arguments) if arguments.strip() else {}
    return value["name"].strip(), {} if arguments is None else arguments


def one(prediction: str, reference: str) -> float:
    """1 where the same functions are called with the same arguments, in any order; words are compared as words."""
    asked, said = calls(reference), calls(prediction)
    if asked is None:
        return exact_match.one(prediction, reference)
    if said is None or len(said) != len(asked):
        return 0.0
    left = list(said)
    for name, arguments in asked:
        match = next((i for i, call in enumerate(left) if call[0] == name and same(call[1], arguments)), None)
        if match is None:
            return 0.0
        left.pop(match)
    return 1.0


METRIC = Metric(
    name="call_match",
    label="Call match",
    one_line="share of answers that call the right functions with the right arguments, order aside",
    row=best_over(one),
    tasks=("function_calling",),
)
