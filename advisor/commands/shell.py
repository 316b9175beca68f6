"""What every command shares: `--json`, `--debug`, exit codes, and errors as one clear message."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from collections.abc import Sequence
from typing import Any, Protocol

from advisor.errors import TuneOrPromptError

DONE, WRONG, USAGE, CANCELLED = 0, 1, 2, 130


class Command(Protocol):
    """One command: `add` declares its arguments, `run` does the work and returns the exit code."""

    NAME: str
    HELP: str

    def add(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write("\n")


def _unknown(given: Sequence[str], left_over: Sequence[str]) -> str:
    """What is wrong with words no argument takes: mostly a value with blanks that was not quoted."""
    text = f"unrecognized arguments: {' '.join(left_over)}"
    if left_over[0].startswith("-") or left_over[0] not in given:
        return text
    end = given.index(left_over[0])
    begin = next((place for place in range(end, -1, -1) if given[place].startswith("--")), None)
    if begin is None or end - begin < 2:
        return text
    while end + 1 < len(given) and not given[end + 1].startswith("-") and given[end + 1] in left_over:
        end += 1
    words = given[begin + 1 : end + 1]
    if len(words) > 2 and os.path.exists(words[-1]):  # the file, which came last
        words = words[:-1]
    value = " ".join(words)
    return f"{text}. A value with blanks stands between quotes: {given[begin]} {shlex.quote(value)}"


def main(program: str, description: str, commands: Sequence[Any], argv: Sequence[str] | None = None) -> int:
    """Parse, run one command, and turn every error a person may see into one message and an exit code."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=description)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="one JSON document on stdout; progress goes to stderr")
    shared.add_argument("--debug", action="store_true", help="show the stack trace of an error")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in commands:
        sub = subparsers.add_parser(command.NAME, help=command.HELP, description=command.HELP, parents=[shared])
        command.add(sub)
        sub.set_defaults(run=command.run)
    given = list(sys.argv[1:] if argv is None else argv)
    args, left_over = parser.parse_known_args(given)
    if left_over:
        parser.error(_unknown(given, left_over))
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
