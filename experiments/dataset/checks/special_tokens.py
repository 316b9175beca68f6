"""Texts that could steer a prompt: a chat template's own signs, or orders to the model."""

from __future__ import annotations

import re

from advisor.vocabulary import Finding
from experiments.dataset.draft import Draft
from experiments.dataset.table import some
from experiments.dataset.wording import many

NAME = "special_tokens"
TOKENS = re.compile(
    r"<\|[^|>\s]{1,40}\|>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|</s>|<(?:bos|eos|pad|unk)>"
    r"|</?(?:system|assistant|user|tool_call|think)>|<｜[^｜>]{1,40}｜>"
)
ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget)\b[^.\n]{0,30}\b(?:previous|prior|above|earlier|all)\b[^.\n]{0,20}"
    r"\b(?:instructions?|prompts?|rules|messages)\b|\b(?:print|show|reveal|repeat) (?:me )?your (?:system )?prompt\b"
    r"|(?:^|\n)\s*(?:label|answer|output|assistant|system)\s*:\s*\S",
    re.IGNORECASE,
)
HINTS = ("instruction", "prompt", "rules", "message")


def run(draft: Draft) -> list[Finding]:
    """One warning for signs, one for orders."""
    tokens: list[int] = []
    orders: list[int] = []
    for example in draft.examples:
        text = example.input
        if any(("<" in said or "[" in said) and TOKENS.search(said) for said in (text, example.output)):
            tokens.append(example.row)
        if (":" in text or any(hint in text.lower() for hint in HINTS)) and ORDERS.search(text):
            orders.append(example.row)
    found: list[Finding] = []
    if tokens:
        text = (
            f"{many(len(tokens), 'row holds', 'rows hold')} "
            f"signs of chat templates (such as an end-of-turn token) in input or answer."
        )
        mend = "They are given to models as plain text, never as control tokens."
        found.append(Finding(NAME, "warn", text, some(tokens), mend))
    if orders:
        text = (
            f"{many(len(orders), 'row holds', 'rows hold')} "
            f"words that could steer a prompted model ('ignore the instructions', 'Answer: …')."
        )
        mend = (
            "Prompted and tuned methods may be misled there; answers outside the labels count as invalid, not as right."
        )
        found.append(Finding("instructions_in_rows", "warn", text, some(orders), mend))
    return found
