"""House style: length, parts that must be there, words that must not, a pattern. No reference is needed for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from advisor.errors import PlanError
from experiments.metrics.metric import Metric, nothing
from experiments.metrics.words import NO_SPACES, words

NAME = "format_checks"
KEYS = ("words", "characters", "required", "forbidden", "pattern")
BOUNDS = ("at_least", "at_most")
MEND = f"A file of checks has some of: {', '.join(KEYS)}; words and characters hold at_least and at_most."
MOST_CHARACTERS = 20_000  # of an answer the pattern looks at
MOST_PATTERN = 500
MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class Length:
    """A length within bounds; None: no bound."""

    at_least: int | None = None
    at_most: int | None = None

    def said(self, unit: str) -> str:
        """The bounds in words: `3 to 8 words`."""
        if self.at_least is not None and self.at_most is not None:
            return f"{self.at_least} to {self.at_most} {unit}"
        return f"at least {self.at_least} {unit}" if self.at_most is None else f"at most {self.at_most} {unit}"

    def holds(self, length: int) -> bool:
        """Whether a length lies within."""
        low, high = self.at_least, self.at_most
        return (low is None or length >= low) and (high is None or length <= high)


@dataclass(frozen=True, slots=True)
class Checks:
    """What an answer must look like. Every required part is a check of its own; case counts in the pattern alone."""

    words: Length | None = None
    characters: Length | None = None
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None

    def passed(self, answer: str) -> dict[str, bool]:
        """Check → whether it holds."""
        text = answer.strip()
        folded = text.casefold()
        found: dict[str, bool] = {}
        if self.words is not None:
            found["words"] = self.words.holds(len(words(text, articles=True)))
        if self.characters is not None:
            found["characters"] = self.characters.holds(len(text))
        for part in self.required:
            found[f"has '{part}'"] = part.casefold() in folded
        if self.forbidden:
            found["forbidden words"] = not any(stands_in(word, folded) for word in self.forbidden)
        if self.pattern is not None:
            found["pattern"] = self.pattern.search(text[:MOST_CHARACTERS]) is not None
        return found

    def share(self, answer: str) -> float:
        """The share of checks that hold."""
        found = self.passed(answer)
        return sum(found.values()) / len(found)


def in_words(made: Checks) -> str:
    """The checks as an instruction tells them, so that a prompted model knows what is asked for."""
    lengths = ((made.words, "words"), (made.characters, "characters"))
    bounds = [length.said(unit) for length, unit in lengths if length is not None]
    told = [f"Use {' and '.join(bounds)}."] if bounds else []
    told += [f"The answer must contain: {'; '.join(made.required)}."] if made.required else []
    told += [f"Never write: {'; '.join(made.forbidden)}."] if made.forbidden else []
    told += [f"The answer must match the regular expression {made.pattern.pattern}"] if made.pattern else []
    return " ".join(told)


def stands_in(word: str, folded: str) -> bool:
    """Whether a word or phrase stands in a text as a whole; where words have no spaces between them, anywhere."""
    wanted = word.casefold()
    if NO_SPACES.search(wanted):
        return wanted in folded
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded) is not None


def checks(document: Any) -> Checks:
    """Checks from a document as a file or a page gives it.

    Raises:
        PlanError: an unknown key, an impossible bound, a pattern that is none, or nothing to check.
    """
    if not isinstance(document, Mapping):
        raise PlanError("The checks are no list of settings.", MEND)
    if unknown := [str(key) for key in document if key not in KEYS]:
        raise PlanError(f"Unknown check '{unknown[0]}'.", MEND)
    made = Checks(
        words=_length(document.get("words"), "words"),
        characters=_length(document.get("characters"), "characters"),
        required=_parts(document.get("required"), "required"),
        forbidden=_parts(document.get("forbidden"), "forbidden"),
        pattern=_pattern(document.get("pattern")),
    )
    if made == Checks():
        raise PlanError("There is nothing to check.", MEND)
    return made


def _length(value: Any, name: str) -> Length | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or any(key not in BOUNDS for key in value) or not value:
        raise PlanError(f"'{name}' is {value!r}.", f"Write it as {name}: {{at_least: 5, at_most: 40}}.")
    for bound in value.values():
        if isinstance(bound, bool) or not isinstance(bound, int) or bound < 0:
            raise PlanError(f"'{name}' has the bound {bound!r}.", "Give a whole number, 0 or more.")
    made = Length(**value)
    if made.at_least is not None and made.at_most is not None and made.at_least > made.at_most:
        raise PlanError(f"'{name}' wants at least {made.at_least} and at most {made.at_most}.", "Swap the two.")
    return made


def _parts(value: Any, name: str) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value or []
    if not isinstance(listed, list | tuple) or not all(isinstance(part, str) and part.strip() for part in listed):
        raise PlanError(f"'{name}' is {value!r}.", f"Write it as {name}: [one part, another part].")
    if len(listed) > MOST_PARTS:
        raise PlanError(f"'{name}' has {len(listed)} parts.", f"Give at most {MOST_PARTS}.")
    return tuple(dict.fromkeys(part.strip() for part in listed))


def _pattern(value: Any) -> re.Pattern[str] | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > MOST_PATTERN:
        raise PlanError("The pattern is no text, or too long.", f"Give a regular expression of at most {MOST_PATTERN}.")
    try:
        return re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise PlanError(
            f"The pattern {value!r} is no regular expression ({error}).", "Mend it, or leave it out."
        ) from None


def bound_to(document: Any) -> Metric:
    """The metric for these checks. Guessing reaches nothing: whoever knows the checks needs no model to pass them."""
    made = checks(document)
    return Metric(
        name=NAME,
        label="Format checks",
        one_line="share of the house's checks an answer passes: length, required and forbidden parts, pattern",
        row=lambda prediction, _references: made.share(prediction),
        chance=nothing,
    )
