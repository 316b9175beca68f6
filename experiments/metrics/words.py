"""Answers as words: one way to clean and split them, for the metrics that compare words."""

from __future__ import annotations

import re
import unicodedata

ARTICLES = re.compile(r"\b(a|an|the)\b")  # SQuAD's evaluation drops the English articles; Rajpurkar et al. 2016
NO_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def cleaned(text: str, *, articles: bool = False) -> str:
    """Lower case, no punctuation, single spaces, no English articles unless asked for (SQuAD's rule, any script)."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(" " if unicodedata.category(c)[0] in "PS" and c not in "%$€£" else c for c in folded)
    return " ".join((bare if articles else ARTICLES.sub(" ", bare)).split())


def words(text: str, *, articles: bool = False) -> list[str]:
    """The words of a cleaned text; scripts written without spaces are taken character by character."""
    found: list[str] = []
    for word in cleaned(text, articles=articles).split():
        if NO_SPACES.search(word):
            found += [piece for piece in re.split(f"({NO_SPACES.pattern})", word) if piece]
        else:
            found.append(word)
    return found
