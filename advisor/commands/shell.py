"""What every command shares: `--json`, `--debug`, exit codes, and errors as one clear message."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import sys
from collections.abc import Sequence
from typing import Any, NoReturn, Protocol

from advisor.errors import TuneOrPromptError
from advisor.vocabulary.saying import nearest

NOT_A_CHOICE = re.compile(r"invalid choice: '([^']*)' \(choose from (.*)\)")
NOT_A_NUMBER = re.compile(r"argument ([^:]+): invalid (int|float) value: '(.*)'")
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
        """Print usage, what is wrong and the nearest name; exit 2. A value that is no number needs no usage."""
        if number := NOT_A_NUMBER.search(message):
            kind = "a whole number, such as 10" if number[2] == "int" else "a number, such as 0.5"
            self.exit(USAGE, f"{self.prog}: {number[1]} is '{number[3]}'. It must be {kind}.\n")
        found = NOT_A_CHOICE.search(message)
        known = re.findall(r"'([^']+)'", found[2]) if found else []
        super().error(f"{message} {nearest(found[1], known) if found else ''}".rstrip())


def _not_understood(parser: argparse.ArgumentParser, given: Sequence[str], unknown: Sequence[str]) -> int:
    """The command's own help on stderr, then every argument it does not know with the nearest it does."""
    known = [option for action in parser._actions for option in action.option_strings]
    parser.print_help(sys.stderr)
    for argument in unknown:
        hint = nearest(argument.partition("=")[0], known) if argument.startswith("-") else ""
        print(f"{parser.prog}: there is no argument {argument!r}. {hint}".rstrip(), file=sys.stderr)
    if quoting := _unquoted(given, unknown):
        print(f"{parser.prog}: {quoting}", file=sys.stderr)
    return USAGE


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write("\n")


def _unquoted(given: Sequence[str], left_over: Sequence[str]) -> str:
    """How to write a value with blanks that was not quoted; nothing where that is not what went wrong."""
    if left_over[0].startswith("-") or left_over[0] not in given:
        return ""
    end = given.index(left_over[0])
    begin = next((place for place in range(end, -1, -1) if given[place].startswith("--")), None)
    if begin is None or end - begin < 2:
        return ""
    while end + 1 < len(given) and not given[end + 1].startswith("-") and given[end + 1] in left_over:
        end += 1
    words = given[begin + 1 : end + 1]
    if len(words) > 2 and os.path.exists(words[-1]):  # the file, which came last
        words = words[:-1]
    value = " ".join(words)
    return f"a value with blanks stands between quotes: {given[begin]} {shlex.quote(value)}"


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
    given = list(sys.argv[1:] if argv is None else argv)
    args, unknown = parser.parse_known_args(given)
    if unknown:
        return _not_understood(subparsers.choices[args.command], given, unknown)
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
