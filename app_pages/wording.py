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
    "merged_cells": "Merged cells", "hidden_rows": "Hidden rows", "leaks": "Test rows that stand in training too",
    "all_rows": "Slow checks on every row",
}  # fmt: skip
BY_FLAG = {flag.flag: LABELS[flag.field] for flag in FLAGS} | {
    "--arms": "Ways to try", "--minutes": "Minutes it may take", "--model": "Model", "--seed": "Seed",
    "--shots": "Examples in the prompt", "--base-url": "Address", "--api-model": "Model, as the service calls it",
    "--max-usd": "Spend at most (USD)", "--usd-per-1m-input": "USD per million tokens in",
    "--usd-per-1m-output": "USD per million tokens out", "--api-max-tokens": "Longest answer (tokens)",
}  # fmt: skip


def said(text: str) -> str:
    """The engine's words, escaped, with the page's names in place of flags."""
    return plain(re.sub(r"--[a-z0-9-]+", lambda flag: f"“{BY_FLAG[flag[0]]}”" if flag[0] in BY_FLAG else flag[0], text))
