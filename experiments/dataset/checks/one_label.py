"""A classification whose rows all have the same label, or the same labels: there is nothing to learn."""

from __future__ import annotations

from advisor.vocabulary import CLASSIFYING, Finding
from experiments.dataset import several_labels
from experiments.dataset.draft import Draft

NAME = "one_label"


def run(draft: Draft) -> list[Finding]:
    """An error."""
    answers = {example.output for example in draft.examples}
    if draft.task_type not in CLASSIFYING or len(answers) != 1:
        return []
    answer = next(iter(answers))
    several = several_labels.labels_of(answer) if draft.task_type == "multi_label_classification" else [answer]
    same = f"the same label ('{', '.join(several)[:60]}')" if several else "no label at all"
    text = f"Every row has {same}: there is nothing to learn and nothing to compare."
    return [Finding(NAME, "error", text, mend="Add rows with the other labels, or name another column with --output.")]
