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

# what HTML writes for a sign, and signs that steer a terminal or an old printer
ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|[a-zA-Z]{4,8}|#\d{2,5}|#x[0-9a-fA-F]{2,5});")
CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def run(draft: Draft) -> list[Finding]:
    """Notes on invisible signs and formulas, a warning on text that was decoded wrongly before it came here."""
    invisible: list[int] = []
    formulas: list[int] = []
    garbled: list[int] = []
    html: list[int] = []
    for example in draft.examples:
        for text in (example.input, example.output):
            if is_formula(text):
                formulas.append(example.row)
            if "&" in text and ENTITY.search(text):
                html.append(example.row)
            if not text.isprintable() and CONTROL.search(text):
                invisible.append(example.row)
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
            f"invisible signs (zero width, direction of writing, control characters); they were kept."
        )
        found.append(Finding(NAME, "note", text, some(invisible)))
    if html := list(dict.fromkeys(html)):
        text = f"{many(len(html), 'row holds', 'rows hold')} signs written for HTML ('&amp;' for '&'); they were kept."
        mend = "Export the texts without HTML if the model will not see it in use."
        found.append(Finding("html_signs", "note", text, some(html), mend))
    if formulas := list(dict.fromkeys(formulas)):
        text = (
            f"{many(len(formulas), 'row begins', 'rows begin')} "
            f"like a spreadsheet formula: text here, made harmless in CSV."
        )
        found.append(Finding("formula_cells", "note", text, some(formulas)))
    return found
