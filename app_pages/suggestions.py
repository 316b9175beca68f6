"""What can be chosen from in the questionnaire's open fields; anything else may be typed."""

from __future__ import annotations

from advisor.catalog import facts
from advisor.vocabulary.languages import NAMES, language_name


def for_question(key: str) -> tuple[str, ...]:
    """Names to choose from, the usual ones first."""
    if key == "languages":
        return tuple(NAMES)
    if key == "gpus":
        return tuple(gpu.id for gpu in facts().gpus if gpu.kind == "gpu")
    if key in ("hosted_models", "hosted_times", "open_models"):
        hosted = key != "open_models"
        cards = sorted((m for m in facts().models if m.hosted == hosted), key=lambda m: not m.default)
        return tuple(card.id for card in cards)
    return ()


def shown(key: str, choice: str) -> str:
    """A choice as a person reads it: a language by its name, anything else as it is written."""
    return language_name(choice) if key == "languages" else choice
