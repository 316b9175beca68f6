"""What a prompt tells the model to do: the team's words, or words drafted from the data; labels in readable form."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from advisor.vocabulary import Example

TASK_SENTENCES = {
    "classification": "Decide which label fits the text.",
    "multi_label_classification": "Decide which labels fit the text; there may be several.",
    "extraction": "Extract the information that is asked for from the text.",
    "summarisation": "Summarise the text.",
    "generation": "Write the text that belongs to the input.",
    "question_answering": "Answer the question, as briefly as possible.",
    "reasoning": "Solve the problem step by step, and end with the final answer.",
    "code": "Write the code that is asked for.",
    "text_to_sql": "Write one SQL query that answers the question.",
    "function_calling": "Answer with the function call that does what the user asks.",
    "chat": "Answer the user.",
}


def draft_instruction(task_type: str, outputs: Sequence[str]) -> str:
    """An instruction for a team that has none: the task in a sentence, and the form its answers show."""
    sentence = TASK_SENTENCES.get(task_type, TASK_SENTENCES["generation"])
    if task_type.endswith("classification"):
        return sentence
    keys = json_keys(outputs)
    if keys:
        return f"{sentence} Answer with one JSON object with the keys {', '.join(keys)}; leave out what is not there."
    if task_type in ("summarisation", "generation") and outputs:
        words = sorted(len(output.split()) for output in outputs)
        return f"{sentence} Use about {max(1, words[len(words) // 2])} words."
    return sentence


def instruction_for(task_type: str, stated: str, examples: Sequence[Example]) -> str:
    """The instruction of a pilot: the team's, else what all rows' own ones share, else one drafted from the answers."""
    if stated.strip():
        return stated.strip()
    return shared_instruction(examples) or draft_instruction(task_type, [e.output for e in examples])


def instruction_when_tuned(task_type: str, stated: str, labels: Sequence[str], examples: Sequence[Example]) -> str:
    """The team's instruction; none is drafted where a label is learned: it would only make every row longer."""
    if task_type == "classification" and labels:
        return stated.strip()
    return instruction_for(task_type, stated, examples)


def json_keys(outputs: Sequence[str]) -> tuple[str, ...]:
    """Keys of the answers, most frequent first, when every answer is a flat JSON object with at most 20 keys in all."""
    counts: Counter[str] = Counter()
    for output in outputs:
        try:
            value = json.loads(output)
        except (ValueError, RecursionError):
            return ()
        if not isinstance(value, dict):
            return ()
        counts.update(value.keys())
    return tuple(key for key, _ in counts.most_common()) if len(counts) <= 20 else ()


def shared_instruction(examples: Iterable[Example]) -> str | None:
    """What all rows' own instructions begin with, cut after a whole sentence; None where rows have none."""
    own = {e.instruction.strip() for e in examples if e.instruction and e.instruction.strip()}
    if not own:
        return None
    prefix = common_start(min(own), max(own))
    if len(own) == 1 or prefix in own:
        return prefix
    ends = [m.end() for m in re.finditer(r"[.!?:。！？]\s|\n", prefix + " ")]
    return prefix[: ends[-1]].strip() if ends else ""


def common_start(first: str, last: str) -> str:
    """What two texts begin with alike; for the least and greatest of many, what all of them do."""
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:length]


def readable_labels(labels: Sequence[str], instruction: str = "") -> dict[str, str]:
    """Label → words a model knows ("AddToPlaylist" → "add to playlist"), or unchanged.

    Unchanged where the words would make two labels equal, or where the team's instruction uses the labels as they are.
    """
    if any(len(label) > 2 and label in instruction for label in labels):
        return {label: label for label in labels}
    words = {label: readable(label) for label in labels}
    unique = len(set(words.values())) == len(words) and all(words.values())
    return words if unique else {label: label for label in labels}


def readable(label: str) -> str:
    """Snake, kebab, dotted and camel case as lower-case words; anything with spaces stays as it is."""
    text = label.strip()
    if not text or re.search(r"\s", text) or not re.search(r"[A-Za-z]", text):
        return text
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    text = re.sub(r"[_\-.:/?]+", " ", text)
    words = [w if w.isupper() and len(w) <= 4 and text != text.upper() else w.lower() for w in text.split()]
    return " ".join(words)
