"""How long the rows of a plan are in tokens, as prompts and training show them: system, hints and earlier turns too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from advisor.errors import TuneOrPromptError
from advisor.vocabulary import Dataset, Example
from experiments.dataset.tokens import CHARACTERS_PER_TOKEN, Tokenizer
from experiments.instructions import instruction_for, instruction_when_tuned
from experiments.pilot.seconds import TEMPLATE_TOKENS
from experiments.prompts import Prompter

Count = Callable[[Sequence[str]], Sequence[float]]  # texts → tokens of each

SAMPLE_ROWS = 256
TURN_TOKENS = 5  # the marks around one turn of a chat: start, role, line end, end, line end (SmolLM2's template)


@dataclass(frozen=True, slots=True)
class RowTokens:
    """Means over the sampled rows; `long_output` of a long answer (95 % are shorter), `longest_output` of the longest.

    `input` is a row's own turns with the hints only it has; `instruction` what a tuned model reads before each row,
    `prompted_instruction` what an untuned one does; `longest_row` the longest whole row that is trained on.
    """

    input: float
    output: float
    instruction: float
    prompted_instruction: float
    long_output: float
    longest_output: float
    longest_row: float


def rough(texts: Sequence[str]) -> Sequence[float]:
    """Characters / 4, where no tokenizer is at hand."""
    return [len(text) / CHARACTERS_PER_TOKEN for text in texts]


def counter(folder: Path) -> Count:
    """By the tokenizer of a model's folder; roughly, where it has none that can be read alone."""
    try:
        return Tokenizer((folder / "tokenizer.json").read_bytes(), folder.name).count
    except (OSError, TuneOrPromptError):
        return rough


def row_tokens(dataset: Dataset, stated: str, train: Sequence[int], count: Count) -> RowTokens:
    """Counted on rows spread evenly over the training rows of a plan; `stated` is the plan's instruction."""
    step = max(1, len(train) // SAMPLE_ROWS)
    sample = [dataset.examples[row] for row in train[::step]]
    labels = tuple(label for label, _ in dataset.labels)
    seen = [dataset.examples[row] for row in train]
    told = instruction_when_tuned(dataset.task_type, stated, labels, seen)
    untuned = Prompter(None, dataset.task_type, instruction_for(dataset.task_type, stated, seen), labels)
    prompter = Prompter(None, dataset.task_type, told, labels, list_labels=False)
    marks = [TURN_TOKENS * len(prompter.history(example)) for example in sample]
    texts = count([_own(prompter, example) for example in sample])
    own = [text + mark for text, mark in zip(texts, marks, strict=True)]
    answers = count([prompter.answer(example.output) for example in sample])
    instruction = float(count([prompter.system])[0])
    ordered = sorted(answers)
    return RowTokens(
        input=sum(own) / len(own),
        output=sum(answers) / len(answers),
        instruction=instruction,
        prompted_instruction=float(count([untuned.system])[0]),
        long_output=ordered[(len(ordered) - 1) * 95 // 100],
        longest_output=ordered[-1],
        longest_row=TEMPLATE_TOKENS + instruction + max(map(sum, zip(own, answers, strict=True))),
    )


def _own(prompter: Prompter, example: Example) -> str:
    """What only this row's prompt holds."""
    return "\n".join([*(turn["content"] for turn in prompter.history(example)), prompter.user(example)])
