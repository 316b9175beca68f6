"""Source → Dataset: the walk through the rooms of this folder. Runs inside the limited child process."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from advisor.errors import DataError
from advisor.vocabulary import Columns, Dataset, Example, Finding, Rejected
from experiments.dataset import (
    assemble,
    bins,
    checks,
    fingerprint,
    formats,
    labels,
    limits,
    names,
    references,
    targets,
    tasks,
    tokens,
)
from experiments.dataset.choices import Choices
from experiments.dataset.columns import Proposal, propose
from experiments.dataset.draft import Draft
from experiments.dataset.formats import json_values
from experiments.dataset.source import Source
from experiments.dataset.table import Table, some


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the file beside its rows."""

    name: str
    sha256: str
    preview: tuple[dict[str, str], ...]
    checked: bool


def dataset(source: Source, name: str) -> Dataset:
    """Everything about a file: what it holds, how it was understood, what is wrong with it."""
    sha256 = source.sha256()
    opened = formats.read(source)
    table = opened.table
    if len(table) == 0:
        raise assemble.none_left(table, assemble.Assembled())
    _flatten(table)
    _clean_names(table)
    preview = _preview(table)
    source.progress("columns", 0.0)
    proposal = propose(table, source.choices)
    draft = _draft(table, proposal, source.choices, opened.damaged)
    draft.progress, draft.tokenizer = source.progress, source.tokenizer
    measured = _measure(draft)
    if not source.most_rows:
        draft.findings += checks.run(draft)
    return _finish(draft, measured, About(name, sha256, preview, checked=not source.most_rows))


def _draft(table: Table, proposal: Proposal, choices: Choices, damaged: bool) -> Draft:
    columns = proposal.columns
    if proposal.conversation:
        target = targets.Target("text")
    elif proposal.one_hot:
        target = targets.Target("labels", why="one column per label")
    else:
        target = targets.decide(columns.output, table.column(columns.output), choices)
    _tidy_completions(table, columns.output)
    made = assemble.assemble(table, proposal, target, choices, damaged)
    if not made.examples:
        raise assemble.none_left(table, made)
    task_type, why = (choices.task_type, "chosen by you") if choices.task_type else _task(made, proposal, target)
    rejected = sorted([*table.rejected, *made.rejected], key=lambda item: item.line)
    findings = [*table.findings, *proposal.findings, *made.findings]
    draft = Draft(
        table.format,
        table.encoding,
        table.names,
        columns,
        choices,
        target,
        task_type,
        why,
        made.examples,
        rejected,
        findings,
    )
    _free(table)
    _settle_labels(draft)
    _settle_instruction(draft, proposal)
    references.gather(draft)
    return draft


def _clean_names(table: Table) -> None:
    """Names of columns that can be shown and stored; the cells are cleaned later, row by row."""
    names_ = [name.encode("utf-8", errors="replace").decode("utf-8").replace("\x00", "") for name in table.names]
    table.names = [name or f"column {place + 1}" for place, name in enumerate(names_)]


def _flatten(table: Table) -> None:
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


def _tidy_completions(table: Table, output: str) -> None:
    """OpenAI's old form begins every completion with a space; it is no part of the answer."""
    if names.plain(output) != "completion" or output not in table.names:
        return
    cells = table.column(output)
    if not all(isinstance(cell, str) and cell.startswith(" ") and not cell.startswith("  ") for cell in cells if cell):
        return
    table.columns[table.names.index(output)] = [cell[1:] if cell else cell for cell in cells]
    text = "Every completion begins with a space, as an old form wants it; the space was taken away."
    table.findings.append(Finding("completion_space", "note", text, some(table.positions[:5])))


def _form(table: Table, proposal: Proposal) -> str:
    """The format, and what the rows are shaped like."""
    return f"{table.format}, {proposal.form}" if proposal.form else table.format


def _free(table: Table) -> None:
    """The cells live on in the examples; a large file must not be in memory twice."""
    table.columns = []


