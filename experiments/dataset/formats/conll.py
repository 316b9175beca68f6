"""One word per line with its tag, sentences apart by blank lines, as CoNLL and many tools for entities write them."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.dataset import encodings, words
from experiments.dataset.formats import json_values
from experiments.dataset.source import Source
from experiments.dataset.table import Rows, Table

NAME = "CoNLL"
BETWEEN_DOCUMENTS = "-DOCSTART-"
SHARE = 0.95


def fits(lines: Sequence[str]) -> bool:
    """Blank lines between, two columns and more, the last one tags such as B-PER and O."""
    filled = [line.split() for line in lines if line.strip() and not _is_comment(line)]
    if len(filled) < 2 or len(filled) == len(lines) or {len(cells) for cells in filled} & {0, 1}:
        return False
    tags = [cells[-1] for cells in filled]
    return words.are_tags(tags) and len({len(cells) for cells in filled}) <= 2


def _is_comment(line: str) -> bool:
    return line.startswith(("# ", BETWEEN_DOCUMENTS))


def read(source: Source, encoding: encodings.Encoding) -> Table:
    """Each sentence as one row of words and tags; a line that is neither costs its sentence."""
    text = source.text(encoding.codec, encoding.errors)
    rows = Rows(NAME, encoding.name, most=source.most_rows)
    rows.open(["tokens", "tags"])
    tokens: list[str] = []
    tags: list[str] = []
    begins, broken = 1, False
    try:
        for number, line in enumerate([*text, ""], 1):
            cells = line.strip(json_values.AROUND).split("\t" if "\t" in line else None)
            if _is_comment(line):
                continue
            if cells and any(cells):
                begins = begins if tokens or broken else number
                broken = broken or len(cells) < 2
                tokens.append(cells[0].strip())
                tags.append(cells[-1].strip())
                continue
            if broken:
                rows.reject(begins, "a line of this sentence has no tag")
            elif tokens:
                rows.add([tokens, tags], begins)
            tokens, tags, broken = [], [], False
            if rows.full:
                break
    finally:
        text.detach()
    return rows.table(list(encoding.findings))
