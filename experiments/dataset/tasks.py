"""What kind of task the rows are, with the reason; the person may say otherwise."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from experiments.dataset import names
from experiments.dataset.targets import Target
from experiments.dataset.traits import NUMBER

SQL = re.compile(
    r"\s*(?:select\b.+\bfrom\b|with\b.+\bselect\b|insert\s+into\b|update\b.+\bset\b|delete\s+from\b)", re.I | re.S
)
CODE = re.compile(
    r"```|^\s*(?:def |class |import |from \w+ import |#include|function |public |const |let |var |return )|[;{]\s*$",
    re.M,
)
FINAL = re.compile(r"####\s*\S|\\boxed\{|(?:final answer|the answer is)\b", re.I)
SAMPLE_ROWS = 2_000
MOST = 0.8
# assumption: an answer that comes back this often, and is this short, is one of a set
CLASS_SHARE, CLASS_CHARACTERS, CLASS_COUNT = 0.2, 80, 300
SUMMARY_SHARE, SUMMARY_INPUT_CHARACTERS = 0.6, 300
SHORT_ANSWER_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Rows:
    """What the decision looks at: a sample of the rows, and the names of the columns."""

    inputs: Sequence[str]
    outputs: Sequence[str]
    output_name: str
    input_names: tuple[str, ...]
    target: Target
    several_turns: float = 0.0
    calls: float = 0.0
    from_chat: bool = False


def decide(rows: Rows) -> tuple[str, str]:
    """The task type and why."""
    if rows.target.kind == "labels":
        return "multi_label_classification", rows.target.why
    if rows.target.kind == "spans":
        return "extraction", rows.target.why
    for judge in (_structured, _classes, _texts):
        if (found := judge(rows)) is not None:
            return found
    return "generation", "the answers are texts of their own"


def _share(texts: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(1 for text in texts if test(text)) / max(1, len(texts))


def _structured(rows: Rows) -> tuple[str, str] | None:
    if rows.calls >= MOST:
        return "function_calling", "the last answer of the conversations calls a tool"
    if (share := _share(rows.outputs, _is_call)) >= MOST:
        return "function_calling", f"{share:.0%} of the answers are calls with a name and arguments"
    if (share := _share(rows.outputs, is_json)) >= MOST:
        return "extraction", f"{share:.0%} of the answers are JSON"
    if (share := _share(rows.outputs, SQL.match)) >= MOST:
        return "text_to_sql", f"{share:.0%} of the answers are SQL"
    if rows.several_turns >= 0.3:
        return "chat", f"{rows.several_turns:.0%} of the conversations have several turns"
    return None


def is_json(text: str) -> bool:
    """Is the text a JSON object or list?"""
    stripped = text.strip()
    if stripped[:1] not in ("{", "["):
        return False
    try:
        json.loads(stripped)
    except (json.JSONDecodeError, RecursionError):
        return False
    return True


def _is_call(text: str) -> bool:
    if '"arguments"' not in text and '"parameters"' not in text:
        return False
    try:
        value = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return False
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and "name" in first


def _classes(rows: Rows) -> tuple[str, str] | None:
    """Few different short answers; a column called label is believed sooner than one called output."""
    different = Counter(rows.outputs)
    count, total = len(different), len(rows.outputs)
    called_label = rows.output_name in names.LABEL_OUTPUT or rows.output_name.endswith(names.WEAK_OUTPUT_ENDS[:6])
    weak = rows.output_name in names.WEAK_OUTPUT
    again = sum(number for number in different.values() if number > 1) / max(1, total)
    why = f"{count} different answers in {total:,} rows looked at"
    if called_label and (again >= 0.3 or count <= max(2, total // 2)):
        return "classification", f"the column is called '{rows.output_name}' and has {why}"
    short = sum(map(len, different)) / max(1, count) <= CLASS_CHARACTERS
    few = 2 <= count <= min(CLASS_COUNT, max(2, int(CLASS_SHARE * total)))
    if few and short and not _questions(rows):
        return "classification", why
    if (weak or called_label) and count <= max(2, total // 2) and short:
        return "classification", f"the column is called '{rows.output_name}' and has {why}"
    return None


def _questions(rows: Rows) -> bool:
    """Questions with free answers: few different ones do not make them classes."""
    plain = {names.plain(name) for name in rows.input_names}
    if plain & {"question", "query"} and plain & {"context", "passage", "article", "document"}:
        pairs = zip(rows.inputs[:500], rows.outputs[:500], strict=True)
        if sum(answer in given for given, answer in pairs) >= MOST * len(rows.inputs[:500]):
            return True
    asked = _share(rows.inputs[:500], lambda text: "?" in text)
    numeric = _share(rows.outputs[:500], lambda text: NUMBER.fullmatch(text.strip()))
    return rows.output_name in names.FREE_OUTPUT and asked >= 0.5 and numeric >= 0.5


def _texts(rows: Rows) -> tuple[str, str] | None:
    long_in, long_out = median(map(len, rows.inputs or [""])), median(map(len, rows.outputs or [""]))
    if (share := _share(rows.outputs, FINAL.search)) >= MOST:
        return "reasoning", f"{share:.0%} of the answers work towards a marked final answer"
    if rows.output_name in names.SUMMARY_OUTPUT:
        return "summarisation", f"the column is called '{rows.output_name}'"
    if rows.output_name in ("code", "solution") or _share(rows.outputs, CODE.search) >= 0.6:
        return "code", "the answers look like program code"
    asked = _share(rows.inputs, lambda text: text.rstrip().endswith("?") or "?\n" in text)
    named = {"question", "query", "frage", "pregunta"} & {names.plain(name) for name in rows.input_names}
    if (asked >= 0.6 or named) and long_out <= SHORT_ANSWER_CHARACTERS:
        return "question_answering", "questions with short answers"
    if long_in >= SUMMARY_INPUT_CHARACTERS and long_out <= 0.35 * long_in and rows.output_name not in names.FREE_OUTPUT:
        return "summarisation", "long texts with much shorter ones as answers"
    return None
