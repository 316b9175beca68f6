"""What every command shares: `--json`, `--debug`, exit codes, and errors as one clear message."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn, Protocol

from advisor.errors import TuneOrPromptError
from advisor.vocabulary.saying import nearest

NOT_A_CHOICE = re.compile(r"invalid choice: '([^']*)' \(choose from (.*)\)")
DONE, WRONG, USAGE, CANCELLED = 0, 1, 2, 130


class Command(Protocol):
    """One command: `add` declares its arguments, `run` does the work and returns the exit code."""

    NAME: str
    HELP: str

    def add(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


class Parser(argparse.ArgumentParser):
    """Wrong usage with a hint at the nearest name, where a word that must be one of some is not."""

    def error(self, message: str) -> NoReturn:
        """Print usage, what is wrong and the nearest name; exit 2."""
        found = NOT_A_CHOICE.search(message)
        known = re.findall(r"'([^']+)'", found[2]) if found else []
        super().error(f"{message} {nearest(found[1], known) if found else ''}".rstrip())


def _not_understood(parser: argparse.ArgumentParser, unknown: Sequence[str]) -> int:
    """The command's own help on stderr, then every argument it does not know with the nearest it does."""
    known = [option for action in parser._actions for option in action.option_strings]
    parser.print_help(sys.stderr)
    for argument in unknown:
        hint = nearest(argument.partition("=")[0], known) if argument.startswith("-") else ""
        print(f"{parser.prog}: there is no argument {argument!r}. {hint}".rstrip(), file=sys.stderr)
    return USAGE


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write("\n")


def main(program: str, description: str, commands: Sequence[Any], argv: Sequence[str] | None = None) -> int:
    """Parse, run one command, and turn every error a person may see into one message and an exit code."""
    parser = Parser(prog=f"python -m {program}", description=description)
    shared = Parser(add_help=False)
    shared.add_argument("--json", action="store_true", help="one JSON document on stdout; progress goes to stderr")
    shared.add_argument("--debug", action="store_true", help="show the stack trace of an error")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in commands:
        sub = subparsers.add_parser(command.NAME, help=command.HELP, description=command.HELP, parents=[shared])
        command.add(sub)
        sub.set_defaults(run=command.run)
    args, unknown = parser.parse_known_args(argv)
    if unknown:
        return _not_understood(subparsers.choices[args.command], unknown)
    try:
        return int(args.run(args))
    except TuneOrPromptError as error:
        if args.debug:
            raise
        if args.json:
            print_json(error.as_json())
        print(f"{program}: {error}", file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        print(f"{program}: cancelled.", file=sys.stderr)
        return CANCELLED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if args.debug:
            raise
        print(
            f"{program}: something went wrong that we did not foresee ({type(error).__name__}). "
            "Run the command again with --debug and send us what it prints.",
            file=sys.stderr,
        )
        return WRONG
