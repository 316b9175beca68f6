"""What the command line says with a flag, the page says with the name of its field."""

from __future__ import annotations

import re

from app_pages.plain import plain
from experiments.dataset import FLAGS

# how a person on the page calls what the command line calls by its flag
LABELS = {
    "inputs": "What the model is given", "input_template": "Several columns as one input",
    "output": "The right answer", "instruction": "Instruction", "group": "Rows that belong together",
    "split_column": "Given split", "time": "Date", "given": "Answers of your present system",
    "task_type": "Kind of task", "sheet": "Sheet or file inside", "header": "Header row", "encoding": "Encoding",
    "delimiter": "Sign between cells", "label_separator": "Between several labels",
    "merge_labels": "Merge spellings of a label",
    "missing_labels": "Labels such as N/A", "bins": "Classes out of numbers", "bad_bytes": "Rows with broken bytes",
    "merged_cells": "Merged cells", "hidden_rows": "Hidden rows", "total_rows": "Rows that sum up the table",
    "leaks": "Test rows that stand in training too",
    "all_rows": "Slow checks on every row",
}  # fmt: skip
FIELDS = {flag.flag: flag.field for flag in FLAGS}
BY_FLAG = {flag.flag: LABELS[flag.field] for flag in FLAGS} | {
    "--arms": "Ways to try", "--minutes": "Minutes it may take", "--model": "Model", "--seed": "Seed",
    "--shots": "Examples in the prompt", "--base-url": "Address", "--api-model": "Model, as the service calls it",
    "--max-usd": "Spend at most (USD)", "--usd-per-1m-input": "USD per million tokens in",
    "--usd-per-1m-output": "USD per million tokens out", "--api-max-tokens": "Longest answer (tokens)",
}  # fmt: skip

# what an answer to a finding's question means, where the word itself does not say it
ANSWERS = {
    "leaks": {"train": "take them out of training", "test": "take them out of the test", "keep": "keep them"},
    "merge_labels": {"yes": "merge them", "no": "keep them apart"},
    "missing_labels": {"keep": "they are classes", "drop": "they mean no answer: leave the rows out"},
    "bad_bytes": {"skip": "leave such rows out", "replace": "keep them, with � in place of the bytes"},
    "merged_cells": {"fill": "fill them", "leave": "leave them empty"},
    "hidden_rows": {"keep": "keep them", "drop": "leave them out"},
    "total_rows": {"keep": "they are examples", "drop": "leave them out"},
    "split_column": {"none": "make a new split"},
    "header": {"yes": "the first line is the header", "no": "there is no header"},
    "bins": {"3": "three classes", "5": "five classes"},
}


def answer(field: str, option: str) -> str:
    """An answer as its button calls it."""
    if field == "header" and option.isdigit():
        return f"line {option}"
    return ANSWERS.get(field, {}).get(option, option)


def proposed(text: str, flag: str, options: tuple[str, ...]) -> str:
    """What a finding proposes, where its answers stand as buttons below: they are named instead of the flag."""
    field = FIELDS[flag]

    def named(found: re.Match[str]) -> str:
        option = found[2] or found[3]
        return f"“{answer(field, option)}”" if option in options else found[0]

    words = "|".join(re.escape(option) for option in sorted(options, key=len, reverse=True))
    text = re.sub(rf"({flag}) (?:'({words})'|({words})(?![\w]))", named, text)
    return said(re.sub(rf"(?:with )?{flag}\b", "below", text))


def said(text: str) -> str:
    """The engine's words, escaped, with the page's names in place of flags."""
    return plain(re.sub(r"--[a-z0-9-]+", lambda flag: f"“{BY_FLAG[flag[0]]}”" if flag[0] in BY_FLAG else flag[0], text))
