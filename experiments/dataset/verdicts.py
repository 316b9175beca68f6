"""Annotations that a person accepted, rejected or skipped, as Prodigy keeps them: what was accepted is the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from advisor.vocabulary import Finding
from experiments.dataset import names
from experiments.dataset.choices import Choices
from experiments.dataset.table import Cell, Table
from experiments.dataset.wording import many
from experiments.dataset.wording import said as flag_said

VERDICT, CHOSEN = "answer", "accept"
ACCEPTED, REJECTED = "accept", "reject"
LEFT_OUT = {REJECTED: "the annotator rejected it", "ignore": "the annotator skipped it"}
ANNOTATED = ("accept", "label", "spans", "options", "_input_hash", "_task_hash", "_view_id")
# what Prodigy keeps beside the task
KEPT_FOR_ITSELF = ("options", "tokens", "relations", "config", "meta")


def gather(table: Table, choices: Choices) -> None:
    """The accepted rows with their label; not where the person wants the verdict itself as the answer."""
    plain = {names.plain(name): name for name in reversed(table.names)}
    verdict = plain.get(VERDICT)
    if (
        verdict is None
        or names.plain(choices.output or "") == VERDICT
        or not any(name in table.names for name in ANNOTATED)
    ):
        return
    verdicts = table.column(verdict)
    if not all(isinstance(cell, str) and cell in (ACCEPTED, *LEFT_OUT) for cell in verdicts):
        return
    table.known.aside |= {verdict} | {n for n in table.names if n in KEPT_FOR_ITSELF or n.startswith("_")}
    label = plain.get("label")
    asks_one = label is not None and "spans" not in plain and CHOSEN not in table.names and _same(table.column(label))
    if asks_one and label is not None and REJECTED in verdicts:
        used: tuple[str, ...] = (ACCEPTED, REJECTED)
        said = _yes_or_no(table, label, verdicts)
    else:
        said, used = "Only what was accepted is an answer", (ACCEPTED,)
    left = {place: LEFT_OUT[cell] for place, cell in enumerate(verdicts) if cell not in used}
    counts = Counter(verdicts)
    shown = ", ".join(f"{counts[word]:,} {word}" for word in (ACCEPTED, *LEFT_OUT) if counts[word])
    out = f"; {many(len(left), 'row was', 'rows were')} left out" if left else ""
    table.leave_out(left)
    if CHOSEN in table.names:
        _chosen(table)
    text = f"'{verdict}' holds the verdicts of annotators ({shown}). {said}{out}."
    mend = f"To judge the verdicts themselves, say {flag_said('--output', verdict)}."
    table.findings.append(Finding("verdicts", "note", text, mend=mend, flag="--output", options=(verdict,)))


def _same(cells: Sequence[Cell]) -> bool:
    return all(isinstance(cell, str) for cell in cells) and len(set(cells)) == 1


def _yes_or_no(table: Table, label: str, verdicts: Sequence[Cell]) -> str:
    """One label asked of every text: rejected says that it does not hold."""
    name = str(table.column(label)[0])
    table.put(label, [name if cell == ACCEPTED else f"not {name}" for cell in verdicts])
    return f"Every row asks about '{name}', so a rejected row became 'not {name}'"


def _chosen(table: Table) -> None:
    """The options that were chosen are the answer: one as a label, several as a list of labels."""
    spoken = _texts(table)
    cells = [
        list(dict.fromkeys(spoken.get(str(item), str(item)) for item in cell)) if isinstance(cell, list) else cell
        for cell in table.column(CHOSEN)
    ]
    if all(not isinstance(cell, list) or len(cell) <= 1 for cell in cells):
        cells = [(cell[0] if cell else None) if isinstance(cell, list) else cell for cell in cells]
    table.put(CHOSEN, cells)
    table.known.output = CHOSEN
    table.known.why = "it holds the options the annotator chose"


def _texts(table: Table) -> dict[str, str]:
    """Number of an option → its text; names of options stay what they are."""
    if "options" not in table.names:
        return {}
    offered: list[Any] = [option for cell in table.column("options") if isinstance(cell, list) for option in cell]
    pairs = {
        str(item["id"]): item["text"]
        for item in offered
        if isinstance(item, dict) and "id" in item and isinstance(item.get("text"), str)
    }
    return pairs if pairs and all(key.isdigit() for key in pairs) else {}
