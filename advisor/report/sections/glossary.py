"""The few terms a report cannot do without: of these, those that its other sections use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from advisor.report.contents import Contents
from advisor.vocabulary import Block, Chart, Heading, Table

# how a report uses the term, the term, what it means
TERMS = (
    (
        r"\bprompt",
        "Prompting",
        "A ready-made model is told in words what to do, perhaps with examples; nothing is trained.",
    ),
    (
        r"\bfine-?tun|\btun(?:e|ed|ing)\b",
        "Fine-tuning",
        "A model is trained further on the team's own examples, so that it needs fewer instructions.",
    ),
    (
        r"lora\b",
        "LoRA, QLoRA",
        "Fine-tuning that trains 0.2 to 4 % of a model; QLoRA also holds the model in less memory.",
    ),
    (
        r"\b80\s%\srange",
        "80 % range",
        "In 8 of 10 cases the true value should lie inside. Wide means: little is known.",
    ),
    (
        r"\b95\s%\s(?:interval|range)",
        "95 % interval",
        "Where a measured score would lie in 95 of 100 such tests: what the choice of test rows leaves open, and, of "
        "what was trained, how far repetitions differ.",
    ),
    (
        r"\bheld[- ]out",
        "Held-out rows",
        "Examples set aside before anything was tried; every method is judged on the same ones.",
    ),
    (r"\bslow answers?\b|\bp95\b", "Slow answers (p95)", "95 of 100 requests are answered at least this fast."),
    (
        r"\bROUGE-L\b",
        "ROUGE-L",
        "How much of its wording an answer shares, in order, with the right one, from 0 to 1; good answers in other "
        "words score low, so read some yourself.",
    ),
    (
        r"(?i)\bmacro[- ]F1\b",
        "Macro F1",
        "How well each category is found and told apart, from 0 to 1, on average over the categories: rare ones count "
        "as much as frequent ones.",
    ),
    (
        r"(?i)\bfield[- ]F1\b",
        "Field F1",
        "How many fields were found and are right, from 0 to 1; what is missing and what is invented both count.",
    ),
    (
        r"\bbreak-?even",
        "Break-even",
        "The number of requests a month above which the costlier thing to build is cheaper overall.",
    ),
)


def blocks(c: Contents) -> tuple[Block, ...]:
    """Every term and its meaning, for a reader of this section alone."""
    return _table([(term, meaning) for _, term, meaning in TERMS])


def used_in(body: Iterable[Block]) -> tuple[Block, ...]:
    """The terms that occur in these blocks; nothing where none does."""
    text = "\n".join(word for block in body for word in _words(block))
    used = [(term, meaning) for pattern, term, meaning in TERMS if re.search(pattern, text, re.IGNORECASE)]
    return _table(used) if used else ()


def _table(rows: list[tuple[str, str]]) -> tuple[Block, ...]:
    return (Heading("Words used here"), Table("Terms", ("Term", "Meaning"), tuple(rows)))


def _words(block: Block) -> Iterator[str]:
    """What a reader reads of a block: of a chart its title and its description, not its specification."""
    if isinstance(block, Chart):
        yield from (block.title, block.alt)
    else:
        yield from _strings(asdict(block))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)
