"""`python -m advisor estimate`: memory, time and latency of one model and method, or of a file of them."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from advisor.commands.estimate_batch import answer_lines
from advisor.commands.estimate_settings import FLAGS, answer, exact_answer
from advisor.commands.shell import DONE, print_json

NAME = "estimate"
HELP = "memory, time and latency of training or serving one model; --batch FILE for many"


def add(parser: argparse.ArgumentParser) -> None:
    """The command's arguments: those of the design, each left out unless given."""
    parser.add_argument("--batch", metavar="FILE", help="one JSON object of these settings per line ('-': stdin)")
    for flag in FLAGS:
        if flag.kind is bool:
            parser.add_argument(
                flag.option, action=argparse.BooleanOptionalAction, default=None, help=flag.help, dest=flag.key
            )
        else:
            parser.add_argument(
                flag.option, type=_as_written(flag.kind), metavar=flag.metavar, help=flag.help, dest=flag.key
            )
    parser.add_argument("--exact", action="store_true", help="trace the real training step (slower, needs torch)")


def _as_written(kind: Any) -> Any:
    """A number where it is one; what is none stays as it is, so that the check names it beside all other mistakes."""

    def read(text: str) -> Any:
        try:
            return kind(text)
        except ValueError:
            return text

    return read


def run(args: argparse.Namespace) -> int:
    """Answer one question, or every line of a batch."""
    if args.batch:
        return answer_lines(args.batch)
    settings = {flag.key: getattr(args, flag.key) for flag in FLAGS if getattr(args, flag.key) is not None}
    document = exact_answer(settings) if args.exact else answer(settings)
    if args.json:
        print_json(document)
    else:
        _show(document)
    return DONE


def _show(document: dict[str, Any]) -> None:
    console = Console(width=None if sys.stdout.isatty() else 110, highlight=False)
    parameters = document["parameters"]
    console.print(f"[bold]{document['model']}[/bold] · {document['method']}")
    console.print(
        f"{parameters['total']:,} parameters, {parameters['trainable']:,} trained "
        f"({parameters['trainable_percent']:.3g} %)"
    )
    memory = document["memory_gib"]
    table = Table("Memory on each GPU", "GiB", "80 % range", box=None)
    for name in ("weights", "adapters", "gradients", "optimizer", "activations", "logits", "kv_cache", "runtime"):
        if memory[name] >= 0.005:
            table.add_row(name.replace("_", " "), f"{memory[name]:.2f}", "")
    labels = {"peak": "peak (allocated)", "reserved": "reserved", "device": "the card must have"}
    for name, label in labels.items():
        table.add_row(f"[bold]{label}[/bold]", _value(memory[name]), _range(memory[name]))
    console.print(table)
    timing = {**(document.get("time") or {}), **document.get("latency", {})}
    if timing:
        table = Table("Time", "", "80 % range", "unit", box=None)
        for name, figure in timing.items():
            table.add_row(name.replace("_", " "), _value(figure), _range(figure), figure["unit"])
        console.print(table)
    table = Table("GPU", "Fits?", "Room left, GiB", box=None)
    for row in document["fits"]:
        table.add_row(f"{row['gpu']} × {row['gpus']}", row["fits"], f"{row['headroom_gib']:+.1f}")
    console.print(table)
    if document.get("note"):
        console.print(f"Note: {document['note']}")
    console.print(f"Range: {memory['peak']['source']}.")


def _value(figure: dict[str, Any]) -> str:
    return "not known" if figure["value"] is None else _round(figure["value"])


def _range(figure: dict[str, Any]) -> str:
    return "" if figure["value"] is None else f"{_round(figure['low'])} to {_round(figure['high'])}"


def _round(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
