"""chrF: F2 over the characters' n-grams; works for every script and for languages with many endings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from experiments.metrics.metric import Metric, Pair, best_over


@cache
def scorer() -> Any:
    """The chrF2 of sacrebleu with its standard settings (6 characters, no words)."""
    from sacrebleu.metrics import CHRF

    return CHRF()


def one(prediction: str, reference: str) -> float:
    """One row's chrF, / 100."""
    return float(scorer().sentence_score(prediction, [reference]).score) / 100


def over_all(pairs: Sequence[Pair]) -> float:
    """Corpus chrF, / 100: n-grams are counted over all rows; missing references repeat the row's first."""
    width = max(len(references) for _, references in pairs)
    streams = [[(r[i] if i < len(r) else r[0]) for _, r in pairs] for i in range(width)]
    return float(scorer().corpus_score([prediction for prediction, _ in pairs], streams).score) / 100


METRIC = Metric(
    name="chrf",
    label="chrF",
    one_line="F-score over character n-grams, / 100; per row its sentence score",
    row=best_over(one),
    over_all=over_all,
    tasks=("generation", "summarisation", "chat"),
)
