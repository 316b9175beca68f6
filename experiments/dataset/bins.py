"""Numbers as answers made into a few classes of about equal size, when the person asks for it."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from advisor.errors import DataError
from advisor.vocabulary import Example, Rejected
from experiments.dataset.draft import Draft

CURRENCY = " \t%€$£¥\u00a0\u202f"


def number(text: str) -> float | None:
    """The number a text is, with a decimal point or comma; None if it is none."""
    plain = re.sub("[\u202f\xa0’']", "", text.strip(CURRENCY))
    if "," in plain and "." in plain:  # the later of the two is the decimal sign
        groups, decimal = (",", ".") if plain.rindex(".") > plain.rindex(",") else (".", ",")
        plain = plain.replace(groups, "").replace(decimal, ".")
    elif plain.count(",") > 1 or plain.count(".") > 1:
        plain = plain.replace(",", "").replace(".", "")
    else:
        plain = plain.replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def make(draft: Draft) -> None:
    """Replace every number by its class; a row without a number is rejected."""
    wanted = draft.choices.bins or 2
    values = [number(example.output) for example in draft.examples]
    numbers = sorted(value for value in values if value is not None)
    if len(set(numbers)) < wanted:
        raise DataError(f"The answers hold {len(set(numbers))} different numbers.", "--bins needs at least as many.")
    edges = [numbers[len(numbers) * cut // wanted] for cut in range(1, wanted)]
    names = _names(numbers, edges)
    kept: list[Example] = []
    for example, value in zip(draft.examples, values, strict=True):
        if value is None:
            draft.rejected.append(Rejected(example.line, "the answer is not a number"))
        else:
            kept.append(replace(example, output=names[sum(value >= edge for edge in edges)]))
    draft.examples = kept
    draft.task_type, draft.task_why = "classification", f"numbers in {wanted} classes of about equal size, as you said"


def _names(numbers: list[float], edges: list[float]) -> list[str]:
    """Class names that say what is in them; the upper edge belongs to the next class."""
    ends = [f"below {edges[0]:g}", *(f"{low:g} to below {high:g}" for low, high in pairwise(edges))]
    return [*ends, f"{edges[-1]:g} and above"]
