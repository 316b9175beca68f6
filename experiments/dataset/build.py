"""Source → Dataset: the walk through the rooms of this folder. Runs inside the limited child process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from advisor.errors import DataError
from advisor.vocabulary import Columns, Dataset
from experiments.dataset import (
    annotators,
    assemble,
    checks,
    families,
    fingerprint,
    formats,
    limits,
    names,
    offered,
    own_split,
    preferences,
    provider_files,
    references,
    settling,
    talks,
    targets,
    tasks,
    tokens,
    totals,
    verdicts,
    words,
)
from experiments.dataset.choices import Choices
from experiments.dataset.columns import Proposal, propose
from experiments.dataset.draft import Draft
from experiments.dataset.formats import delimited
from experiments.dataset.source import Source
from experiments.dataset.table import Table


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
        raise _none_left(table, assemble.Assembled())
    totals.find(table, source.choices)
    provider_files.gather(table)
    settling.flatten(table)
    settling.clean_names(table)
    verdicts.gather(table, source.choices)
    offered.gather(table, source.choices)
    settling.flatten_some(table)
    settling.clean_names(table)
    annotators.gather(table, source.choices)
    families.gather(table, source.choices)
    preferences.gather(table, source.choices)
    talks.gather(table)
    words.gather(table)
    source.progress("columns", 0.0)
    proposal = propose(table, source.choices)
    preview = _preview(table, proposal)
    draft = _draft(table, proposal, source.choices, opened.damaged)
    draft.progress, draft.tokenizer = source.progress, source.tokenizer
    measured = _measure(draft)
    if not source.most_rows:
        own_split.settle(draft)
        own_split.settle_dates(draft)
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
    settling.tidy_completions(table, columns.output, choices)
    made = assemble.assemble(table, proposal, target, choices, damaged)
    if not made.examples:
        raise _none_left(table, made)
    known = table.known.task if proposal.columns.output == table.known.output else None
    task_type, why = (
        (choices.task_type, "chosen by you") if choices.task_type else known or _task(made, proposal, target)
    )
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
    settling.settle_labels(draft)
    settling.settle_instruction(draft, proposal)
    references.gather(draft)
    return draft


def _none_left(table: Table, made: assemble.Assembled) -> DataError:
    """Every row was rejected: the commonest reason is the message."""
    rejected = [*table.rejected, *made.rejected]
    if not rejected:
        return DataError(_without_rows(table), "Give a file with rows in it.")
    reasons: dict[str, list[int]] = {}
    for item in rejected:
        reasons.setdefault(item.why, []).append(item.line)
    why, lines = max(reasons.items(), key=lambda item: len(item[1]))
    return DataError(
        f"No row can be used: {why} (in {len(lines):,} of {len(rejected):,} rows).",
        delimited.QUOTE
        if why.endswith(delimited.OTHER_WIDTH.format(len(table.names)))
        else "Mend the rows and try again.",
        line=lines[0],
    )


def _without_rows(table: Table) -> str:
    if table.format.startswith("JSON"):
        return "The JSON is valid but holds no rows."
    if len(table.names) == 1:
        return "The file has one line, which is not a table, and nothing below it."
    return "The file has a header but no rows."


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


def _preview(table: Table, proposal: Proposal) -> tuple[dict[str, str], ...]:
    """The first rows as they stand, long cells cut, damage made visible; of many columns the ones with a role first."""
    shown = table.names
    if len(shown) > limits.PREVIEW_COLUMNS:
        first = [*proposal.columns.inputs, *(proposal.one_hot or (proposal.columns.output,))]
        shown = list(dict.fromkeys([*first, *shown]))[: limits.PREVIEW_COLUMNS]
    columns = [table.column(name) for name in shown]
    rows: list[dict[str, str]] = []
    for index in range(min(len(table), limits.PREVIEW_ROWS)):
        cells = [assemble.text_of(column[index]) for column in columns]
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
