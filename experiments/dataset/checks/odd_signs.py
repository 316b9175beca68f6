"""Signs that cannot be seen, and cells a spreadsheet would run: kept as they are, and said."""

from __future__ import annotations

import re

from advisor.vocabulary import Finding
from experiments.dataset.draft import Draft
from experiments.dataset.export import is_formula
from experiments.dataset.table import some
from experiments.dataset.wording import many

NAME = "odd_signs"
INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
MOJIBAKE = re.compile(
    "Ã[\x80-\xbf\u20ac\u2018-\u201d\u2013\u2014\u0152\u0153]|â€[™œ“”\x9d\u0093\u0094¦]|Â[£€°§«»\xa0]|ï»¿"
)


def run(draft: Draft) -> list[Finding]:
    """Notes on invisible signs and formulas, a warning on text that was decoded wrongly before it came here."""
    invisible: list[int] = []
    formulas: list[int] = []
    garbled: list[int] = []
    for example in draft.examples:
        for text in (example.input, example.output):
            if is_formula(text):
                formulas.append(example.row)
            if not text.isascii():
                if INVISIBLE.search(text):
                    invisible.append(example.row)
                if MOJIBAKE.search(text) or "\ufffd" in text:
                    garbled.append(example.row)
    found: list[Finding] = []
    if garbled := list(dict.fromkeys(garbled)):
        text = (
            f"{many(len(garbled), 'row holds', 'rows hold')} garbled signs ('Ã©' for 'é', or �), decoded wrongly once."
        )
        found.append(
            Finding("garbled_text", "warn", text, some(garbled), "Export them again from their source as UTF-8.")
        )
    if invisible := list(dict.fromkeys(invisible)):
        text = (
            f"{many(len(invisible), 'row holds', 'rows hold')} "
            f"invisible signs (zero width, or direction of writing); they were kept."
        )
        found.append(Finding(NAME, "note", text, some(invisible)))
    if formulas := list(dict.fromkeys(formulas)):
        text = (
            f"{many(len(formulas), 'row begins', 'rows begin')} "
            f"like a spreadsheet formula: text here, made harmless in CSV."
        )
        found.append(Finding("formula_cells", "note", text, some(formulas)))
    return found
