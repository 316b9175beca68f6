"""Labels that are spelled in several ways, or that say there is no label. Nothing changes without consent."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping

from advisor.vocabulary import Finding
from experiments.dataset import wording
from experiments.dataset.choices import Choices
from experiments.dataset.wording import many

MISSING = frozenset(
    {"nan", "n/a", "na", "n.a.", "null", "none", "nil", "-", "--", "—", "?", "<na>", "missing", "undefined"}
)
UNLABELLED = "-1"
# what spreadsheets write where a formula failed
ERRORS = frozenset({
    "#n/a", "#ref!", "#div/0!", "#value!", "#name?", "#num!", "#null!", "#spill!", "#calc!", "#error!", "#nv", "#wert!",
    "#bezug!", "#zahl!", "#valeur!", "#¡ref!", "#¡valor!", "#getting_data", "#field!", "#blocked!", "#unknown!",
})  # fmt: skip
SHOWN = 6
# letters of Cyrillic and Greek that look like Latin ones; in a label that mixes the scripts they are slips
LOOK_ALIKE = str.maketrans("авекмнорстухіјѕԁһοαερτυνκιχ", "abekmhopctyxijsdhoaeptuvkix")
# a backslash and a letter where a line end was meant, as programs write them
WRITTEN_ENDS = re.compile(r"(?:\\[nrt])+\s*$")
# short and long forms of one answer; only where every label is one of these
YES = frozenset({"yes", "y", "true", "t", "1", "ja", "j", "oui", "sí", "si", "sì", "sim"})
NO = frozenset({"no", "n", "false", "f", "0", "nein", "nee", "non", "não"})
WITHIN = re.compile(r"(?<=[^\W_])[_\- ]+(?=[^\W_])")


def key(label: str) -> str:
    """What two spellings of one label share: letters and digits, not case, spaces, underscores or invisible signs.

    A sign at an end means something: `-1` is not `1`, `A-` not `A`.
    """
    normal = unicodedata.normalize("NFKC", label).casefold().strip()
    if not normal.isascii() and re.search(r"[a-z]", normal):
        normal = normal.translate(LOOK_ALIKE)
    joined = tidy(WITHIN.sub(" ", normal)) or normal.strip()
    return joined.removesuffix(".0") if joined.removesuffix(".0").isdigit() else joined


def tidy(label: str) -> str:
    """A label without what cannot be seen, spaces around it, or line ends that were written out as signs."""
    visible = "".join(c for c in label if unicodedata.category(c) != "Cf")
    return " ".join(WRITTEN_ENDS.sub("", visible).split())


def is_missing(label: str) -> bool:
    """Does this label say that there is none, or is nothing of it to be seen?"""
    return label.strip().casefold() in MISSING or is_error(label) or (bool(label.strip()) and not tidy(label))


def missing_among(labels: Collection[str]) -> set[str]:
    """The labels that say there is none; -1 too beside 0, 1, 2 …, as data sets mark rows without a label.

    Not beside 0 and 1 alone: -1, 0, 1 is a scale, and -1, 1 a pair of classes.
    """
    found = {label for label in labels if is_missing(label)}
    others = {label for label in labels if label != UNLABELLED} - found
    if UNLABELLED in labels and others - {"0", "1"} and all(label.isdecimal() for label in others):
        found.add(UNLABELLED)
    return found


def is_error(text: str) -> bool:
    """Is this a spreadsheet's error, such as #REF!?"""
    return text.lstrip()[:1] == "#" and text.strip().casefold() in ERRORS


def spellings(labels: Mapping[str, int]) -> dict[str, list[str]]:
    """Groups of two and more spellings of one label, the one to keep first."""
    groups: dict[str, list[str]] = {}
    for label in labels:
        groups.setdefault(key(label), []).append(label)
    if yes_or_no := len(groups) > 2 and set(groups) <= YES | NO:
        groups = {
            word: [label for name in sorted(groups) if name in words for label in groups[name]]
            for word, words in (("yes", YES), ("no", NO))
        }
    return {
        group: _best_first(found, labels, longest=yes_or_no)
        for group, found in sorted(groups.items())
        if len(found) > 1
    }


def _best_first(found: list[str], labels: Mapping[str, int], *, longest: bool) -> list[str]:
    """The spelling most rows have, spaces apart; of equal ones small letters, then the alphabet."""
    counts: Counter[str] = Counter()
    for label in found:
        counts[" ".join(WRITTEN_ENDS.sub("", label).split())] += labels[label]
    best = min(counts, key=lambda label: (-len(label) * longest, -counts[label], not label.islower(), label))
    return [best, *sorted(label for label in found if label != best)]


def merges(labels: Mapping[str, int]) -> dict[str, str]:
    """Every other spelling → the one to keep."""
    return {label: group[0] for group in spellings(labels).values() for label in group if label != group[0]}


def findings(labels: Mapping[str, int], rows: Mapping[str, list[int]], choices: Choices) -> list[Finding]:
    """The two questions about labels, as far as they are still open, and what was decided."""
    found: list[Finding] = []
    none = missing_among(labels)
    missing = [label for label in labels if label in none]
    if missing:
        found.append(_missing(missing, labels, rows, choices))
    groups = spellings(labels)
    if groups:
        found.append(_variants(groups, labels, rows, choices))
    return found


def _missing(missing: list[str], labels: Mapping[str, int], rows: Mapping[str, list[int]], choices: Choices) -> Finding:
    shown = ", ".join(f"'{wording.shown(label)}' ({labels[label]:,})" for label in missing[:SHOWN])
    where = tuple(sorted(row for label in missing for row in rows.get(label, [])))[:200]
    if choices.missing_labels is None:
        text = f"These labels may mean that there is no answer: {shown}. They were kept as classes for now."
        if failed := [label for label in missing if is_error(label)]:
            text += f" {', '.join(map(repr, failed[:SHOWN]))} is what a spreadsheet writes where a formula failed."
        mend = "If they are real classes, say --missing-labels keep; to leave their rows out, --missing-labels drop."
        return Finding("missing_labels", "ask", text, where, mend, "--missing-labels", ("keep", "drop"))
    done = "kept as classes" if choices.missing_labels == "keep" else "their rows were left out"
    return Finding("missing_labels", "note", f"Labels that may mean 'no answer' ({shown}): {done}, as you said.", where)


def _variants(
    groups: Mapping[str, list[str]], labels: Mapping[str, int], rows: Mapping[str, list[int]], choices: Choices
) -> Finding:
    several = sum(sum(label in labels for label in group) for group in groups.values())
    shown = "; ".join(
        f"{', '.join(repr(label)[1:-1] for label in group[1:SHOWN])} → {group[0]}"
        for group in list(groups.values())[:SHOWN]
    )
    where = tuple(sorted(row for group in groups.values() for label in group[1:] for row in rows.get(label, [])))[:200]
    short = ", or are short forms of yes and no" if set(groups) <= {"yes", "no"} else ""
    what = (
        f"{several} spellings of {many(len(groups), 'label differ', 'labels differ')} only in case, spaces, hyphens, "
        f"invisible signs or letters of another script that look the same{short} ({shown})"
    )
    if choices.merge_labels is None:
        mend = (
            f"To merge the {several} into {len(groups)}, say --merge-labels yes; to keep them apart, --merge-labels no."
        )
        return Finding(
            "label_variants",
            "ask",
            f"{what}. They were kept apart for now.",
            where,
            mend,
            "--merge-labels",
            ("yes", "no"),
        )
    done = "merged" if choices.merge_labels == "yes" else "kept apart"
    return Finding("label_variants", "note", f"{what}: {done}, as you said.", where)
