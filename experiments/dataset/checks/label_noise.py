"""Rows whose label a model trained on the other rows disagrees with strongly: the first to look at for mistakes.

Naive Bayes over words, five-fold: it is fast, needs nothing, and its strongest disagreements are often wrong labels.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict

from advisor.vocabulary import Finding
from experiments.dataset import near
from experiments.dataset.draft import Draft
from experiments.dataset.table import some

NAME = "label_noise"
SAMPLE_ROWS = 5_000
FOLDS = 5
SMOOTHING = 0.1
FEWEST_ROWS = 50
# assumption: below this the words do not tell the labels, and disagreement says nothing
TRUSTED_ACCURACY = 0.6
# log-odds against the given label, per word looked at, from which a row is listed
STRONG, STRONG_PER_WORD = 4.0, 0.6


def run(draft: Draft) -> list[Finding]:
    """A note with the rows, the strongest disagreement first."""
    places = draft.sample(SAMPLE_ROWS)
    if draft.task_type != "classification" or len(places) < FEWEST_ROWS or len(draft.labels()) < 2:
        return []
    right, doubts = disagreements(
        [near.words(draft.examples[place].input) for place in places],
        [draft.examples[place].output for place in places],
    )
    accuracy = right / len(places)
    if accuracy < TRUSTED_ACCURACY or not doubts:
        return []
    rows = [draft.examples[places[place]].row for place, _ in doubts]
    text = (
        f"A simple model of words, which agrees with {accuracy:.0%} of the labels, disagrees strongly with "
        f"{len(rows):,} (looked at {draft.of_sample(len(places))}). Some of them may be wrong labels."
    )
    return [Finding(NAME, "note", text, some(rows), "Look at these rows first; nothing was changed.")]


def disagreements(texts: list[frozenset[str]], labels: list[str]) -> tuple[int, list[tuple[int, float]]]:
    """How many held-out rows are answered as labelled, and (place, log-odds) of the strong disagreements."""
    model = _Counts(texts, labels)
    right = 0
    doubts: list[tuple[int, float]] = []
    for fold in range(FOLDS):
        held = range(fold, len(texts), FOLDS)
        model.forget(held)
        for place in held:
            scores = model.scores(texts[place])
            best = max(scores, key=lambda label: (scores[label], label))
            right += best == labels[place]
            odds = scores[best] - scores.get(labels[place], -math.inf)
            if odds > max(STRONG, STRONG_PER_WORD * len(texts[place])) and math.isfinite(odds):
                doubts.append((place, odds))
        model.learn(held)
    return right, sorted(doubts, key=lambda doubt: (-doubt[1], doubt[0]))


class _Counts:
    """Words by label, with rows that can be taken out and put back."""

    def __init__(self, texts: list[frozenset[str]], labels: list[str]) -> None:
        self._texts, self._labels = texts, labels
        self._by_word: dict[str, Counter[str]] = defaultdict(Counter)
        self._words: Counter[str] = Counter()
        self._rows: Counter[str] = Counter()
        self.learn(range(len(texts)))

    def learn(self, places: range, sign: int = 1) -> None:
        for place in places:
            label = self._labels[place]
            self._rows[label] += sign
            self._words[label] += sign * len(self._texts[place])
            for word in self._texts[place]:
                self._by_word[word][label] += sign

    def forget(self, places: range) -> None:
        self.learn(places, -1)

    def scores(self, words: frozenset[str]) -> dict[str, float]:
        """Log-probability of each label, up to a constant; the same for every word never seen with a label."""
        vocabulary = SMOOTHING * len(self._by_word)
        total = sum(self._rows.values())
        scores = {
            label: math.log(rows / total) - len(words) * math.log(self._words[label] + vocabulary)
            for label, rows in self._rows.items()
            if rows > 0
        }
        for word in words:
            for label, count in self._by_word[word].items():
                if count > 0 and label in scores:
                    scores[label] += math.log((count + SMOOTHING) / SMOOTHING)
        return scores
