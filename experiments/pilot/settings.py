"""Settings of arms as a person writes them: `lora.epochs=5`; what each may be, and what is said when it may not."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.errors import PlanError, UnknownName
from experiments.api.service import NEED as SERVICE
from experiments.api.service import Service
from experiments.arms.job import ArmCard

USUAL = ("", "usual", "none", "auto")  # these words leave a setting as it is
YES, NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a setting may be, and what it is for. `kind`: whole, number, yes_no, text, or words (one of `words`)."""

    kind: str
    about: str
    low: float = 0.0
    high: float = math.inf
    words: tuple[str, ...] = ()

    @property
    def said(self) -> str:
        """In words, for a mend."""
        if self.kind in ("whole", "number"):
            what = "a whole number" if self.kind == "whole" else "a number"
            return f"{what} from {self.low:g} to {self.high:g}"
        return "yes or no" if self.kind == "yes_no" else f"one of {', '.join(self.words)}" if self.words else "a text"


ALLOWED: Mapping[str, Allowed] = {
    "epochs": Allowed("number", "times every training row is shown", 0.01, 100),
    "learning_rate": Allowed("number", "size of a training step", 1e-8, 1),
    "batch_size": Allowed("whole", "rows at a time", 1, 1_024),
    "rank": Allowed("whole", "rank of the LoRA matrices", 1, 1_024),
    "alpha": Allowed("number", "LoRA's scale; divided by the rank", 0.01, 8_192),
    "target_modules": Allowed("text", "layers that get matrices: all-linear, or names with commas"),
    "gradient_checkpointing": Allowed("yes_no", "less memory, a third more time"),
    "virtual_tokens": Allowed("whole", "length of the trained prefix", 1, 512),
    "bottleneck": Allowed("whole", "width inside an adapter; usually a sixteenth of the model's", 1, 16_384),
    "shots": Allowed("whole", "examples in the prompt", 1, 64),
    "calibration": Allowed("words", "how label scores are calibrated", words=("batch", "none")),
    "labels_per_row": Allowed(
        "number", "labels a row gets on average; usually as many as training rows have", 0.01, 1_000
    ),
    "list_labels": Allowed("yes_no", "the labels are listed in the instruction"),
    "max_prompt_tokens": Allowed("whole", "longer prompts are cut", 16, 1_000_000),
    "max_new_tokens": Allowed("whole", "longest answer; usually a quarter beyond the longest known one", 1, 16_384),
    "latency_rows": Allowed("whole", "test rows answered one at a time, for their latency", 0, 10_000),
    "strength": Allowed("number", "inverse of the regression's regularisation (C)", 1e-6, 1e6),
    "word_ngrams": Allowed("whole", "longest run of words that counts as a feature", 1, 5),
    "neighbours": Allowed("whole", "training rows that vote", 1, 256),
    "depth": Allowed("number", "share of the layers gone through; usually chosen on validation rows", 0.01, 1),
    "max_tokens": Allowed("whole", "longer texts are cut", 8, 100_000),
    "timeout_s": Allowed("number", "seconds to wait for an answer", 1, 600),
    "tries": Allowed("whole", "times a row is asked", 1, 20),
    "model": Allowed("text", "the model behind the given answers"),
}


def changeable(card: ArmCard) -> dict[str, Any]:
    """An arm's settings that a person may change, with their defaults; what a service is, is chosen elsewhere."""
    fixed = Service.__dataclass_fields__ if SERVICE in card.needs else {}
    return {name: value for name, value in card.settings.items() if name not in fixed}


def assigned(assignments: Sequence[str], cards: Sequence[ArmCard]) -> dict[str, dict[str, Any]]:
    """`ARM.SETTING=VALUE`, several of them, as the settings of a plan's choices.

    Raises:
        UnknownName: no such arm.
        PlanError: no such setting, or a value that it cannot have.
    """
    found: dict[str, dict[str, Any]] = {}
    for text in assignments:
        place, equals, value = text.partition("=")
        arm, dot, name = place.strip().rpartition(".")
        if not equals or not dot:
            raise PlanError(f"'{text}' sets nothing.", "Write ARM.SETTING=VALUE, such as lora.epochs=5.")
        known = next((card for card in cards if card.arm == arm), None)
        if known is None:
            near = difflib.get_close_matches(arm, [card.arm for card in cards], n=1)
            hint = f"Did you mean {near[0]}? " if near else ""
            raise UnknownName(f"No arm is called '{arm}'.", f"{hint}There are: {', '.join(c.arm for c in cards)}.")
        made = value_of(known, name, value)
        if made is not None:
            found.setdefault(arm, {})[name] = made
    return found


def value_of(card: ArmCard, name: str, text: str) -> Any:
    """A setting's value from what a person wrote; None leaves it as it is.

    Raises:
        PlanError: the arm has no such setting, or it cannot be this.
    """
    may = changeable(card)
    if name not in may:
        near = difflib.get_close_matches(name, may, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise PlanError(f"The arm {card.arm} has no setting '{name}'.", f"{hint}It has: {', '.join(may) or 'none'}.")
    said, allowed = text.strip(), ALLOWED[name]
    if said.lower() in USUAL and said.lower() not in allowed.words:
        return None
    made = _made(said, allowed)
    if made is None:
        raise PlanError(f"{name} of {card.arm} is '{said[:40]}'.", f"It can be {allowed.said}.")
    return made


def _made(said: str, allowed: Allowed) -> Any:
    lower = said.lower()
    if allowed.kind == "yes_no":
        return True if lower in YES else False if lower in NO else None
    if allowed.kind == "words":
        return lower if lower in allowed.words else None
    if allowed.kind == "text":
        parts = [part.strip() for part in said.split(",") if part.strip()]
        return parts[0] if len(parts) == 1 else parts or None
    try:
        number = float(said.replace("_", ""))
    except ValueError:
        return None
    whole = allowed.kind == "whole"
    if not allowed.low <= number <= allowed.high or (whole and number != int(number)):
        return None
    return int(number) if whole or number == int(number) else number


def shown(value: Any) -> str:
    """A setting's value as a person would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "usual" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
