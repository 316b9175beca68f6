"""Proofs about the rows that the comparison is real. Arms prove what only they can see, and report it themselves."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from advisor.vocabulary import GuardResult, PilotRecord
from experiments.dataset.wording import many

SHINGLE = 5  # characters in a row; texts that share nearly all of them are near copies
NEAR = 0.9  # assumption: Jaccard similarity from which two inputs count as copies of each other
SHORT = 20  # shorter inputs are compared as they are: their shingles are too few to say "near"
SHOWN = 5
Key = tuple[str, int, int]  # arm, size and seed of a cell


def data_guards(record: PilotRecord, inputs: dict[int, str]) -> tuple[GuardResult, ...]:
    """Every guard that needs only rows: `inputs` are the texts of all rows of the plan."""
    plan = record.plan
    seen = (*plan.train_rows[: largest_size(record)], *plan.validation_rows)
    return (
        _no_test_row(seen, plan.test_rows),
        _no_copy(inputs, seen, plan.test_rows),
        _same_rows(record),
    )


def largest_size(record: PilotRecord) -> int:
    """How many of the training rows the finished cells used."""
    return max((cell.size for cell in record.cells), default=0)


def _no_test_row(seen: Sequence[int], test: Sequence[int]) -> GuardResult:
    both = sorted(set(seen) & set(test))
    detail = (
        f"rows {', '.join(map(str, both[:SHOWN]))} stand in both"
        if both
        else f"{many(len(set(seen)), 'row')} for training and choosing, {many(len(test), 'test row')}, none in both"
    )
    return GuardResult("no_test_row_in_training", not both, detail)


def _no_copy(inputs: dict[int, str], seen: Sequence[int], test: Sequence[int]) -> GuardResult:
    """No test input, nor one that differs in a few characters, among the rows arms learn from."""
    found = near_copies({row: inputs[row] for row in seen}, {row: inputs[row] for row in test})
    detail = (
        "; ".join(f"test row {a} is a copy of row {b}" for a, b in found[:SHOWN])
        if found
        else f"no test input is a near copy of one of {many(len(set(seen)), 'row')} for training and choosing"
    )
    if len(found) > SHOWN:
        detail += f"; and {len(found) - SHOWN} more"
    return GuardResult("no_near_copy_in_training", not found, detail)


def near_copies(seen: dict[int, str], test: dict[int, str]) -> list[tuple[int, int]]:
    """(test row, seen row) of inputs that are the same but for case, spaces and a few characters."""
    return sorted((copied, row) for row, copied in twins(seen, test).items())


def twins(seen: dict[int, str], test: dict[int, str]) -> dict[int, int]:
    """Every seen row that nearly repeats a test row, and which one."""
    tested = {row: normal(text) for row, text in test.items()}
    exact = {text: row for row, text in sorted(tested.items(), reverse=True)}
    shingles = {row: _shingles(text) for row, text in tested.items() if len(text) >= SHORT}
    having: dict[str, list[int]] = defaultdict(list)
    for row, parts in shingles.items():
        for part in parts:
            having[part].append(row)
    found = {}
    for row, raw in seen.items():
        text = normal(raw)
        if text in exact:
            found[row] = exact[text]
        elif len(text) >= SHORT and (twin := _nearest(_shingles(text), shingles, having)) is not None:
            found[row] = twin
    return found


def _nearest(mine: set[str], shingles: dict[int, set[str]], having: dict[str, list[int]]) -> int | None:
    """A row whose shingles are nearly mine: it must share one of any tenth of mine and one more (pigeonhole)."""
    rare = sorted(mine, key=lambda part: (len(having.get(part, ())), part))[: int((1 - NEAR) * len(mine)) + 2]
    for row in sorted({row for part in rare for row in having.get(part, ())}):
        other = shingles[row]
        if len(mine & other) >= NEAR * len(mine | other):
            return row
    return None


def normal(text: str) -> str:
    """A text without what does not matter to sameness: case, spaces, forms of characters, final marks."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s+", " ", folded).strip(" .!?;,")


def _shingles(text: str) -> set[str]:
    return {text[i : i + SHINGLE] for i in range(len(text) - SHINGLE + 1)}


def _same_rows(record: PilotRecord) -> GuardResult:
    """Every finished cell was asked every test row, and answered some: no arm was compared on easier ones, or on none.

    A failed row has no score: it was asked, and its failure is counted beside the answers.
    """
    wanted = set(record.plan.test_rows)
    asked: dict[Key, set[int]] = defaultdict(set)
    answered: dict[Key, set[int]] = defaultdict(set)
    for r in record.rows:
        if r.part == "test":
            asked[r.arm, r.size, r.seed].add(r.row)
            if r.score is not None:
                answered[r.arm, r.size, r.seed].add(r.row)
    keys = [(c.arm, c.size, c.seed) for c in record.cells]
    counts = {key: f"{'/'.join(map(str, key))}: {_counts(asked[key], answered[key])}" for key in keys}
    if wrong := [key for key in keys if asked[key] != wanted or not answered[key]]:
        said = _listed([counts[key] for key in wrong])
        return GuardResult("same_test_rows", False, f"not so, of {many(len(wanted), 'row')}, in {said}")
    detail = f"all {many(len(keys), 'part')} were asked the same {many(len(wanted), 'row')}"
    failed = [counts[key] for key in keys if answered[key] != wanted]
    detail += f"; not all were answered in {_listed(failed)}" if failed else " and answered them"
    return GuardResult("same_test_rows", True, detail)


def _counts(asked: set[int], answered: set[int]) -> str:
    return f"{len(answered):,} answered, {len(asked - answered):,} failed"


def _listed(items: Sequence[str]) -> str:
    more = f"; and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return "; ".join(items[:SHOWN]) + more


def together(found: Iterable[tuple[str, GuardResult]]) -> list[dict[str, object]]:
    """Guards of many cells as one line each: it held everywhere, or where it did not."""
    by_name: dict[str, list[tuple[str, GuardResult]]] = defaultdict(list)
    for where, guard in found:
        by_name[guard.guard].append((where, guard))
    lines: list[dict[str, object]] = []
    for name, results in by_name.items():
        broken = [(where, g) for where, g in results if not g.ok]
        shown = broken or results[:1]
        detail = "; ".join(f"{where}: {g.detail}" if where else g.detail for where, g in shown[:SHOWN])
        if not broken and len(results) > 1:
            detail += f" (and so in {len(results) - 1} more)"
        lines.append({"guard": name, "ok": not broken, "detail": detail})
    return lines
