"""What can be chosen from in the questionnaire's open lists."""

from __future__ import annotations

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "no", "da", "fi", "cs", "tr", "ar", "hi", "zh", "ja")


def for_question(key: str) -> tuple[str, ...]:
    """Names to choose from; others may always be typed."""
    return LANGUAGES if key == "languages" else ()
