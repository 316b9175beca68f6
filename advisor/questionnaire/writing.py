"""TaskProfile → YAML that reads back to the same profile, and the commented template."""

from __future__ import annotations

import textwrap
from typing import Any

import yaml

from advisor.questionnaire.question import Question
from advisor.questionnaire.questions import PRIORITIES, QUESTIONS
from advisor.questionnaire.reading import WordsLoader
from advisor.questionnaire.values import bounds
from advisor.vocabulary import Priorities, TaskProfile


class WordsDumper(yaml.SafeDumper):
    """Writes what WordsLoader reads: yes and no need no quotes."""

    yaml_implicit_resolvers = WordsLoader.yaml_implicit_resolvers


def plain(profile: TaskProfile) -> dict[str, Any]:
    """The answers as plain values under their keys, unanswered left out; yes-no as words."""
    answers = {}
    for question in QUESTIONS:
        value = getattr(profile, question.key)
        if value is not None:
            answers[question.key] = _plain(question, value)
    return answers


def _plain(question: Question, value: Any) -> Any:
    if question.yes_no:
        return "yes" if value else "no"
    if isinstance(value, Priorities):
        return {key: getattr(value, key) for key in PRIORITIES}
    if question.kind == "gpus":
        return [{"name": gpu.name, "count": gpu.count} for gpu in value]
    if question.kind == "times":
        return [{"model": timed.model, "p95_ms": timed.p95_ms} for timed in value]
    return list(value) if isinstance(value, tuple) else value


def profile_to_yaml(profile: TaskProfile) -> str:
    """The answered keys, one per line, in the order of the questionnaire."""
    answers = plain(profile)
    if not answers:
        return "{}\n"
    return yaml.dump(answers, Dumper=WordsDumper, sort_keys=False, allow_unicode=True, width=100)


def template() -> str:
    """Every question with its help, unanswered; it reads as an empty profile."""
    lines = ["# Tune or Prompt: fill in what you know after the colons; an empty line stays unanswered.", ""]
    group = ""
    for question in QUESTIONS:
        if question.group != group:
            group = question.group
            lines += [f"# ---- {group} ----", ""]
        for sentence in (
            f"{question.label} {question.help}",
            f"{allowed(question)}  If empty: {assumption(question)}.",
        ):
            lines += [f"# {part}" for part in textwrap.wrap(sentence, 108)]
        lines += [f"{question.key}:", ""]
    return "\n".join(lines)


def allowed(question: Question) -> str:
    """What may be written, in words."""
    if question.kind == "choice":
        return " | ".join(question.choices)
    if question.kind == "number":
        return bounds(question)
    return {
        "text": "text",
        "list": "a list such as [a, b]",
        "gpus": "a list such as [{name: A100-80GB, count: 2}]",
        "times": "a list such as [{model: openai/gpt-6-luna, p95_ms: 640}]",
        "priorities": "weights such as {quality: 3, cost: 1}; keys: " + ", ".join(PRIORITIES),
    }[question.kind]


def assumption(question: Question) -> str:
    """What is taken when nobody answers, in words."""
    drawn = question.when_unanswered
    if drawn is None:
        return question.assumed
    unit = f" {question.unit}" if question.unit else ""
    if question.key == "peak_requests_per_second":
        return f"{drawn.low:g} to {drawn.high:g} times the month's average"
    return f"between {drawn.low:,g} and {drawn.high:,g}{unit}, typically {drawn.typical:,g}"
