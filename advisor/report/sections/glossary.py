"""The few terms this report cannot do without."""

from __future__ import annotations

from advisor.report.contents import Contents
from advisor.vocabulary import Block, Heading, Table

TERMS = (
    ("Prompting", "A ready-made model is told in words what to do, perhaps with examples; nothing is trained."),
    ("Fine-tuning", "A model is trained further on the team's own examples, so that it needs fewer instructions."),
    (
        "LoRA, QLoRA",
        "Fine-tuning that trains 0.2 to 4 % of a model; QLoRA also holds the model in less memory.",
    ),
    ("80 % range", "In 8 of 10 cases the true value should lie inside. Wide means: little is known."),
    (
        "95 % interval",
        "Where a measured score would lie in 95 of 100 such tests: what the choice of test rows leaves open.",
    ),
    ("Held-out rows", "Examples set aside before anything was tried; every method is judged on the same ones."),
    ("Slow answers (p95)", "95 of 100 requests are answered at least this fast."),
    ("Break-even", "The number of requests a month above which the costlier thing to build is cheaper overall."),
)


def blocks(c: Contents) -> tuple[Block, ...]:
    """Terms and meanings."""
    return (Heading("Words used here"), Table("Terms", ("Term", "Meaning"), TERMS))
