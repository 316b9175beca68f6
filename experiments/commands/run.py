"""`run DATA`: a pilot on a file of examples, from its rows to the comparison."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml

from advisor.errors import DataError, PlanError, TuneOrPromptError, UnknownName, all_at_once
from advisor.vocabulary import Dataset, PilotPlan
from advisor.vocabulary.saying import nearest
from experiments import dataset as datasets
from experiments.api.service import Service
from experiments.arms import ARMS
from experiments.commands import asking, ending, tables, watching
from experiments.metrics.format_checks import NAME as FORMAT_CHECKS
from experiments.metrics.format_checks import checks
from experiments.pilot.announced import announced
from experiments.pilot.budget import in_minutes
from experiments.pilot.choices import PilotChoices
from experiments.pilot.parting import parted
from experiments.pilot.settings import assigned
from experiments.runners import local
from workspace import Store

NAME = "run"
HELP = "Prompt and tune a model on your own rows, fairly compared."


def add(parser: argparse.ArgumentParser) -> None:
    """The file, its columns, and what the pilot may take."""
    parser.epilog = (
        "The run is a process of its own: Ctrl-C only stops looking at it. `status RUN` shows it again, `cancel RUN` "
        "ends it and keeps what is finished, `resume RUN` goes on."
    )
    parser.add_argument("data", metavar="DATA", help="a file of examples (see `inspect`)")
    datasets.add_flags(parser)
    parser.add_argument("--model", default="starter", help="`starter`, a model folder, or a hub id")
    parser.add_argument("--arms", help="arms to run, separated by commas; by default those that fit the task")
    parser.add_argument("--minutes", metavar="N", default="10", help="how long the pilot may take (default 10)")
    parser.add_argument("--train-rows", type=int, metavar="N", help="rows to learn from; by default as many as fit")
    parser.add_argument("--test-rows", type=int, metavar="N", help="rows to test on; by default what the time allows")
    parser.add_argument("--in-order", action="store_true", help="rows in the order of the file, as an export has them;"
                        " by default the seed mixes them, each label evenly")  # fmt: skip
    parser.add_argument("--once", action="store_true", help="every way once: no other seeds, no learning curve")
    parser.add_argument("--shots", type=int, help="examples shown in few-shot prompts")
    parser.add_argument("--set", metavar="ARM.SETTING=VALUE", action="append", default=[], help="change a setting of "
                        "an arm, such as lora.epochs=5; may be given several times")  # fmt: skip
    parser.add_argument("--metric", help="how answers are scored; by default what suits the task")
    parser.add_argument("--format-checks", metavar="FILE", type=Path, help="YAML or JSON with the checks of your style")
    parser.add_argument("--seed", type=int, default=1, help="seed of split, training order and initialisation")
    parser.add_argument("--plan", metavar="RECORD", type=Path, help="repeat the plan of a record, without the clock")
    ending.add_flag(parser)
    parser.add_argument("--profile", metavar="PROFILE.yaml", type=Path, help="answers whose metric and task type count")
    asking.add_flags(parser)


def run(args: argparse.Namespace) -> int:
    """Print the run's id at once, follow the run, end with the comparison."""
    say = tables.console(stderr=args.json)
    ending.check(args)
    _check_words(args)
    store = Store()
    data = Path(args.data)
    service, key = asking.asked_for(args)
    choices, metric = _with_profile(args)
    dataset = datasets.read(data, choices)
    for sentence in datasets.taken(dataset):
        print(f"Data: {sentence}", file=sys.stderr, flush=True)
    plan = _plan(store, dataset, args, metric, service)
    asking.announce(plan)
    project = store.projects.default().id
    store.datasets.save(project, dataset.name, _bytes(data), mapping=dataset.choices, split={"seed": args.seed})
    started = local.start(store, project, plan, dataset.examples, start_key=local.new_key(), api_key=key)
    try:
        print(started.id, file=sys.stderr if args.json else sys.stdout, flush=True)
        for line in announced(plan):
            say.print(line, markup=False)
        watching.follow(store, started.id, say)
    except KeyboardInterrupt:
        return watching.left_running(started.id, say)
    return ending.finish(store, started.id, args, say)


