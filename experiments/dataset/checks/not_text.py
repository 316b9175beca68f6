"""Inputs that are no text: addresses, names of pictures, encoded files or bare numbers."""

from __future__ import annotations

import re
from collections.abc import Callable

from advisor.vocabulary import Finding
from experiments.dataset.draft import Draft
from experiments.dataset.table import some
from experiments.dataset.traits import NUMBER

NAME = "not_text"
# assumption: where so many inputs are of one kind, the column as a whole is
SHARE = 0.8
MEDIA = r"(?:png|jpe?g|gif|webp|bmp|tiff?|svg|wav|mp3|flac|ogg|mp4|avi|mov|pdf|docx?)"
# what it is → how one is known, and what a model makes of it
KINDS: tuple[tuple[str, Callable[[str], object], str], ...] = (
    (
        "names or addresses of pictures, sounds or documents",
        re.compile(rf"\S+\.{MEDIA}(?:[?#]\S*)?", re.IGNORECASE).fullmatch,
        "The model sees the name, not what is in the file.",
    ),
    (
        "web addresses",
        re.compile(r"(?:https?|ftp|s3|gs)://\S+", re.IGNORECASE).fullmatch,
        "The model sees the address, not the page behind it.",
    ),
    (
        "encoded files (Base64)",
        re.compile(r"(?:data:[\w/+.;=-]+,)?[A-Za-z0-9+/\r\n]{120,}={0,2}").fullmatch,
        "Pictures and sounds are not supported.",
    ),
    ("bare numbers", NUMBER.fullmatch, "Language models have little to say about numbers without words."),
)


def run(draft: Draft) -> list[Finding]:
    """One warning for the first kind that most inputs are of."""
    places = draft.sample()
    for what, is_one, why in KINDS:
        rows = [draft.examples[p].row for p in places if is_one(draft.examples[p].input.strip())]
        if len(rows) >= max(1, SHARE * len(places)):
            text = (
                f"{len(rows) / len(places):.0%} of the inputs are {what}, not texts ({draft.of_sample(len(places))})."
            )
            mend = f"{why} Name a column with text with --input, if there is one."
            return [Finding(NAME, "warn", text, some(rows), mend, "--input")]
    return []
