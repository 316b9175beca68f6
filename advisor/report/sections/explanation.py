"""For an engineer: three sentences, and the derivation of the verdict concern by concern."""

from __future__ import annotations

from advisor.report import names
from advisor.report.contents import Contents
from advisor.report.numbers import percent
from advisor.vocabulary import Block, Explanation, Heading, Option, OptionAdvice, Table, Text


def blocks(c: Contents) -> tuple[Block, ...]:
    """Nothing where the advice carries no explanation."""
    explained = c.advice.explanation if c.advice else None
    if c.advice is None or explained is None:
        return ()
    return (
        Heading("For the engineer"),
        Text(" ".join(explained.engineer)),
        *_derivation(c, explained),
    )


def _derivation(c: Contents, explained: Explanation) -> tuple[Block, ...]:
    if c.advice is None or not explained.derivation:
        return ()
    said = c.advice.recommendation
    chosen, rival = (_named(c.advice.options, i) for i in (said.option or said.nearest, explained.rival))
    columns = (
        "What counts",
        "Weight",
        "Recommended" if said.option else "Nearest",
        "Counts for",
        "Strongest other way",
    )
    rows = [
        (t.concern, percent(t.weight), t.recommended, _hundred(t.recommended_worth), t.rival, _hundred(t.rival_worth))
        for t in explained.derivation
    ]
    sums = [sum(getattr(t, side) for t in explained.derivation) for side in ("recommended_worth", "rival_worth")]
    total = ("Together", "", "", _hundred(sums[0]), "", _hundred(sums[1]))
    note = (
        f"{_words(chosen)} beside {_words(rival)}. Each amount counts from 0 (worthless) to its weight (nothing better "
        "is thinkable), in hundredths, on average over the simulated cases; typical amounts, 80 % ranges in brackets. "
        "What scores less than half of what the task allows is hardly of use: what its other merits lose by that is "
        "taken off its quality. "
        "Of the options that fit, the one whose sum falls least behind the best is recommended; within one "
        "hundredth the cheaper and simpler, unless it scores two points less."
    )
    if explained.rival is None:
        return (Table("How it was weighed", columns[:4], tuple(r[:4] for r in (*rows, total)), note, (1, 3)),)
    return (Table("How it was weighed", (*columns, "Counts for"), (*rows, total), note, (1, 3, 5)),)


def _hundred(worth: float) -> str:
    return f"{round(100 * worth)}"


def _named(options: tuple[OptionAdvice, ...], wanted: str | None) -> Option | None:
    return next((o.option for o in options if o.option.id == wanted), None)


def _words(option: Option | None) -> str:
    return names.option(option) if option else "no option of another kind"
