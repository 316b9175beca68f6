"""Among answers that are JSON, those that are not."""

from __future__ import annotations

from collections import Counter

from advisor.vocabulary import Finding
from experiments.dataset import tasks
from experiments.dataset.draft import Draft
from experiments.dataset.table import some

NAME = "json_answers"
MOSTLY_JSON = 0.5


def run(draft: Draft) -> list[Finding]:
    """A warning with the rows; only where most answers are JSON."""
    if draft.labelled or not draft.examples[0].output.strip():
        return []
    begins = sum(example.output.lstrip()[:1] in ("{", "[") for example in draft.examples)
    if begins < MOSTLY_JSON * len(draft.examples):
        return []
    verdicts = Counter(example.output for example in draft.examples)
    broken = {answer for answer in verdicts if not tasks.is_json(answer)}
    rows = [example.row for example in draft.examples if example.output in broken]
    if not rows:
        return []
    text = f"{len(rows):,} of {len(draft.examples):,} answers are not valid JSON, where the others are."
    return [Finding(NAME, "warn", text, some(rows), "Mend them: a tuned model learns to answer like its examples.")]
