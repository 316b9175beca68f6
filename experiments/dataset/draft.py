"""A data set while it is being made and checked: what the checks look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from advisor.vocabulary import Columns, Example, Finding, Rejected
from experiments.dataset import limits, near, normal, targets
from experiments.dataset.choices import Choices
from experiments.dataset.source import Progress, silent
from experiments.dataset.targets import Target

CHARACTERS_PER_TOKEN = 4  # rough: English text in common tokenizers; other scripts need more tokens
LABELLED = ("classification", "multi_label_classification")


@dataclass(slots=True)
class Draft:
    """Kept rows and everything known about them so far."""

    format: str
    encoding: str | None
    names: list[str]
    columns: Columns
    choices: Choices
    target: Target
    task_type: str
    task_why: str
    examples: list[Example]
    rejected: list[Rejected]
    findings: list[Finding] = field(default_factory=list)
    instruction: str | None = None
    progress: Progress = silent
    _keys: list[int] | None = None
    _near: tuple[list[int], near.Near] | None = None

    @property
    def labelled(self) -> bool:
        return self.task_type in LABELLED

    def labels(self) -> Counter[str]:
        """How many rows each label has; a row with several counts for each."""
        counts: Counter[str] = Counter()
        if self.task_type == "multi_label_classification":
            whole = Counter(example.output for example in self.examples)
            for output, count in whole.items():
                for label in targets.labels_of(output):
                    counts[label] += count
        elif self.labelled:
            counts.update(example.output for example in self.examples)
        return Counter(dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))))

    def keys(self) -> list[int]:
        """One number per row, equal for equal inputs (but for case, spaces and width of signs)."""
        if self._keys is None:
            self._keys = [hash(normal.question(example)) for example in self.examples]
        return self._keys

    def near(self) -> tuple[list[int], near.Near]:
        """Near copies among different inputs: the places looked at, and the pairs among them."""
        if self._near is None:
            first = list({key: place for place, key in reversed(list(enumerate(self.keys())))}.values())
            places = sorted(first)
            if len(places) > limits.SAMPLE_ROWS and not self.choices.all_rows:
                step = len(places) / limits.SAMPLE_ROWS
                places = [places[int(number * step)] for number in range(limits.SAMPLE_ROWS)]
            self._near = places, near.find([normal.question(self.examples[place]) for place in places])
        return self._near

    def sample(self, most: int = limits.SAMPLE_ROWS) -> list[int]:
        """Evenly spaced rows: all of them if they are few or if every row was asked for."""
        count = len(self.examples)
        if self.choices.all_rows or count <= most:
            return list(range(count))
        return [index * count // most for index in range(most)]

    def of_sample(self, looked_at: int) -> str:
        """How a sentence says what was looked at."""
        total = len(self.examples)
        return (
            "all rows"
            if looked_at == total
            else f"a sample of {looked_at:,} of {total:,} rows (--all-rows looks at every one)"
        )
