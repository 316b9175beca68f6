"""A hosted model's words → a label of the task, or none: exact, or the same but for case, marks and quotes."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence

from experiments.metrics.json_values import parsed
from experiments.metrics.labels import listed_labels

BEFORE = re.compile(r"^\s*(?:the\s+)?(?:label|answer|category|class|intent)s?\s*(?:is\s*)?[:=]\s*", re.IGNORECASE)


class LabelReader:
    """Knows every label under its own name and under the words that stand for it in the prompt."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._exact = {**{words: label for label, words in names.items()}, **{label: label for label in names}}
        folded: dict[str, set[str]] = {}
        for words, label in self._exact.items():
            folded.setdefault(normal(words), set()).add(label)
        self._folded = {text: next(iter(found)) for text, found in folded.items() if len(found) == 1 and text}

    def one(self, text: str) -> str | None:
        """The label an answer names; None when it names none, or more than the label alone."""
        said = text.strip()
        if said in self._exact:
            return self._exact[said]
        value = parsed(said)
        if isinstance(value, dict) and len(value) == 1:
            value = next(iter(value.values()))
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, str):
            said = value
        return self._folded.get(normal(BEFORE.sub("", said)))

    def several(self, text: str) -> str | None:
        """The labels of an answer as a JSON list; None when one of them is none of the task's."""
        value = parsed(text)
        if isinstance(value, dict) and len(value) == 1:
            value = next(iter(value.values()))
        listed: Sequence[str] = [str(v) for v in value] if isinstance(value, list) else listed_labels(text)
        found = [self.one(part) for part in listed if part.strip()]
        known = [label for label in found if label is not None]
        if len(known) < len(found) or (not found and not isinstance(value, list)):
            return None
        return json.dumps(list(dict.fromkeys(known)), ensure_ascii=False)


def normal(text: str) -> str:
    """Letters and digits of a text, case and marks aside; what stands between words is one space."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(c if unicodedata.category(c)[0] in "LNM" or c in "+#&%" else " " for c in folded)
    return " ".join(kept.split())
