"""Inputs that stand in several rows with different answers: each answer is right for all of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from experiments.dataset.draft import Draft

MOST_REFERENCES = 20


def gather(draft: Draft) -> None:
    """Give each row the other answers to its input, within the same given part; labels have no such thing."""
    if draft.labelled:
        return
    rows: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for place, example in enumerate(draft.examples):
        rows[example.instruction, example.turns, example.input, example.split].append(place)
    for places in rows.values():
        if len(places) < 2:
            continue
        answers = tuple(dict.fromkeys(draft.examples[place].output for place in places))
        if len(answers) < 2:
            continue
        for place in places:
            example = draft.examples[place]
            if example.references:
                continue
            others = [answer for answer in answers if answer != example.output]
            draft.examples[place] = replace(example, references=(example.output, *others)[:MOST_REFERENCES])
