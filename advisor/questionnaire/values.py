"""One answer as written → the value a TaskProfile holds, or a sentence that says what is allowed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from advisor.errors import ProfileError
from advisor.questionnaire.question import Question
from advisor.questionnaire.questions import BY_KEY, PRIORITIES
from advisor.vocabulary import HostedTime, OwnGpu, Priorities
from advisor.vocabulary.languages import language_code
from advisor.vocabulary.saying import nearest

LONGEST_TEXT = 20_000
LONGEST_LIST = 200


def shown(value: object) -> str:
    """A value as it may stand in a message: quoted and never longer than a line."""
    text = f"'{value}'" if isinstance(value, str) else str(value)
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= 60 else text[:57] + "…"


def question_for(key: object, line: int | None = None) -> Question:
    """The row of a key; an unknown key names the nearest one."""
    if isinstance(key, str) and key in BY_KEY:
        return BY_KEY[key]
    mend = nearest(str(key), tuple(BY_KEY)) or "`python -m advisor questions` lists every key."
    raise ProfileError(f"Unknown key {shown(key)}{where(line)}.", mend, line=line)


def where(line: int | None) -> str:
    """' in line 3', or nothing where no line is known."""
    return f" in line {line}" if line is not None else ""


def value_of(question: Question, written: Any, line: int | None = None) -> Any:
    """Check one written answer; None stays None (unanswered)."""
    if written is None:
        return None
    return READERS[question.kind](question, written, line)


def wrong(question: Question, written: object, allowed: str, line: int | None, hint: str = "") -> ProfileError:
    """The error of an answer that cannot be used: key, line, what was written, what is allowed."""
    return ProfileError(
        f"'{question.key}'{where(line)} is {shown(written)}.", f"It must be {allowed}. {hint}".strip(), line=line
    )


def _choice(question: Question, written: Any, line: int | None) -> Any:
    word = {True: "yes", False: "no"}.get(written, written) if isinstance(written, bool) else written
    allowed = "one of " + ", ".join(question.choices)
    if not isinstance(word, str):
        raise wrong(question, written, allowed, line)
    word = word.strip()
    if word not in question.choices:
        raise wrong(question, written, allowed, line, nearest(word, question.choices))
    return word == "yes" if question.yes_no else word


def bounds(question: Question) -> str:
    """The allowed range in words, e.g. 'a whole number from 2 to 100,000 (categories)'."""
    kind = "a whole number" if question.whole else "a number"
    unit = f" ({question.unit})" if question.unit else ""
    return f"{kind} from {question.low:,.15g} to {question.high:,.15g}{unit}"


def _number(question: Question, written: Any, line: int | None) -> float | int:
    if isinstance(written, bool) or not isinstance(written, int | float):
        hint = ""
        if isinstance(written, str) and re.fullmatch(r"[\d.,_ ]+(?:[kKmM%]|e\d+)?", written.strip()):
            hint = "Write it with digits and a decimal point only, such as 20000 or 0.85."
        elif isinstance(written, str) and question.unit and re.match(r"[\d.]+ *[^\d\s.]", written.strip()):
            hint = f"Write the number alone; it counts in {question.unit}."
        raise wrong(question, written, bounds(question), line, hint)
    try:
        number = float(written)
    except OverflowError:
        number = math.inf
    low, high = question.low or 0.0, question.high or math.inf
    if not math.isfinite(number) or not low <= number <= high:
        percent = question.unit.startswith("score") and 1 < number <= 100
        raise wrong(question, written, bounds(question), line, f"Did you mean {number / 100:g}?" if percent else "")
    if question.whole:
        if number != int(number):
            raise wrong(question, written, bounds(question), line)
        return int(number)
    return number


def _text(question: Question, written: Any, line: int | None) -> str:
    if isinstance(written, dict | list) or len(str(written)) > LONGEST_TEXT:
        raise wrong(question, written, f"text of at most {LONGEST_TEXT:,} characters", line)
    if isinstance(written, bool):
        return "true" if written else "false"
    return str(written).strip()


def _list(question: Question, written: Any, line: int | None) -> tuple[str, ...]:
    items = written if isinstance(written, list) else [written]
    if len(items) > LONGEST_LIST or any(isinstance(i, dict | list) or i is None or i == "" for i in items):
        raise wrong(question, written, f"a list of at most {LONGEST_LIST} names, such as [a, b]", line)
    texts = tuple(_text(question, item, line) for item in items)
    return tuple(map(language_code, texts)) if question.key == "languages" else texts


def _gpus(question: Question, written: Any, line: int | None) -> tuple[OwnGpu, ...]:
    allowed = "a list such as [{name: A100-80GB, count: 2}]"
    items = written if isinstance(written, list) else [written]
    found = []
    for item in items:
        row = {"name": item} if isinstance(item, str) else item
        if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not set(row) <= {"name", "count"}:
            raise wrong(question, written, allowed, line)
        count = 1 if row.get("count") is None else row["count"]
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 100_000:
            raise wrong(question, written, f"{allowed}; 'count' a whole number from 1 to 100,000", line)
        found.append(OwnGpu(row["name"].strip(), count))
    return tuple(found)


def _times(question: Question, written: Any, line: int | None) -> tuple[HostedTime, ...]:
    allowed = "a list such as [{model: openai/gpt-6-luna, p95_ms: 640}]"
    items = written if isinstance(written, list) else [written]
    found: dict[str, HostedTime] = {}
    for item in items:
        if not isinstance(item, dict) or not isinstance(item.get("model"), str) or set(item) != {"model", "p95_ms"}:
            raise wrong(question, written, allowed, line)
        name, timed = item["model"].strip(), item["p95_ms"]
        low, high = question.low or 0.0, question.high or math.inf
        if isinstance(timed, bool) or not isinstance(timed, int | float) or not low <= timed <= high:
            raise wrong(question, timed, f"{allowed}; 'p95_ms' {bounds(question)}", line)
        if name.casefold() in found:
            raise wrong(question, name, f"{allowed}; each model once", line)
        found[name.casefold()] = HostedTime(name, float(timed))
    return tuple(found.values())


def _priorities(question: Question, written: Any, line: int | None) -> Priorities:
    allowed = "weights such as {quality: 3, cost: 1}; the keys are " + ", ".join(PRIORITIES)
    if not isinstance(written, dict):
        raise wrong(question, written, allowed, line)
    for key, weight in written.items():
        if key not in PRIORITIES:
            raise wrong(question, f"{key}: {weight}", allowed, line, nearest(str(key), PRIORITIES))
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 1e6:
            raise wrong(question, f"{key}: {weight}", f"{allowed}; each weight 0 or more", line)
    weights = {key: float(written.get(key) or 0.0) for key in PRIORITIES} if written else {}
    if weights and not any(weights.values()):
        raise wrong(question, written, f"{allowed}; at least one above 0", line)
    return Priorities(**weights)


READERS: dict[str, Callable[[Question, Any, int | None], Any]] = {
    "choice": _choice,
    "number": _number,
    "text": _text,
    "list": _list,
    "gpus": _gpus,
    "times": _times,
    "priorities": _priorities,
}
