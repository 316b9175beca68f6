"""What a metric is: a score for one row, and a number for all rows, both on 0..1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

References = tuple[str, ...]
Pair = tuple[str, References]
RowScore = Callable[[str, References], float]
Aggregate = Callable[[Sequence[Pair]], float]
Floor = Callable[[Sequence[str]], float]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `row(prediction, references)` is per row; the best reference counts.

    `over_all` makes the number from all predictions where it is not the mean of the rows (F1 over classes, for one).
    `chance` is what guessing reaches, from the answers seen in training, where it is not the score of always giving
    their most frequent answer. `tasks` are the task types for which the metric makes sense (all where empty).
    """

    name: str
    label: str
    one_line: str
    row: RowScore
    over_all: Aggregate | None = None
    chance: Floor | None = None
    tasks: tuple[str, ...] = ()

    def score(self, pairs: Sequence[Pair]) -> float:
        """The metric's number for these predictions and references; 0 rows have none."""
        if not pairs:
            raise ValueError(f"{self.name} of no rows")
        if self.over_all is not None:
            return self.over_all(pairs)
        return sum(self.row(prediction, references) for prediction, references in pairs) / len(pairs)

    def floor(self, answers: Sequence[str]) -> float:
        """What guessing reaches on answers like these; 0 where nothing is known of them."""
        if not answers:
            return 0.0
        if self.chance is not None:
            return self.chance(answers)
        constant = max(sorted(Counter(answers).items()), key=lambda item: item[1])[0]
        return self.score([(constant, (answer,)) for answer in answers])


def best_over(one: Callable[[str, str], float]) -> RowScore:
    """A row score against the best of several references."""

    def row(prediction: str, references: References) -> float:
        return max((one(prediction, reference) for reference in references), default=0.0)

    return row


def nothing(_answers: Sequence[str]) -> float:
    """Guessing reaches nothing."""
    return 0.0
