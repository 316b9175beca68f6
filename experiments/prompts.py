"""The one renderer of prompts: training, evaluation and export all use it.

A prompt is a chat. System: the instruction, what form the answer has, and the labels in readable words. Then the
demonstrations, each a turn of user and assistant, then the row's input as the last user turn. Demonstrations as
turns, not as text inside one user turn: measured on the starter (see `experiments/arms/few_shot.py`).
What only some rows' own instructions say (a hint such as "the agent has just asked for: time") stands in the user
turn before the input, so that demonstrations carry their own hints.

Only the tokenizer's own chat template is used. Text of users is never read as control tokens.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from advisor.errors import ModelError
from advisor.vocabulary import Example
from experiments.instructions import draft_instruction, instruction_for, readable_labels, shared_instruction

__all__ = [
    "Chat",
    "Prompter",
    "balanced_shots",
    "draft_instruction",
    "instruction_for",
    "readable_labels",
    "shared_instruction",
]

Chat = list[dict[str, str]]
MARK = "\ue000"  # a private-use character that stands for a piece of user text while the template is rendered
PROBE = "\ue001"
CHOOSE_ONE = "Answer with exactly one of these labels: "
ONE_LABEL = "Answer with the label alone."
CHOOSE_SOME = "Answer with a JSON list of the labels that fit, out of these: "
SOME_LABELS = "Answer with a JSON list of labels."


@dataclass(frozen=True)
class Prompter:
    """Renders rows of one task for one tokenizer.

    `list_labels=False` where the model has learned the labels, or sees them all in the demonstrations: measured on
    the starter (snips, 14 demonstrations, 140 rows), the list cost ten points beside demonstrations of every label.
    """

    tokenizer: Any
    task_type: str
    instruction: str
    labels: tuple[str, ...]
    list_labels: bool = True

    @cached_property
    def names(self) -> dict[str, str]:
        """Label → the words that stand for it in prompts and answers; unchanged where a row may have several."""
        if self.task_type != "classification":
            return {label: label for label in self.labels}
        return readable_labels(self.labels, self.instruction)

    @cached_property
    def system(self) -> str:
        """The instruction, the form of the answer and the labels."""
        named = all(label in self.instruction for label in self.labels)
        if not self.labels or named:
            return self.instruction
        if not self.list_labels:
            alone = SOME_LABELS if self.task_type.startswith("multi_label") else ONE_LABEL
            return f"{self.instruction} {alone}".strip()
        choose = CHOOSE_SOME if self.task_type.startswith("multi_label") else CHOOSE_ONE
        return f"{self.instruction} {choose}{', '.join(self.names.values())}.".strip()

    def answer(self, output: str) -> str:
        """An output as the model should write it: labels in readable words, the rest as it is."""
        return self.names.get(output, output)

    def user(self, example: Example) -> str:
        """The user's turn: what this row's own instruction says beyond the shared one, then the input."""
        own = (example.instruction or "").strip()
        rest = own.removeprefix(self.instruction).strip()
        return f"{rest}\n{example.input}" if rest else example.input

    def chat(self, example: Example, shots: Sequence[Example] = ()) -> Chat:
        """System, demonstrations, earlier turns of this row, its input."""
        chat: Chat = [{"role": "system", "content": self.system}] if self.system else []
        for shot in shots:
            chat += self.history(shot)
            chat.append({"role": "user", "content": self.user(shot)})
            chat.append({"role": "assistant", "content": self.answer(shot.output)})
        return [*chat, *self.history(example), {"role": "user", "content": self.user(example)}]

    @staticmethod
    def history(example: Example) -> Chat:
        """Earlier turns of a conversation; the system's words are the instruction already."""
        return [{"role": t.role, "content": t.content} for t in example.turns if t.role != "system"]

    def text(self, example: Example, shots: Sequence[Example] = ()) -> str:
        """The exact prompt as text."""
        return self.render(self.chat(example, shots))

    def ids(self, example: Example, shots: Sequence[Example] = ()) -> list[int]:
        """The exact prompt as token ids, up to where the answer starts."""
        return self.encode(self.chat(example, shots))

    def fitted(self, example: Example, shots: Sequence[Example], limit: int) -> tuple[list[int], Chat, bool]:
        """The prompt in at most `limit` tokens, its chat, and whether something had to go: demonstrations, then input.

        The first demonstrations go first: where they are looked up, they are the least like.
        """
        chat, kept = self.chat(example, shots), list(shots)
        ids = self.encode(chat)
        fits = len(ids) <= limit
        while len(ids) > limit and kept:
            kept.pop(0)
            chat = self.chat(example, kept)
            ids = self.encode(chat)
        text = example.input
        while len(ids) > limit and len(text) > 1:
            text = text[: max(1, int(len(text) * 0.9 * limit / len(ids)))]
            chat = self.chat(replace(example, input=text, turns=()))
            ids = self.encode(chat)
        return ids, chat, not fits

    def answer_ids(self, output: str) -> list[int]:
        """An answer as token ids with the end token, as it follows a prompt in training and in scoring."""
        return [*self.plain_ids(self.answer(output)), self.end_id]

    def choice_ids(self, label: str) -> list[int]:
        """A label as it is scored: the whole answer, or the first of a list of which others may follow."""
        if self.task_type == "classification":
            return self.answer_ids(label)
        return self.plain_ids(json.dumps([label], ensure_ascii=False))

    @cached_property
    def end_id(self) -> int:
        """The token that the template puts after an assistant's turn, else the tokenizer's end token."""
        chat: Chat = [{"role": "user", "content": "x"}, {"role": "assistant", "content": PROBE}]
        rendered = self._apply(chat, answer_follows=False)
        after = rendered.partition(PROBE)[2].lstrip()
        special = [t for t in self.tokenizer.all_special_tokens if t and after.startswith(t)]
        if special:
            return int(self.tokenizer.convert_tokens_to_ids(max(special, key=len)))
        return int(self.tokenizer.eos_token_id)

    def accepted(self, chat: Chat) -> Chat:
        """The turns as this tokenizer's template takes them: without a system's turn where it knows none."""
        return without_system(chat) if self._system_refused else chat

    def render(self, chat: Chat) -> str:
        return self._apply(chat, answer_follows=True)

    def render_whole(self, chat: Chat) -> str:
        """A chat that ends with the assistant's answer, as the template itself writes it."""
        return self._apply(chat, answer_follows=False)

    def encode(self, chat: Chat) -> list[int]:
        """Token ids of a rendered chat; control tokens that stand in a user's text are encoded as plain text."""
        pieces: list[str] = []
        safe = [{**message, "content": self._mask_control(message["content"], pieces)} for message in chat]
        rendered = self.render(safe)
        if not pieces:
            return self._ids(rendered)
        ids: list[int] = []
        for part in re.split(f"({MARK}\\d+{MARK})", rendered):
            if part.startswith(MARK):
                ids += self.plain_ids(pieces[int(part.strip(MARK))])
            elif part:
                ids += self._ids(part)
        return ids

    def plain_ids(self, text: str) -> list[int]:
        """Token ids of text in which nothing is a control token."""
        return list(self.tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"])

    def _ids(self, text: str) -> list[int]:
        return list(self.tokenizer(text, add_special_tokens=False, split_special_tokens=False)["input_ids"])

    def _mask_control(self, text: str, pieces: list[str]) -> str:
        if MARK in text:
            text = text.replace(MARK, "\ufffd")
        if self._control is None or not self._control.search(text):
            return text

        def put_aside(match: re.Match[str]) -> str:
            pieces.append(match.group())
            return f"{MARK}{len(pieces) - 1}{MARK}"

        return self._control.sub(put_aside, text)

    @cached_property
    def _control(self) -> re.Pattern[str] | None:
        """Every string that this tokenizer would read as one control token."""
        added = self.tokenizer.get_added_vocab()
        tokens = sorted({t for t in [*self.tokenizer.all_special_tokens, *added] if t.strip()}, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, tokens))) if tokens else None

    def _apply(self, chat: Chat, *, answer_follows: bool) -> str:
        def rendered(messages: Chat) -> str:
            return str(
                self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=answer_follows)
            )

        try:
            return rendered(self.accepted(chat))
        except Exception as error:  # templates raise whatever their author chose
            raise ModelError(
                f"The chat template of this model cannot write these rows: {str(error)[:200]}",
                "Choose a model made for chats, or rows without earlier turns of other roles.",
            ) from error

    @cached_property
    def _system_refused(self) -> bool:
        """True for templates (Gemma's, for one) that raise on a system message or drop it."""
        chat: Chat = [{"role": "system", "content": PROBE}, {"role": "user", "content": "x"}]
        try:
            return PROBE not in self.tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
        except Exception:  # templates raise whatever their author chose
            return True


def without_system(chat: Chat) -> Chat:
    """The system's words at the head of the first user turn, for templates that know no system."""
    if not chat or chat[0]["role"] != "system":
        return chat
    first, *rest = chat[1:]
    return [{**first, "content": f"{chat[0]['content']}\n\n{first['content']}"}, *rest]


def balanced_shots(train: Sequence[Example], count: int, labels: Sequence[str]) -> tuple[Example, ...]:
    """`count` demonstrations from the training rows, in their order there, as even over the labels as they allow.

    Rows are taken round by round, one of each label; without labels simply the first rows. The order is mixed
    over labels, so that the last demonstrations do not all show the same one.
    """
    if not labels:
        return tuple(train[:count])
    waiting: dict[str, list[Example]] = {}
    for example in train:
        waiting.setdefault(example.output, []).append(example)
    chosen: list[Example] = []
    while len(chosen) < count and any(waiting.values()):
        for rows in waiting.values():
            if rows and len(chosen) < count:
                chosen.append(rows.pop(0))
    return tuple(chosen)
