"""Sources as numbers: each source once, numbered in the order in which the report first leans on it."""

from __future__ import annotations

from advisor.report.contents import Contents
from advisor.report.shortlist import shortlist
from advisor.vocabulary import OptionAdvice

CITED = ("quality", "monthly_cost_usd", "one_off_cost_usd", "latency_p95_ms", "days_to_launch")


def parts(source: str) -> list[str]:
    """A source may join several with semicolons; those inside brackets belong to one."""
    found, depth = [""], 0
    for place, sign in enumerate(source):
        depth += (sign == "(") - (sign == ")")
        if sign == ";" and depth <= 0 and source[place + 1 : place + 2] in (" ", ""):
            found.append("")
        else:
            found[-1] += sign
    return [part.strip() for part in found if part.strip()]


def sources(contents: Contents) -> tuple[str, ...]:
    """Every source of a shown reason, a shown published case or a shown estimate, each once."""
    if contents.advice is None:
        return ()
    given = [reason.source for reason in contents.advice.reasons]
    given += [case.source for case in contents.advice.nearest_cases]
    for option in shortlist(contents):
        given += [option.estimates[name].source for name in CITED if name in option.estimates]
    return tuple(dict.fromkeys(part for source in given for part in parts(source)))


def cite(contents: Contents, source: str) -> str:
    """The numbers of a source in square brackets, empty where it names none."""
    known = sources(contents)
    numbers = [known.index(part) + 1 for part in parts(source) if part in known]
    return f"[{', '.join(str(n) for n in dict.fromkeys(numbers))}]" if numbers else ""


def unknowns(options: tuple[OptionAdvice, ...]) -> tuple[str, ...]:
    """Why shown estimates are not known, each reason once."""
    why = (
        option.estimates[name].why_unknown
        for option in options
        for name in CITED
        if name in option.estimates and not option.estimates[name].known
    )
    return tuple(dict.fromkeys(text for text in why if text))
