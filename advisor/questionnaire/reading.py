"""A profile as YAML or as a mapping → TaskProfile. `yes`, `no`, `on` and `off` stay words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from advisor.errors import ProfileError, all_at_once
from advisor.questionnaire.values import question_for, shown, value_of
from advisor.vocabulary import TaskProfile

LONGEST_FILE = 1_000_000
DEEPEST = 10
MENDING = (
    "A profile is a list of lines 'key: value'; `python -m advisor questions --template FILE` writes one to fill in."
)


class WordsLoader(yaml.SafeLoader):
    """YAML in which only true and false are truth values and dates are text (so `no` can mean Norwegian)."""


WordsLoader.yaml_implicit_resolvers = {
    first: [
        (tag, regexp) for tag, regexp in rows if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for first, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
WordsLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
# YAML 1.1 reads 1e6 as text; people mean a million
WordsLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9][0-9_]*(?:\.[0-9]*)?[eE][-+]?[0-9]+$"), list("-+0123456789")
)


def profile_from_yaml(text: str) -> TaskProfile:
    """Read a profile; every mistake is a ProfileError that names key, line and what is allowed."""
    if len(text) > LONGEST_FILE:
        raise ProfileError(f"The profile has {len(text):,} characters; at most {LONGEST_FILE:,} are read.", MENDING)
    try:
        _forbid_traps(text)
        root = yaml.compose(text, Loader=WordsLoader)
    except yaml.MarkedYAMLError as error:
        line = getattr(error.problem_mark, "line", -1) + 1 or None
        place = f" (line {line})" if line else ""
        raise ProfileError(f"The profile is not valid YAML{place}: {error.problem}.", MENDING, line=line) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ProfileError(f"The profile is not valid YAML: {str(error).splitlines()[0]}.", MENDING) from error
    if root is None:
        return TaskProfile()
    if not isinstance(root, yaml.MappingNode):
        raise ProfileError("The profile is not a list of keys and values.", MENDING, line=root.start_mark.line + 1)
    answers, lines = _top_level(root)
    return _profile(answers, lines)


def profile_from_mapping(answers: Mapping[str, Any]) -> TaskProfile:
    """The same checks for answers that come from a page or a program."""
    return _profile(dict(answers), {})


def _profile(answers: dict[Any, Any], lines: dict[Any, int]) -> TaskProfile:
    values, wrong = {}, []
    for key, written in answers.items():
        try:
            question = question_for(key, lines.get(key))
            values[question.key] = value_of(question, written, lines.get(key))
        except ProfileError as error:
            wrong.append(error)
    if wrong:
        raise all_at_once(wrong, ProfileError, "answers of the profile cannot be used", "Mend these lines.")
    return TaskProfile(**values)


def _forbid_traps(text: str) -> None:
    """Aliases (they can multiply) and deep nesting (slow to read) have no place in a profile."""
    depth = 0
    for event in yaml.parse(text, Loader=WordsLoader):
        line = getattr(event.start_mark, "line", 0) + 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ProfileError(f"Line {line} is nested more than {DEEPEST} levels deep.", MENDING, line=line)
        if isinstance(event, yaml.AliasEvent):
            raise ProfileError(f"Line {line} uses a YAML alias (*name).", "Write the value out.", line=line)


def _top_level(root: yaml.MappingNode) -> tuple[dict[Any, Any], dict[Any, int]]:
    answers: dict[Any, Any] = {}
    lines: dict[Any, int] = {}
    for key_node, value_node in root.value:
        line = key_node.start_mark.line + 1
        key = _built(key_node, line) if isinstance(key_node, yaml.ScalarNode) else "?"
        if key in answers:
            raise ProfileError(
                f"The key {shown(key)} stands twice: in line {lines[key]} and in line {line}.", "Keep one.", line=line
            )
        answers[key], lines[key] = _built(value_node, line), line
    return answers, lines


def _built(node: Any, line: int) -> Any:
    """Plain values of one node; a key repeated inside it is an error too."""
    for mapping in _mappings(node):
        keys = [str(k.value) for k, _ in mapping.value]
        twice = next((k for k in keys if keys.count(k) > 1), None)
        if twice is not None:
            raise ProfileError(f"The key {shown(twice)} stands twice near line {line}.", "Keep one.", line=line)
    try:
        return yaml.constructor.SafeConstructor().construct_document(node)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise ProfileError(f"The value in line {line} cannot be read.", MENDING, line=line) from error


def _mappings(node: Any) -> list[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        return [node, *(m for _, value in node.value for m in _mappings(value))]
    if isinstance(node, yaml.SequenceNode):
        return [m for item in node.value for m in _mappings(item)]
    return []
