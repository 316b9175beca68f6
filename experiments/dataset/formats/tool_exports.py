"""Records of annotation tools and nested benchmarks as plain rows: Label Studio, SQuAD, wrapped search hits."""

from __future__ import annotations

from typing import Any

INSIDE = ("_source", "properties")


def expand(value: Any) -> list[Any]:
    """The rows in one record; almost always the record itself."""
    if not isinstance(value, dict):
        return [value]
    if isinstance(value.get("data"), dict) and isinstance(value.get("annotations"), list):
        return [_label_studio(value)]
    if isinstance(value.get("paragraphs"), list):
        return _squad(value)
    if isinstance(value.get("question"), dict) and "choices" in value["question"]:
        asked = value["question"]
        value = {**value, "question": asked.get("stem", asked.get("text")), "choices": asked["choices"]}
    if isinstance(value.get("questions"), list) and isinstance(value.get("answers"), list):
        return _race(value)
    for key in INSIDE:
        if isinstance(value.get(key), dict) and len(value[key]) > 1:
            return [value[key]]
    return [{key: _choices(cell) for key, cell in value.items()}]


def _choices(cell: Any) -> Any:
    """Several choices in a short export of Label Studio, `{"choices": [...]}`, as the list they are."""
    if isinstance(cell, dict) and set(cell) == {"choices"} and isinstance(cell["choices"], list):
        return cell["choices"]
    return cell


def _label_studio(value: dict[str, Any]) -> dict[str, Any]:
    """The data's own columns, and what was annotated; where several people did, each answer with who gave it."""
    done = [item for item in value["annotations"] if isinstance(item, dict) and not item.get("was_cancelled")]
    row = dict(value["data"])
    if len(done) < 2:
        return {**row, **_annotated(done[0] if done else {})}
    found = [(_who(item, place), _annotated(item)) for place, item in enumerate(done)]
    for key in dict.fromkeys(key for _, answers in found for key in answers):
        row[key] = [{"value": answers[key], "user_id": who} for who, answers in found if key in answers]
    return row


def _who(annotation: dict[str, Any], place: int) -> str:
    """The annotator's id, or the place in the list where none is kept."""
    person = annotation.get("completed_by", place)
    return str(person.get("id", place) if isinstance(person, dict) else person)


def _annotated(annotation: dict[str, Any]) -> dict[str, Any]:
    """The choices, spans, text or rating of one annotation."""
    row: dict[str, Any] = {}
    labels: list[Any] = []
    spans: list[Any] = []
    for item in annotation.get("result") or []:
        if not isinstance(item, dict):
            continue
        found = item.get("value") or {}
        if "choices" in found:
            labels += found["choices"]
        elif "labels" in found and "start" in found:
            spans += [{"start": found["start"], "end": found["end"], "label": label} for label in found["labels"]]
        elif "text" in found:
            texts = found["text"]
            row["answer"] = texts[0] if isinstance(texts, list) and texts else texts
        elif "rating" in found:
            row["rating"] = found["rating"]
    if spans:
        row["spans"] = spans
    elif labels:
        row["label"] = labels if len(labels) > 1 else labels[0]
    return row


def _race(value: dict[str, Any]) -> list[Any]:
    """One row per question about the same article; the record itself where the lists are of different length."""
    asked, answers, offered = value["questions"], value["answers"], value.get("options")
    if not isinstance(offered, list) or not len(asked) == len(answers) == len(offered):
        return [value]
    shared = {key: cell for key, cell in value.items() if key not in ("questions", "answers", "options")}
    return [
        {**shared, "question": question, "options": options, "answer": answer}
        for question, options, answer in zip(asked, offered, answers, strict=True)
    ]


def _squad(value: dict[str, Any]) -> list[Any]:
    """One row per question; what has no answer has an empty one."""
    rows: list[Any] = []
    for paragraph in value["paragraphs"]:
        if not isinstance(paragraph, dict):
            continue
        for asked in paragraph.get("qas") or []:
            if isinstance(asked, dict):
                said = [answer.get("text") for answer in asked.get("answers") or [] if isinstance(answer, dict)]
                rows.append({"context": paragraph.get("context"), "question": asked.get("question"), "answers": said})
    return rows
