"""Sources as numbers: each source once, numbered in the order in which the report first leans on it."""

from __future__ import annotations

from advisor.report.contents import Contents
from advisor.report.shortlist import shortlist
from advisor.vocabulary import OptionAdvice
from advisor.vocabulary.saying import parts

ASSUMED = "assumption:"
CITED = ("quality", "monthly_cost_usd", "one_off_cost_usd", "latency_p95_ms", "days_to_launch")


def sources(contents: Contents) -> tuple[str, ...]:
    """Every publication behind a shown reason or a shown published case, each once, with its address and date."""
    if contents.advice is None:
        return ()
    given = [reason.source for reason in contents.advice.reasons]
    given += [case.source for case in contents.advice.nearest_cases]
    found = (part for source in given for part in parts(source))
    return tuple(dict.fromkeys(part for part in found if not own(part)))


def own(part: str) -> bool:
    """What is no publication: the team's own answers, and what this product assumes."""
    return part.startswith(("your ", ASSUMED))


def cite(contents: Contents, source: str) -> str:
    """The numbers of a source in square brackets; an answer or an assumption in words, since no number leads to it."""
    known = sources(contents)
    each = parts(source)
    numbers = [known.index(part) + 1 for part in each if part in known]
    said = [f"({spelled(part)})" for part in each if own(part)]
    return " ".join([*said, *([f"[{', '.join(str(n) for n in dict.fromkeys(numbers))}]"] if numbers else [])])


def spelled(part: str) -> str:
    """Whose an assumption is: this product's."""
    return part.replace(ASSUMED, "assumption of this product:", 1) if part.startswith(ASSUMED) else part


def behind_estimates(contents: Contents) -> tuple[tuple[str, str], ...]:
    """(estimate, what it rests on) of everything shown in the table of options, each once."""
    found = (
        (key, spelled(part))
        for key in CITED
        for option in shortlist(contents)
        if key in option.estimates and option.estimates[key].known
        for part in parts(option.estimates[key].source)
    )
    return tuple(dict.fromkeys(found))


def unknowns(options: tuple[OptionAdvice, ...]) -> tuple[str, ...]:
    """Why shown estimates are not known, each reason once."""
    why = (
        option.estimates[name].why_unknown
        for option in options
        for name in CITED
        if name in option.estimates and not option.estimates[name].known
    )
    return tuple(dict.fromkeys(text for text in why if text))
