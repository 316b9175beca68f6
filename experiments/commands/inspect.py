"""`python -m experiments inspect DATA`: what the file holds, what is wrong, how it would be split."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from advisor.commands import shell
from advisor.errors import DataError, MissingStarter, NoPermission
from advisor.vocabulary import Dataset, Split
from experiments import dataset as datasets
from experiments.dataset import as_answers, export, power
from experiments.dataset.wording import many
from experiments.split import split

NAME = "inspect"
HELP = "what a file of examples holds, what is wrong with it, how it would be split"
PHASES = {"read": "reading", "columns": "looking at columns", "check": "checking"}


def add(parser: argparse.ArgumentParser) -> None:
    """The file and the choices about its columns."""
    parser.add_argument(
        "data", metavar="DATA", help="CSV, TSV, JSON, JSON Lines, XLSX, Parquet, one of them zipped, or a folder"
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the split shown (default 1, as in `run`)")
    parser.add_argument(
        "--model", help="whose tokenizer counts lengths: a folder or hub id (default: the starter, if here)"
    )
    parser.add_argument("--cleaned", metavar="OUT", help="write the kept rows with their split to OUT.jsonl or OUT.csv")
    datasets.add_flags(parser)


def run(args: argparse.Namespace) -> int:
    """Show the file; exit 1 with its reason when it cannot be used."""
    choices = datasets.from_args(args)
    if args.cleaned:
        _keep_apart(Path(args.cleaned), Path(args.data))
    listen = _progress if sys.stderr.isatty() else datasets.silent
    found = datasets.inspect(Path(args.data), choices, progress=listen, tokenizer=_tokenizer(args.model))
    parts, why_not = _split(found, args.seed, by_time=choices.time is not None)
    wrong = datasets.first(found, "error")
    if args.cleaned:
        _write(Path(args.cleaned), found, parts)
    if args.json:
        document = as_json(found, parts) | ({"split_reason": why_not} if parts is None else {})
        if wrong is not None:
            document = {**DataError(wrong.text, wrong.mend).as_json(), **document}
        shell.print_json(document)
    else:
        from experiments.commands import inspect_tables

        inspect_tables.show(found, parts, why_not)
    if wrong is not None:
        print(f"experiments: {DataError(wrong.text, wrong.mend)}", file=sys.stderr)
        return shell.WRONG
    return shell.DONE


def _tokenizer(model: str | None) -> Path | None:
    """The folder whose tokenizer counts; without a starter on this machine lengths are counted roughly."""
    from experiments.models.resolving import resolve

    try:
        return resolve(model or "starter").folder
    except MissingStarter:
        if model is not None:
            raise
        return None


def _keep_apart(cleaned: Path, data: Path) -> None:
    """The file that is read is never written over."""
    if cleaned.resolve() == data.resolve() or (data.is_dir() and data.resolve() in cleaned.resolve().parents):
        raise DataError(
            f"--cleaned {cleaned} would write over the data it is made from.", "Name another file, in another folder."
        )


def _write(path: Path, found: Dataset, parts: Split | None) -> None:
    """The cleaned set: CSV by its ending, else JSON Lines."""
    as_csv = path.suffix.lower() == ".csv"
    table = export.csv_text(found, parts) if as_csv else None
    try:
        path.write_text(table.text if table else export.json_lines(found, parts), encoding="utf-8", newline="")
    except OSError as error:
        raise NoPermission(
            f"'{path}' cannot be written ({error.strerror}).", "Choose another place with --cleaned."
        ) from error
    cells = "cell that a spreadsheet would run was", "cells that a spreadsheet would run were"
    guarded = f" {many(table.guarded_cells, *cells)} given a leading '." if table else ""
    print(f"{many(len(found.examples), 'row')} written to {path}.{guarded}", file=sys.stderr)


def _split(found: Dataset, seed: int, *, by_time: bool) -> tuple[Split | None, str]:
    try:
        return split(found, seed, by_time=by_time), ""
    except DataError as error:
        return None, str(error)


def as_json(found: Dataset, parts: Split | None) -> dict[str, Any]:
    """The contract's document, with what else a program may want."""
    columns = found.columns
    return {
        "name": found.name,
        "sha256": found.sha256,
        "fingerprint": found.fingerprint,
        "rows": found.rows_in_file,
        "kept": len(found.examples),
        "rejected": [{"line": item.line, "why": item.why} for item in found.rejected],
        "format": found.format,
        "encoding": found.encoding,
        "columns": list(found.column_names),
        "input": columns.inputs[0] if len(columns.inputs) == 1 else list(columns.inputs),
        "input_template": columns.input_template,
        "output": columns.output,
        "instruction": found.instruction if found.instruction is not None else columns.instruction,
        "group": columns.group,
        "split_column": columns.split,
        "given": columns.given,
        "time": columns.time,
        "why": dict(columns.why),
        "task_type": found.task_type,
        "task_why": found.task_why,
        "labels": dict(found.labels),
        "tokens": {
            "input_median": found.input_tokens_median,
            "input_p95": found.input_tokens_p95,
            "output_median": found.output_tokens_median,
            "output_p95": found.output_tokens_p95,
            "basis": found.tokens_basis,
        },
        "findings": [
            {
                "check": item.check,
                "severity": item.severity,
                "text": item.text,
                "rows": list(item.rows),
                "mend": item.mend,
                "flag": item.flag or None,
                "options": list(item.options),
            }
            for item in found.findings
        ],
        "split": None
        if parts is None
        else {
            "train": len(parts.train),
            "validation": len(parts.validation),
            "test": len(parts.test),
            "seed": parts.seed,
            "how": parts.how,
            "shows_points": round(power.difference_for_rows(len(parts.test)), 1),
            "test_rows_needed": power.rows_for_difference(power.MATTERS_POINTS),
        },
        "choices": found.choices,
        "answers": as_answers(found),
    }


def _progress(phase: str, share: float) -> None:
    sys.stderr.write(f"\r{PHASES.get(phase, phase)} … {share:4.0%}\x1b[K" if share < 1 else "\r\x1b[K")
    sys.stderr.flush()
