"""A data set while it is being made and checked: what the checks look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from advisor.vocabulary import CLASSIFYING, Columns, Example, Finding, Rejected
from experiments.dataset import copies, limits, several_labels
from experiments.dataset.choices import Choices
from experiments.dataset.copies import Copies
from experiments.dataset.source import Progress, silent
from experiments.dataset.targets import Target
from experiments.dataset.tokens import CHARACTERS_PER_TOKEN, Tokenizer


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
    tokenizer: Tokenizer | None = None
    characters_per_token: float = CHARACTERS_PER_TOKEN
    _copies: Copies | None = None

    @property
    def labelled(self) -> bool:
        return self.task_type in CLASSIFYING

    def labels(self) -> Counter[str]:
        """How many rows each label has; a row with several counts for each."""
        counts: Counter[str] = Counter()
        if self.task_type == "multi_label_classification":
            whole = Counter(example.output for example in self.examples)
            for output, count in whole.items():
                for label in several_labels.labels_of(output):
                    counts[label] += count
        elif self.labelled:
            counts.update(example.output for example in self.examples)
        return Counter(dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))))

    def copies(self) -> Copies:
        """Rows that ask the same or nearly the same; looked for once."""
        if self._copies is None:
            self._copies = copies.find(self.examples, every=self.choices.all_rows)
        return self._copies

    def compared(self) -> str:
        """How a sentence says which inputs were compared with each other."""
        found = self.copies()
        if found.looked_at == found.different:
            return "all inputs compared"
        return f"{found.looked_at:,} of {found.different:,} inputs compared; --all-rows compares every one"

    def more_likely(self, rows: int) -> str:
        """How a sentence goes on about inputs that were not compared; at least the share found is to be expected."""
        found = self.copies()
        apart = found.different - found.looked_at
        more = round(rows * apart / max(1, found.looked_at))
        more = round(more, min(0, 2 - len(str(more))))
        return f"Among the {apart:,} inputs not compared at least about {more:,} more are likely" if more else ""

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
