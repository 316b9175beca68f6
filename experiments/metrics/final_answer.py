"""Share of worked solutions whose final answer is right, whatever the steps say."""

from __future__ import annotations

import re

from experiments.metrics.metric import Metric, best_over
from experiments.metrics.words import cleaned

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:/\d+)?")
MARKED = re.compile(r"(?:####|final answer(?: is)?:?|the answer is:?|\\boxed\{)\s*([^\n}]+)", re.IGNORECASE)


def final(text: str) -> str:
    """What follows the last mark of an answer ("####", "the answer is"), else the last number, else the last line."""
    marked = MARKED.findall(text)
    if marked:
        text = marked[-1]
    numbers = NUMBER.findall(text)
    if numbers:
        return number(numbers[-1] if not marked else numbers[0])
    lines = [line for line in text.splitlines() if line.strip()]
    return cleaned(lines[-1]) if lines else ""


def number(text: str) -> str:
    """One spelling for a number: no thousands separators, no trailing zeros."""
    plain = text.replace(",", "")
    if "/" in plain:
        return plain
    return f"{float(plain):.10g}"


def one(prediction: str, reference: str) -> float:
    """1 where both end in the same answer."""
    asked = final(reference)
    return float(bool(asked) and final(prediction) == asked)


METRIC = Metric(
    name="final_answer",
    label="Final answer",
    one_line="share of solutions that end in the right number or word",
    row=best_over(one),
    tasks=("reasoning",),
)
