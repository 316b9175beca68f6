"""What an arm without a language model fitted: it answers, and it is kept in files that run no code when read."""

from __future__ import annotations

import copy
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PLAIN_FILE, OBJECTS_FILE = "fitted.json", "fitted.skops"


@dataclass(frozen=True, slots=True)
class Fitted:
    """`answer`: what it was fitted on (rows, or vectors of rows) → their answers.

    `plain` and `objects` say all of it again for the files: JSON, and what scikit-learn and numpy made.
    `experiments/export/classify.py` reads both and has to know every `how` and `head` in `plain`.
    """

    answer: Callable[[Any], list[str]]
    plain: dict[str, Any]
    objects: dict[str, Any] = field(default_factory=dict)

    def over(self, read: Callable[[Any], Any], how: str) -> Fitted:
        """The same for rows that `read` turns into vectors; `how` names that way for whoever reads the files."""
        return Fitted(lambda rows: self.answer(read(rows)), {**self.plain, "how": how}, self.objects)

    def beside(self, plain: dict[str, Any], objects: dict[str, Any]) -> Fitted:
        """With more in its files."""
        return Fitted(self.answer, {**self.plain, **plain}, {**self.objects, **objects})


def with_vectorizers(fitted: Fitted, vectorizers: Sequence[Any]) -> Fitted:
    """With the vectorizers that made its vectors, their terms apart in the order of the columns.

    skops writes a vocabulary entry by entry: 49 MB and 4 s for 67,000 terms, which are 1 MB as a list.
    """
    emptied = [copy.copy(vectorizer) for vectorizer in vectorizers]
    for vectorizer in emptied:
        vectorizer.vocabulary_ = {}
    terms = [sorted(v.vocabulary_, key=v.vocabulary_.get) for v in vectorizers]
    return fitted.beside({"terms": terms}, {"vectorizers": emptied})


def keep(folder: Path, fitted: Fitted) -> Path:
    """The files in the folder `fitted`, written aside and renamed; a cell that goes on fits again and writes them anew.

    Raises:
        OSError: the disk is full.
    """
    from skops.io import dump

    target = folder / "fitted"
    aside = target.with_name(f"{target.name}.writing")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    (aside / PLAIN_FILE).write_text(json.dumps(fitted.plain), encoding="utf-8")
    dump(fitted.objects, aside / OBJECTS_FILE)
    shutil.rmtree(target, ignore_errors=True)
    os.replace(aside, target)
    return target