def _task(made: assemble.Assembled, proposal: Proposal, target: targets.Target) -> tuple[str, str]:
    step = max(1, len(made.examples) // tasks.SAMPLE_ROWS)
    sample = made.examples[::step]
    total = len(made.examples)
    return tasks.decide(
        tasks.Rows(
            [example.input for example in sample],
            [example.output for example in sample],
            names.plain(proposal.columns.output),
            proposal.columns.inputs,
            target,
            made.several_turns / total,
            made.calls / total,
            proposal.conversation is not None,
        )
    )


def _settle_labels(draft: Draft) -> None:
    """Bins, missing labels and spellings, as far as the person decided; the rest becomes a question."""
    if draft.choices.bins is not None:
        bins.make(draft)
    if not draft.labelled:
        return
    if draft.task_type == "multi_label_classification" and draft.target.kind != "labels":
        draft.examples = [replace(e, output=targets.canonical(targets.split(e.output, None))) for e in draft.examples]
    counts = draft.labels()
    draft.findings += labels.findings(counts, _rows_by_label(draft, counts), draft.choices)
    if draft.choices.missing_labels == "drop":
        _drop_missing(draft)
    if draft.choices.merge_labels == "yes":
        _merge(draft, labels.merges(counts))


def _rows_by_label(draft: Draft, counts: Counter[str]) -> dict[str, list[int]]:
    """Some rows of the labels the questions are about."""
    wanted = {label for label in counts if labels.is_missing(label)} | set(labels.merges(counts))
    rows: dict[str, list[int]] = {label: [] for label in wanted}
    if not wanted:
        return rows
    for example in draft.examples:
        for label in _labels(draft, example):
            if label in wanted and len(rows[label]) < limits.FINDING_ROWS:
                rows[label].append(example.row)
    return rows


def _labels(draft: Draft, example: Example) -> list[str]:
    return targets.labels_of(example.output) if draft.task_type == "multi_label_classification" else [example.output]


def _drop_missing(draft: Draft) -> None:
    kept: list[Example] = []
    for example in draft.examples:
        found = _labels(draft, example)
        if any(labels.is_missing(label) for label in found):
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
        to = {text: targets.canonical(to.get(label, label) for label in targets.labels_of(text)) for text in whole}
    draft.examples = [replace(e, output=to[e.output]) if e.output in to else e for e in draft.examples]


def _settle_instruction(draft: Draft, proposal: Proposal) -> None:
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


def _preview(table: Table) -> tuple[dict[str, str], ...]:
    """The first rows as they stand, long cells and many columns cut, damage made visible."""
    shown = table.names[: limits.PREVIEW_COLUMNS]
    rows: list[dict[str, str]] = []
    for index in range(min(len(table), limits.PREVIEW_ROWS)):
        cells = [assemble.text_of(column[index]) for column in table.columns[: len(shown)]]
        rows.append({name: _shown(cell) for name, cell in zip(shown, cells, strict=True)})
    return tuple(rows)


def _shown(cell: str) -> str:
    cut = cell if len(cell) <= limits.PREVIEW_CHARACTERS else cell[: limits.PREVIEW_CHARACTERS] + " …"
    return cut.encode("utf-8", errors="replace").decode("utf-8").replace("\x00", "")


def _measure(draft: Draft) -> tuple[tokens.Lengths, tokens.Lengths, str]:
    """Lengths of inputs and answers, and how they were counted."""
    examples = draft.examples
    if draft.tokenizer is None:
        asked = [len(e.input) + sum(len(turn.content) for turn in e.turns) for e in examples]
        return tokens.rough(asked), tokens.rough([len(e.output) for e in examples]), tokens.ROUGH
    asked_texts = ["\n".join([*(turn.content for turn in e.turns), e.input]) if e.turns else e.input for e in examples]
    came_in = tokens.measured(draft.tokenizer, asked_texts)
    came_out = tokens.measured(draft.tokenizer, [e.output for e in examples])
    draft.characters_per_token = came_in.characters_per_token
    return came_in, came_out, draft.tokenizer.basis


def _finish(draft: Draft, measured: tuple[tokens.Lengths, tokens.Lengths, str], about: About) -> Dataset:
    """The finished data set."""
    examples = draft.examples
    came_in, came_out, basis = measured
    columns: Columns = draft.columns
    return Dataset(
        name=about.name,
        sha256=about.sha256,
        fingerprint=fingerprint.of(examples, draft.instruction),
        format=draft.format,
        encoding=draft.encoding,
        column_names=tuple(draft.names),
        columns=columns,
        task_type=draft.task_type,
        task_why=draft.task_why,
        labels=tuple(draft.labels().items()),
        examples=tuple(examples),
        rejected=tuple(draft.rejected),
        findings=checks.ordered(draft.findings),
        input_tokens_median=came_in.middle,
        output_tokens_median=came_out.middle,
        instruction=draft.instruction,
        preview=about.preview,
        input_tokens_p95=came_in.long,
        output_tokens_p95=came_out.long,
        tokens_basis=basis,
        leaks=_leaks(draft.choices),
        choices=draft.choices.as_json(),
        copies=draft.copies().together(len(examples)) if about.checked else None,
    )


def _leaks(choices: Choices) -> Literal["train", "test", "keep"]:
    return "test" if choices.leaks == "test" else "keep" if choices.leaks == "keep" else "train"