def _check_words(args: argparse.Namespace) -> None:
    """Everything that can be wrong with the words of the command line, at once and before the file is read."""
    wrong: list[TuneOrPromptError] = []
    known = [card.arm for card in ARMS]
    for arm in _arms(args) or ():
        if arm not in known:
            hint = nearest(arm, known).replace("'", "")
            mend = f"{hint} There are: {', '.join(known)}.".strip()
            wrong.append(UnknownName(f"No arm is called '{arm}'.", mend))
    try:
        args.minutes = in_minutes(args.minutes)
    except PlanError as error:
        wrong.append(error)
    for assignment in args.set:
        try:
            assigned([assignment], ARMS)
        except TuneOrPromptError as error:
            wrong.append(error)
    if wrong and not Path(args.data).exists():
        wrong.append(DataError(f"There is no file '{args.data}'.", "Look at the spelling and the folder."))
    if wrong:
        raise all_at_once(wrong, PlanError, "things in this command cannot be used", "Mend these.")


def _arms(args: argparse.Namespace) -> tuple[str, ...] | None:
    return tuple(arm.strip() for arm in args.arms.split(",") if arm.strip()) if args.arms else None


def _plan(
    store: Store, dataset: Dataset, args: argparse.Namespace, metric: str | None, service: Service | None
) -> PilotPlan:
    from experiments.evidence import read_record
    from experiments.pilot.hosted import agreed_again
    from experiments.pilot.replaying import replayed
    from experiments.pilot.starting import plan_here

    if args.plan is not None:
        return agreed_again(replayed(read_record(args.plan), dataset), service)
    parts = parted(dataset, args.seed, args.test_rows)
    checked = _format_checks(args)
    choices = PilotChoices(
        arms=_arms(args),
        model=args.model,
        minutes=args.minutes,
        shots=args.shots,
        size=args.train_rows,
        test_rows=args.test_rows,
        in_order=args.in_order,
        once=args.once,
        metric=args.metric or (FORMAT_CHECKS if checked else metric),
        metric_settings=checked,
        seed=args.seed,
        settings={**assigned(args.set, ARMS), **_given(args)},
        service=service,
    )
    return plan_here(store, dataset, parts, choices)


def _format_checks(args: argparse.Namespace) -> dict[str, Any]:
    """The checks of the file, where one is named; they are only for the metric of that name."""
    path: Path | None = args.format_checks
    if path is None:
        return {}
    if args.metric not in (None, FORMAT_CHECKS):
        raise PlanError(f"--format-checks beside --metric {args.metric}.", f"Use --metric {FORMAT_CHECKS}, or neither.")
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PlanError(f"{path} cannot be read ({error.strerror}).", "Name a file of checks.") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise PlanError(f"{path} is no YAML or JSON ({str(error).splitlines()[0]}).", "Mend the file.") from error
    checks(document)
    return dict(document)


def _given(args: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """The model behind the answers of the team's present system, where it is named: `--given COLUMN=MODEL`."""
    model = datasets.column_and_model(args.choice_given or "")[1]
    return {"given": {"model": model}} if model else {}


def _with_profile(args: argparse.Namespace) -> tuple[Any, str | None]:
    """Column choices, with the task type and metric of a profile where the command line says nothing."""
    if args.profile is None:
        return datasets.from_args(args), None
    from advisor.commands.advise import read_profile

    profile = read_profile(str(args.profile))
    if getattr(args, "task_type", None) is None and profile.task_type is not None:
        args.task_type = profile.task_type
    return datasets.from_args(args), profile.metric


def _bytes(data: Path) -> bytes:
    """What is kept: the file itself, or the files of a folder packed into one."""
    return datasets.pack_folder(data) if data.is_dir() else data.read_bytes()
