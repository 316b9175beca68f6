"""What is settled between reading and checking: names, wrappings, labels and the instruction, as the person chose."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from advisor.errors import DataError
from advisor.vocabulary import Example, Finding, Rejected
from experiments.dataset import bins, labels, limits, names, several_labels
from experiments.dataset.choices import Choices
from experiments.dataset.columns import Proposal
from experiments.dataset.draft import Draft
from experiments.dataset.formats import json_values
from experiments.dataset.table import Cell, Table, some

# what tells an old model to stop, the longer one first
STOPS = ("\n\n###\n\n", " ##END##", " [END]", "\nEND", " END", " ###", "###", "<|endoftext|>", "</s>", "\\n", "\n")


def clean_names(table: Table) -> None:
    """Names of columns that can be shown and stored; the cells are cleaned later, row by row."""
    names_ = [name.encode("utf-8", errors="replace").decode("utf-8").replace("\x00", "") for name in table.names]
    table.names = [name or f"column {place + 1}" for place, name in enumerate(names_)]


def flatten(table: Table) -> None:
    """Rows that hold nothing but an object with the real columns inside it."""
    if len(table.names) != 1 or not all(isinstance(cell, dict) for cell in table.columns[0]):
        return
    keys = list(dict.fromkeys(key for cell in table.columns[0] for key in cell))
    if not 2 <= len(keys) <= limits.PREVIEW_COLUMNS:
        return
    outer = table.names[0]
    table.columns = [[json_values.cell(cell.get(key)) for cell in table.columns[0]] for key in keys]
    table.names = [str(key) for key in keys]
    table.findings.append(
        Finding("json_form", "note", f"The columns stand inside '{outer}'; they were taken out of it.")
    )


def flatten_some(table: Table) -> None:
    """Columns inside objects, where the columns beside them do not already hold an input and an answer."""
    plain = {names.plain(name) for name in table.names}
    known = (set(names.INPUT), set(names.OUTPUT))
    flat = {names.plain(n) for n, cells in zip(table.names, table.columns, strict=True) if not _objects(cells)}
    if plain & set(names.CONVERSATION) or all(flat & row for row in known):
        return
    for outer in list(table.names):
        cells = table.column(outer)
        if names.plain(outer) in (*names.OUTPUT, *names.WEAK_OUTPUT) or not _objects(cells):
            continue
        keys = list(dict.fromkeys(key for cell in cells if cell is not None for key in cell))
        inside = {names.plain(str(key)) for key in keys}
        if not 1 <= len(keys) <= limits.PREVIEW_COLUMNS or not any(inside & row for row in known):
            continue
        place = table.names.index(outer)
        taken = set(table.names)
        table.names[place : place + 1] = [f"{outer}.{key}" if str(key) in taken else str(key) for key in keys]
        table.columns[place : place + 1] = [[json_values.cell((cell or {}).get(key)) for cell in cells] for key in keys]
        text = f"The columns {', '.join(map(str, keys[:6]))} stand inside '{outer}'; they were taken out of it."
        table.findings.append(Finding("json_form", "note", text))


def _objects(cells: list[Cell]) -> bool:
    return any(isinstance(cell, dict) for cell in cells) and all(
        cell is None or isinstance(cell, dict) for cell in cells
    )


def tidy_completions(table: Table, output: str, choices: Choices) -> None:
    """An old form begins every completion with a space and ends it with a sign to stop; both are no answer."""
    if names.plain(output) != "completion" or output not in table.names or choices.merge_labels == "no":
        return
    cells = table.column(output)
    filled = [cell for cell in cells if cell]
    if not filled or not all(isinstance(cell, str) for cell in filled):
        return
    stop = next((sign for sign in STOPS if all(cell.endswith(sign) and cell.strip() != sign for cell in filled)), "")
    begins = " " if all(cell.startswith(" ") and not cell.startswith("  ") for cell in filled) else ""
    if not stop and not begins:
        return
    table.put(output, [cell.removeprefix(begins).removesuffix(stop) if cell else cell for cell in cells])
    said = [f"ends with {stop!r}"] * bool(stop) + ["begins with a space"] * bool(begins)
    text = f"Every completion {' and '.join(said)}, as an old form wants it; that was taken away."
    mend = "To keep it, say --merge-labels no."
    where = some(table.positions[:5])
    table.findings.append(Finding("completion_space", "note", text, where, mend, "--merge-labels", ("no",)))


def settle_labels(draft: Draft) -> None:
    """Bins, missing labels and spellings, as far as the person decided; the rest becomes a question."""
    if draft.choices.bins is not None:
        bins.make(draft)
    if not draft.labelled:
        return
    if draft.task_type == "multi_label_classification" and draft.target.kind != "labels":
        draft.examples = [
            replace(e, output=several_labels.canonical(several_labels.split(e.output, None))) for e in draft.examples
        ]
    counts = draft.labels()
    draft.findings += labels.findings(counts, _rows_by_label(draft, counts), draft.choices)
    if draft.choices.missing_labels == "drop":
        _drop_missing(draft)
    if draft.choices.merge_labels == "yes":
        _merge(draft, labels.merges(counts))


def _rows_by_label(draft: Draft, counts: Counter[str]) -> dict[str, list[int]]:
    """Some rows of the labels the questions are about."""
    wanted = labels.missing_among(counts) | set(labels.merges(counts))
    rows: dict[str, list[int]] = {label: [] for label in wanted}
    if not wanted:
        return rows
    for example in draft.examples:
        for label in _labels(draft, example):
            if label in wanted and len(rows[label]) < limits.FINDING_ROWS:
                rows[label].append(example.row)
    return rows


def _labels(draft: Draft, example: Example) -> list[str]:
    return (
        several_labels.labels_of(example.output)
        if draft.task_type == "multi_label_classification"
        else [example.output]
    )


def _drop_missing(draft: Draft) -> None:
    kept: list[Example] = []
    missing = labels.missing_among(draft.labels())
    for example in draft.examples:
        if missing.intersection(_labels(draft, example)):
            draft.rejected.append(Rejected(example.line, "the label says that there is no answer"))
        else:
            kept.append(example)
    draft.examples = kept
    draft.rejected.sort(key=lambda item: item.line)
    if not kept:
        raise DataError("Every label means 'no answer'.", "Say --missing-labels keep if they are real classes.")


def _merge(draft: Draft, to: dict[str, str]) -> None:
    if draft.task_type == "multi_label_classification":
        whole = {e.output for e in draft.examples}
        to = {
            text: several_labels.canonical(to.get(label, label) for label in several_labels.labels_of(text))
            for text in whole
        }
    draft.examples = [replace(e, output=to[e.output]) if e.output in to else e for e in draft.examples]


def settle_instruction(draft: Draft, proposal: Proposal) -> None:
    """The same instruction in every row is the data set's; a typed one stands above all."""
    typed = draft.choices.instruction
    told = {example.instruction for example in draft.examples}
    if typed is not None and proposal.columns.instruction is None:
        draft.instruction = typed
    elif len(told) == 1 and None not in told:
        draft.instruction = told.pop()
        draft.examples = [replace(example, instruction=None) for example in draft.examples]
    elif len(told) > 1:
        text = f"The rows have {len(told):,} different instructions; each row keeps its own."
        draft.findings.append(Finding("own_instructions", "note", text, some([e.row for e in draft.examples[:5]])))
