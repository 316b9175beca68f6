"""Several labels in one cell: how they are separated, taken apart and written in one canonical form.

Several labels have one canonical form everywhere: a JSON list of the different labels in code point order,
for example `["card", "new"]`; no label at all is `[]`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

SEPARATORS = ("|", ";", ",", "+", "\n")
# also signs inside a label: taken only in a column called labels, tags or the like
SEPARATORS_OF_PLURALS = (" / ", "/", " ")
PLURALS = ("labels", "tags", "topics", "categories", "classes", "intents", "emotions", "annotations", "etiketten")
# between numbers of labels; a plus or a slash there is arithmetic or a date
NUMBER_SEPARATORS = (",", ";", "|", " ")
WHOLE_NUMBER = re.compile(r"\d{1,4}")
NUMBERED_ENDS = ("ids", "_idx", "_indices", "labels")
SEPARATOR_WORDS = {
    "comma": ",",
    "semicolon": ";",
    "bar": "|",
    "pipe": "|",
    "tab": "\t",
    "space": " ",
    "newline": "\n",
    "\\t": "\t",
}
# labels between quotes, straight or curly, as Python and NumPy print lists and sets
ITEM = r"""(?:'[^']*'|"[^"]*"|‘[^’]*’|“[^”]*”)"""
PRINTED_LIST = re.compile(rf"[\[{{(]\s*(?:{ITEM}\s*(?:,?\s*{ITEM}\s*)*,?)?\s*[\]}})]")
BARE_LIST = re.compile(r"\[[^\[\]{}\"']*\]")
HASHTAGS = re.compile(r"\s*#[^\s#]+(?:[\s,;]*#[^\s#]+)*\s*")
# assumption: a label is a name, not a sentence
LABEL_CHARACTERS, LABEL_WORDS = 60, 6
SEVERAL_SHARE = 0.05


def why_several(texts: Sequence[str], separator: str, wanted: bool) -> str:
    """Why this sign separates labels; empty when it does not: the parts must come back in other combinations."""
    combinations = Counter(texts)
    if not any(separator in text for text in combinations):
        return ""
    cut = {text: split(text, separator) for text in combinations}
    several = sum(count for text, count in combinations.items() if len(cut[text]) > 1)
    parts: Counter[str] = Counter()
    for labels in cut.values():
        parts.update(set(labels))
    said = "line ends" if separator == "\n" else f"'{separator}'"
    if wanted and several:
        return f"labels separated by {said}"
    short = sum(map(is_short, parts))
    again = sum(count > 1 for count in parts.values())
    fits = (
        several >= SEVERAL_SHARE * len(texts)
        and len(parts) < len(combinations)
        and len(parts) <= max(3, len(texts) // 5)
    )
    if fits and again >= len(parts) / 2 and short >= 0.95 * len(parts):
        return f"{len(parts)} labels separated by {said} come back in {len(combinations)} combinations"
    return ""


def numbered(plain: str, texts: Sequence[str]) -> tuple[str, str] | None:
    """The separator of numbers of labels such as `0,3` or `1;4;7`, and why; None where they may be decimals.

    Between commas it takes a cell with three numbers, or a name such as label_ids: `1,5` alone is one and a half.
    """
    for separator in NUMBER_SEPARATORS:
        if not any(separator in text for text in texts):
            continue
        cells = [[part.strip() for part in text.split(separator)] for text in texts]
        if not all(all(map(WHOLE_NUMBER.fullmatch, parts)) and len(set(parts)) == len(parts) for parts in cells):
            continue
        groups = all(len(part) == 3 for parts in cells for part in parts[1:])  # thousands, as in 1,250
        named = plain in PLURALS or plain.endswith(NUMBERED_ENDS)
        certain = separator in ";|" or named or (not groups and any(len(parts) > 2 for parts in cells))
        several = sum(len(parts) > 1 for parts in cells)
        known = Counter(part for parts in cells for part in parts)
        again = sum(count > 1 for count in known.values())
        fits = several >= SEVERAL_SHARE * len(texts) and len(known) <= max(3, len(texts) // 2)
        if certain and fits and 2 * again >= len(known):
            return (
                separator,
                f"{len(known)} numbers of labels separated by '{separator}' come back in {len(texts):,} rows",
            )
    return None


def is_short(label: str) -> bool:
    """Short enough for the name of a label."""
    return len(label) <= LABEL_CHARACTERS and len(label.split()) <= LABEL_WORDS


def is_list(text: str) -> bool:
    """Is the cell written as a list, of JSON, Python or NumPy?"""
    stripped = text.strip()
    if stripped[:1] not in "[{(":
        return False
    return (stripped[:1] == "[" and stripped[-1:] == "]") or PRINTED_LIST.fullmatch(stripped) is not None


def split(text: str, separator: str | None) -> list[str]:
    """The labels of one cell: a JSON list, a Python list, or parts between separators."""
    stripped = text.strip()
    if is_list(stripped):
        try:
            value = json.loads(stripped)
        except (json.JSONDecodeError, RecursionError):
            if PRINTED_LIST.fullmatch(stripped):
                return [item[1:-1] for item in re.findall(ITEM, stripped)]
            if BARE_LIST.fullmatch(stripped):
                return [part.strip() for part in stripped[1:-1].split(",") if part.strip()]
        else:
            if isinstance(value, list):
                return [scalar(item) for item in value]
    if separator is None:
        return [stripped] if stripped else []
    return [part.strip(" ,;\t\r\n" if separator == "#" else None) for part in stripped.split(separator) if part.strip()]


def scalar(item: Any) -> str:
    """One item of a list as a label."""
    return item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)


def canonical(labels: Iterable[str]) -> str:
    """Several labels as one text; see the top of this file."""
    return json.dumps(sorted({label for label in labels if label.strip()}), ensure_ascii=False)


def labels_of(output: str) -> list[str]:
    """The labels of a canonical text."""
    return [str(label) for label in json.loads(output)]
