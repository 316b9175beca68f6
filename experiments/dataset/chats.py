"""Conversations → examples: OpenAI messages, ShareGPT turns and Gemini contents."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal, cast

from advisor.vocabulary import Message

Role = Literal["system", "user", "assistant", "tool"]
ROLES: dict[str, Role] = {
    "system": "system", "developer": "system",
    "user": "user", "human": "user", "customer": "user", "prompter": "user",
    "assistant": "assistant", "gpt": "assistant", "model": "assistant", "bot": "assistant", "chatgpt": "assistant",
    "ai": "assistant", "chatbot": "assistant",
    "function_call": "assistant", "tool_call": "assistant",
    "tool": "tool", "function": "tool", "observation": "tool", "function_response": "tool", "tool_response": "tool",
}  # fmt: skip


class Refused(Exception):
    """This row cannot become an example; the text says why."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation cut at its last answer. `calls` when that answer calls a tool."""

    instruction: str | None
    turns: tuple[Message, ...]
    input: str
    output: str
    calls: bool
    after_tool: bool
    left_over: int


def read(turns: Any, tools: Any = None) -> Conversation:
    """System turns become the instruction, the last answer the output, the turn before it the input."""
    if not isinstance(turns, list) or not turns:
        raise Refused("the conversation is empty or not a list")
    messages = [_message(turn) for turn in turns]
    last = next((i for i in range(len(messages) - 1, -1, -1) if messages[i].role == "assistant"), None)
    if last is None:
        raise Refused("the conversation has no answer (no assistant turn)")
    output = messages[last].content
    before = [message for message in messages[:last] if message.role != "system"]
    if not before:
        raise Refused("nothing stands before the answer")
    systems = [message.content for message in messages[:last] if message.role == "system"]
    if tools:
        systems.append("Tools:\n" + (tools if isinstance(tools, str) else json.dumps(tools, ensure_ascii=False)))
    return Conversation(
        instruction="\n\n".join(text for text in systems if text) or None,
        turns=tuple(before[:-1]),
        input=before[-1].content,
        output=output,
        calls=_calls(turns[last]),
        after_tool=before[-1].role == "tool",
        left_over=len(messages) - 1 - last,
    )


def _message(turn: Any) -> Message:
    if not isinstance(turn, dict):
        raise Refused("a turn is not an object")
    said = turn.get("role", turn.get("from"))
    role = ROLES.get(str(said).strip().lower())
    if role is None:
        raise Refused(f"a turn has the unknown role '{str(said)[:30]}'")
    if role == "assistant" and turn.get("tool_calls"):
        calls = _tool_calls(turn["tool_calls"])
        text = _text(turn.get("content")) if turn.get("content") else ""
        return Message(role, f"{text}\n{calls}".strip())
    if role == "assistant" and turn.get("function_call"):
        return Message(role, _tool_calls([{"function": turn["function_call"]}]))
    return Message(role, _text(turn.get("content", turn.get("value", turn.get("parts")))))


def _text(content: Any) -> str:
    """Plain text; parts are joined, and anything but text is refused rather than written out."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(_part(part) for part in content)
    if isinstance(content, dict):
        return json.dumps(content, ensure_ascii=False)
    return str(content)


def _part(part: Any) -> str:
    if isinstance(part, str):
        return part
    if (
        isinstance(part, dict)
        and isinstance(part.get("text"), str)
        and part.get("type", "text") in ("text", "input_text", "output_text")
    ):
        return cast(str, part["text"])
    kind = str(part.get("type", "unknown"))[:30] if isinstance(part, dict) else type(part).__name__
    raise Refused(f"a turn holds '{kind}'; only text is supported, not images, sound or files")


def told(cell: Any) -> str | None:
    """The text of a system prompt that stands beside the turns: a text, parts, or an object around parts."""
    content = cell.get("parts", cell.get("text", cell)) if isinstance(cell, dict) else cell
    return _text(content) or None


def _tool_calls(calls: Any) -> str:
    """Calls in one canonical form: a JSON list of {"name", "arguments"} with arguments as an object."""
    plain: list[dict[str, Any]] = []
    for call in calls if isinstance(calls, list) else [calls]:
        function = call.get("function", call) if isinstance(call, dict) else {}
        arguments = function.get("arguments", {})
        if isinstance(arguments, str):
            try:
                arguments = json.loads(arguments)
            except (json.JSONDecodeError, RecursionError) as error:
                raise Refused("a tool call's arguments are not valid JSON") from error
        plain.append({"name": function.get("name", ""), "arguments": arguments})
    return json.dumps(plain, ensure_ascii=False)


def _calls(turn: dict[str, Any]) -> bool:
    said = str(turn.get("role", turn.get("from"))).lower()
    return bool(turn.get("tool_calls") or turn.get("function_call")) or said in ("function_call", "tool_call")
