"""What `inspect` shows on a terminal: a few tables a person can read, never a dump."""

from __future__ import annotations

import unicodedata

from rich.console import Console
from rich.table import Table
from rich.text import Text

from advisor.vocabulary import Dataset, Finding, Split
from experiments.dataset import as_answers, power
from experiments.dataset.wording import many

LABELS_SHOWN = 12
CELL_CHARACTERS = 60
ROWS_SHOWN = 3
FINDING_ROWS_SHOWN = 6
BAR = 24
SEVERITY = {
    "error": ("wrong", "bold red"),
    "ask": ("asks", "bold magenta"),
    "warn": ("warns", "yellow"),
    "note": ("note", "dim"),
}


def show(found: Dataset, parts: Split | None, why_not: str, console: Console | None = None) -> None:
    """Summary, first rows, labels, findings, split."""
    out = console or Console(highlight=False)
    out.print(_summary(found))
    out.print(_rows(found))
    if found.labels:
        out.print(_labels(found))
    if found.findings:
        out.print(_findings(found))
    else:
        out.print("Nothing wrong was found.")
    if parts is not None:
        out.print(
            Text(
                f"Split: {len(parts.train):,} train, {len(parts.validation):,} validation, "
                f"{len(parts.test):,} test. {parts.how} {power.sentence(len(parts.test))}"
            )
        )
    else:
        out.print(Text(f"Split: none. {why_not}"))
    said = ", ".join(f"{key}: {value}" for key, value in as_answers(found).items())
    out.print(Text(f"As answers of the questionnaire (`python -m advisor advise`): {said}."))


def plain(text: str, most: int = CELL_CHARACTERS) -> Text:
    """A text from the file, shown literally: no markup, no control or direction signs, one line, cut."""
    visible = "".join("␤" if c == "\n" else " " if c in "\t\r" else c for c in text[: most * 2])
    safe = "".join("�" if unicodedata.category(c) in ("Cc", "Cf") and c not in "\u200c\u200d" else c for c in visible)
    return Text(safe if len(safe) <= most and len(text) <= most * 2 else safe[: most - 1] + "…")


def _summary(found: Dataset) -> Table:
    table = Table(title=plain(f"{found.name}", 80), show_header=False, title_justify="left", box=None)
    table.add_column(style="bold", no_wrap=True)
    table.add_column()
    columns, why = found.columns, dict(found.columns.why)
    rejected = f", {len(found.rejected):,} left out" if found.rejected else ""
    table.add_row("Rows", f"{len(found.examples):,} kept{rejected}")
    table.add_row(
        "Format",
        f"{found.format}{f', {found.encoding}' if found.encoding else ''}, {many(len(found.column_names), 'column')}",
    )
    table.add_row("Input", _with(plain(", ".join(columns.inputs)), why.get("input")))
    table.add_row("Answer", _with(plain(columns.output), why.get("output")))
    for role, name in (
        ("instruction", columns.instruction),
        ("group", columns.group),
        ("split", columns.split),
        ("given", columns.given),
        ("time", columns.time),
    ):
        if name is not None:
            table.add_row(role.capitalize(), _with(plain(name), why.get(role)))
    if found.instruction is not None:
        table.add_row("Instruction", plain(found.instruction, 100))
    table.add_row("Task", _with(Text(found.task_type), found.task_why))
    tokens = f"{found.input_tokens_median:,.0f} in, {found.output_tokens_median:,.0f} out (middle row); "
    table.add_row(
        "Tokens",
        f"{tokens}{found.input_tokens_p95:,.0f} in, {found.output_tokens_p95:,.0f} out (long row); "
        f"{found.tokens_basis}",
    )
    return table


def _with(name: Text, why: str | None) -> Text:
    return name + Text(f"  ({why})", style="dim") if why else name


def _rows(found: Dataset) -> Table:
    table = Table(title="First rows", title_justify="left")
    table.add_column("Row", justify="right")
    table.add_column("Line", justify="right")
    table.add_column("Input", ratio=3)
    table.add_column("Answer", ratio=1)
    for example in found.examples[:ROWS_SHOWN]:
        table.add_row(f"{example.row}", f"{example.line}", plain(example.input), plain(example.output))
    return table


def _labels(found: Dataset) -> Table:
    table = Table(title=f"Labels ({len(found.labels)})", title_justify="left")
    table.add_column("Label")
    table.add_column("Rows", justify="right")
    table.add_column("Share", justify="right")
    table.add_column("")
    total, most = len(found.examples), max(count for _, count in found.labels)
    for label, count in found.labels[:LABELS_SHOWN]:
        table.add_row(plain(label, 50), f"{count:,}", f"{count / total:.1%}", "█" * max(1, round(BAR * count / most)))
    if len(found.labels) > LABELS_SHOWN:
        rest = sum(count for _, count in found.labels[LABELS_SHOWN:])
        table.add_row(f"… {len(found.labels) - LABELS_SHOWN} more", f"{rest:,}", f"{rest / total:.1%}", "")
    return table


def _findings(found: Dataset) -> Table:
    table = Table(title="Findings", title_justify="left", show_lines=True)
    table.add_column("", no_wrap=True)
    table.add_column("What was found, and what to do", ratio=1)
    table.add_column("Rows", justify="right", max_width=16)
    for finding in found.findings:
        word, style = SEVERITY[finding.severity]
        table.add_row(Text(word, style=style), _said(finding), _listed(finding))
    return table


def _said(finding: Finding) -> Text:
    text = plain(finding.text, 600)
    return text + Text(f"\n→ {finding.mend}", style="cyan") if finding.mend else text


def _listed(finding: Finding) -> str:
    shown = ", ".join(str(row) for row in finding.rows[:FINDING_ROWS_SHOWN])
    return f"{shown} …" if len(finding.rows) > FINDING_ROWS_SHOWN else shown
