"""Lines such as `__label__billing where is my invoice`, as fastText wants them: labels first, then the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from experiments.dataset import encodings
from experiments.dataset.formats import json_values
from experiments.dataset.source import Source
from experiments.dataset.table import Rows, Table

NAME = "fastText"
MARK = "__label__"
LINE = re.compile(rf"((?:{MARK}\S+[ \t,]*)+)[ \t]*(.*)", re.DOTALL)
ONE = re.compile(rf"{MARK}(\S+?),?(?=[ \t,]|$)")
SHARE = 0.9


def fits(lines: Sequence[str]) -> bool:
    """Nearly every line begins with a label."""
    filled = [line for line in lines if line.strip()]
    return len(filled) >= 2 and sum(line.startswith(MARK) for line in filled) >= SHARE * len(filled)


def read(source: Source, encoding: encodings.Encoding) -> Table:
    """Text and label of each line; a line without a label is rejected."""
    text = source.text(encoding.codec, encoding.errors)
    rows = Rows(NAME, encoding.name, most=source.most_rows)
    found: list[tuple[int, str, list[str]]] = []
    try:
        for number, line in enumerate(text, 1):
            if not line.strip():
                continue
            match = LINE.match(line.strip(json_values.AROUND))
            if match is None:
                rows.reject(number, f"the line does not begin with {MARK}")
                continue
            found.append((number, match[2].strip(), ONE.findall(match[1].strip())))
            if rows.most is not None and len(found) >= rows.most:
                break
    finally:
        text.detach()
    several = any(len(labels) > 1 for _, _, labels in found)
    rows.open(["text", "labels" if several else "label"])
    for number, words, labels in found:
        rows.add([words, labels if several else labels[0]], number)
    return rows.table(list(encoding.findings))
