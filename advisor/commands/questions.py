"""`python -m advisor questions`: the questionnaire, and a template to fill in."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from advisor.commands.shell import DONE, print_json
from advisor.errors import NoPermission, ProfileError
from advisor.questionnaire import QUESTIONS, Question, allowed, assumption, template

NAME = "questions"
HELP = "the questionnaire; with --template FILE a commented YAML file to fill in"


def add(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--template", metavar="FILE", help="write a template here ('-' for the screen)")


def run(args: argparse.Namespace) -> int:
    """Print the questions, or write the template."""
    if args.template:
        return _write_template(args.template, args.json)
    if args.json:
        print_json([_row(question) for question in QUESTIONS])
        return DONE
    console = Console(width=None if os.isatty(1) else 120)
    for group in dict.fromkeys(question.group for question in QUESTIONS):
        table = Table(title=group, title_justify="left", show_lines=False)
        for column in ("Key", "Question", "Answer", "If unanswered"):
            table.add_column(column, overflow="fold")
        for question in (q for q in QUESTIONS if q.group == group):
            table.add_row(question.key, f"{question.label} {question.help}", allowed(question), assumption(question))
        console.print(table)
    return DONE


def _write_template(target: str, as_json: bool) -> int:
    if target == "-":
        print(template())
        return DONE
    path = Path(target)
    if path.exists():
        raise ProfileError(f"{path} is there already.", "Name another file; nothing was overwritten.")
    try:
        path.write_text(template(), encoding="utf-8")
    except OSError as error:
        mend = "Choose a folder you may write to."
        raise NoPermission(f"{path} cannot be written ({error.strerror}).", mend) from error
    if as_json:
        print_json({"template": str(path)})
    else:
        print(f"Wrote {path}. Fill in what you know, then: python -m advisor advise {path}")
    return DONE


def _row(question: Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "label": question.label,
        "help": question.help,
        "kind": question.kind,
        "group": question.group,
        "unit": question.unit,
        "allowed": allowed(question),
        "choices": list(question.choices),
        "low": question.low,
        "high": question.high,
        "if_unanswered": assumption(question),
    }
