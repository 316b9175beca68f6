"""Labels that are the same in every row: there is nothing to learn."""

from __future__ import annotations

from advisor.vocabulary import Finding
from experiments.dataset import several_labels
from experiments.dataset.draft import Draft

NAME = "one_label"


def run(draft: Draft) -> list[Finding]:
    """An error: one label, the same several labels, or none in every row."""
    answers = {example.output for example in draft.examples} if draft.labelled else set()
    if len(answers) != 1:
        return []
    text = f"{_alike(draft, answers.pop())}: there is nothing to learn and nothing to compare."
    return [Finding(NAME, "error", text, mend="Add rows with the other labels, or name another column with --output.")]


def _alike(draft: Draft, answer: str) -> str:
    several = draft.task_type == "multi_label_classification"
    found = several_labels.labels_of(answer) if several else [answer]
    if not found:
        return "No row has a label"
    listed = ", ".join(f"'{label[:60]}'" for label in found[:3])
    return f"Every row has the same label{'s' if len(found) > 1 else ''} ({listed}{', …' if len(found) > 3 else ''})"
