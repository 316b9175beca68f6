"""Rows at the end of a table that sum it up or say where it came from: no examples, and said to be none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from advisor.vocabulary import Finding, Severity
from experiments.dataset.choices import Choices
from experiments.dataset.table import Cell, Table
from experiments.dataset.wording import many

LAST_ROWS = 3
TOTAL = re.compile(
    r"(?:(?:grand|sub)[ -]?)?(?:totals?|sum|count|average|mean|summe|gesamt\w*|insgesamt|anzahl|somme|suma|somma|totale"
    r"|totaal|合计|总计|合計)\b.{0,20}|(?:exported|generated|created|printed|source|erstellt|quelle)\b.{0,20}",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[\d.,’' ]+%?")
# assumption: the words of a total are much shorter than the texts above it
SHORT_SHARE = 0.5


def find(table: Table, choices: Choices) -> None:
    """Totals are kept until the person says otherwise."""
    places = []
    for place in range(len(table) - 1, max(1, len(table) - 1 - LAST_ROWS), -1):
        if not _is_total(table, place):
            break
        places.append(place)
    if not places:
        return
    rows = tuple(sorted(table.positions[place] for place in places))
    first = table.lines[min(places)]
    shown = ", ".join(f"'{str(column[min(places)])[:40]}'" for column in table.columns if column[min(places)])
    text = f"{many(len(places), 'row')} at the end (line {first}: {shown}) sum up the table, and are no examples"
    text = text if len(places) > 1 else text.replace("sum up", "sums up").replace("are no examples", "is no example")
    if choices.total_rows == "drop":
        table.leave_out({place: "it sums up the table" for place in places})
        table.findings.append(Finding("total_rows", "note", f"{text}: left out, as you said.", rows))
        return
    mend = "To leave such rows out, say --total-rows drop; if they are examples, --total-rows keep."
    kept = ": kept, as you said." if choices.total_rows == "keep" else ". Nothing was left out."
    severity: Severity = "note" if choices.total_rows == "keep" else "warn"
    table.findings.append(Finding("total_rows", severity, text + kept, rows, mend, "--total-rows", ("drop", "keep")))


def _is_total(table: Table, place: int) -> bool:
    """A word such as Total in the first filled cell, short beside the texts above; beside it numbers or new words."""
    filled = [(column, str(column[place]).strip()) for column in table.columns if column[place] not in (None, "")]
    if not filled or not TOTAL.fullmatch(filled[0][1]):
        return False
    above = [len(str(cell)) for cell in filled[0][0][: min(place, 200)] if cell]
    if not above or len(filled[0][1]) > SHORT_SHARE * sum(above) / len(above):
        return False
    return all(NUMBER.fullmatch(text) or _alone(column, place) for column, text in filled[1:])


def _alone(column: Sequence[Cell], place: int) -> bool:
    """No row above has this value, where values come back."""
    above = column[max(0, place - 2_000) : place]
    different = set(map(str, above))
    return str(column[place]) not in different and 2 * len(different) < len(above)
