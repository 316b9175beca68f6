"""`python -m advisor advise PROFILE.yaml`: the verdict, the options, the reasons, what would change it."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from advisor.advise import advise, moved
from advisor.catalog import facts
from advisor.commands.shell import DONE, print_json
from advisor.decision.currency import Currency
from advisor.decision.words import WAYS, amount, percent
from advisor.errors import InputError, ProfileError
from advisor.questionnaire import profile_from_yaml
from advisor.report import advice_report, names
from advisor.report.answers import WORDS, question
from advisor.report.pdf import write
from advisor.report.sections.options import SELDOM
from advisor.vocabulary import Advice, Blocked, Estimate, Evidence, Moved, TaskProfile

NAME = "advise"
HELP = "advice for one task: which way to go, how sure that is, and what would change it"
SHOWN_OPTIONS = 8
SHOWN_FLIPS = 8


def add(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("profile", metavar="PROFILE.yaml", help="the answers; see `python -m advisor questions`")
    parser.add_argument("--evidence", metavar="RUN|FILE", help="a pilot: its run id, or a file with its record")
    parser.add_argument("--pdf", metavar="OUT.pdf", help="write the advice as a report for a manager")
    parser.add_argument("--seed", type=int, help="another seed of the simulation (default: the same for everybody)")


def run(args: argparse.Namespace) -> int:
    """Read, advise, print."""
    profile = read_profile(args.profile)
    if args.seed is not None and args.seed < 0:
        raise InputError(f"--seed {args.seed} is no seed.", "Give a whole number from 0.")
    evidence, results = _measured(args.evidence) if args.evidence else (None, None)
    before = advise(profile, facts(), None, args.seed) if evidence else None
    advice = advise(profile, facts(), evidence, args.seed)
    changes = moved(before, advice, evidence) if before and evidence else ()
    if args.pdf:
        blocks = advice_report(advice, evidence=evidence, results=results, before=before, moved=changes)
        made = write(blocks, Path(args.pdf), title=profile.name or "Fine-tune or prompt?")
        print(f"Wrote {made.path}, {made.pages} pages.", file=sys.stderr)
    if args.json:
        print_json(advice.as_json())
        return DONE
    show(advice, changes)
    return DONE


def read_profile(name: str) -> TaskProfile:
    """The answers of a file; '-' reads standard input."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProfileError(f"{name} is not a text file in UTF-8.", "Save it as UTF-8 text.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        mend = "Name a profile file; `python -m advisor questions --template FILE` writes one to fill in."
        raise ProfileError(f"{name} cannot be read ({reason}).", mend) from error
    if not text.strip():
        print(f"Note: {name} is empty; every question counts as unanswered.", file=sys.stderr)
    return profile_from_yaml(text)


def _measured(name: str) -> tuple[Evidence, dict[str, Any]]:
    """What a pilot may change in the advice, and its results for the report."""
    from experiments.evidence import evidence, evidence_of_run, read_record
    from experiments.pilot.records import record_of
    from workspace import Store

    if Path(name).exists():
        record = read_record(Path(name))
        return evidence(record), record.results
    store = Store()
    return evidence_of_run(name, store), record_of(store, name).results


def show(advice: Advice, changes: tuple[Moved, ...] = ()) -> None:
    """The advice for a terminal."""
    console = Console(width=None if os.isatty(1) else 140, highlight=False, soft_wrap=False)
    said = advice.recommendation
    console.print(f"\n[bold]{said.sentence}[/bold]\n" if said.option else f"\n{said.sentence}\n")
    if said.undecided:
        console.print(f"{said.undecided}\n", markup=False)
    if said.given_up:
        console.print(f"{said.given_up}\n", markup=False)
    for number, step in enumerate(said.then, 1):
        console.print(f"  {number}. {step}", markup=False)
    console.print()
    for sentence in advice.your_prompt.sentences if advice.your_prompt else ():
        console.print(f"  {sentence}", markup=False)
    for found in advice.contradictions:
        if f"{found.text} {found.way_out}" in said.then:
            continue  # it stands among the steps
        console.print(f"  ! {found.text} {found.way_out}", markup=False)
    console.print(_chances(advice), markup=False)
    if advice.explanation:
        console.print(" ".join(advice.explanation.engineer) + "\n", markup=False)
    console.print(_options(advice))
    if changes:
        console.print(_moved(changes))
    console.print(_reasons(advice))
    _cases(console, advice)
    _flips(console, advice)
    if advice.break_even:
        console.print(f"Break-even: {advice.break_even.text}\n", markup=False)
    if advice.next_measurement:
        met = advice.your_prompt is not None and advice.your_prompt.meets_target
        head = "If you want to be surer" if met else "What would tell most"
        console.print(f"{head}: {advice.next_measurement.sentence}\n", markup=False)
    console.print(f"A pilot: {advice.pilot.why}\n  {advice.pilot.plan}\n", markup=False)
    console.print(
        f"Assumed because unanswered: {len(advice.assumed)} answers (the PDF and --json list them).", markup=False
    )
    console.print(f"Facts of {advice.catalog_date}.", markup=False)


def _chances(advice: Advice) -> str:
    chances = advice.chance_best_by_family
    families = ", ".join(f"{WAYS[family]} {percent(chance)}" for family, chance in chances.items())
    fits = advice.recommendation.chance_nothing_fits
    nothing = f" In {percent(fits)} of the cases nothing fits the limits." if fits >= 0.01 else ""
    best = f"Best all in all: {families}.{nothing}" if any(chances.values()) else nothing.strip()
    return f"{best}\n{advice.quality_alone}\n"


def _options(advice: Advice) -> Table:
    first = advice.recommendation.option or advice.recommendation.nearest
    ranked = sorted(advice.options, key=lambda o: o.option.id != first)
    options, money = ranked[:SHOWN_OPTIONS], Currency.of(advice.profile)
    title = f"The best {len(options)} of {len(advice.options)} options (typical value, 80 % range)"
    quality = names.quality_is(advice.profile.metric, advice.quality_metric, advice.profile.task_type)
    caption = f"Quality: {quality}. * nothing that fits beats it on quality, cost and speed at once"
    table = Table(title=title, caption=caption, title_justify="left", caption_justify="left")
    build, month = f"To build, {money.name}", f"A month, {money.name}"
    columns = ("Option", "Served", "Best in", "Quality", build, month, "95 % within, ms", "Live in, days")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in options:
        shown = [ranged(_in_currency(row.estimates[key], money)) for key in SHOWN_KEYS]
        front = " *" if row.pareto else ""
        name = f"{names.method(row.option.method)}{front}\n{names.model(row.option.model)}"
        why = (
            ""
            if row.feasible
            else "\n[red]blocked: "
            + ", ".join(_in_the_way(b) for b in row.blocked_by if not b.simulated or b.share >= SELDOM)
            + "[/red]"
        )
        table.add_row(name + why, row.option.place, percent(row.chance_best), *shown)
    return table


SHOWN_KEYS = ("quality", "one_off_cost_usd", "monthly_cost_usd", "latency_p95_ms", "days_to_launch")


def _in_the_way(blocked: Blocked) -> str:
    """What a limit is about, and how often it is missed where that is not a fact."""
    what = (WORDS.get(blocked.limit) or names.spaced(blocked.limit)).lower()
    return f"{what} (missed in {percent(blocked.share)})" if blocked.simulated else what


def _in_currency(estimate: Estimate, money: Currency) -> Estimate:
    return estimate.scaled(1 / money.usd_per_unit) if estimate.unit.startswith("USD") else estimate


def ranged(estimate: Estimate) -> str:
    """A value and its range in two digits, or that it is not known."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "not known"
    mark = " measured" if estimate.basis == "measured" else ""
    return f"{amount(estimate.value)}{mark}\n{amount(estimate.low)} to {amount(estimate.high)}"


def _moved(changes: tuple[Moved, ...]) -> Table:
    table = Table(title="What the pilot moved", title_justify="left")
    for column in ("What", "Before", "After", "Why"):
        table.add_column(column, overflow="fold")
    for change in changes:
        table.add_row(names.moved(change), change.before, change.after, change.why)
    return table


def _reasons(advice: Advice) -> Table:
    caption = "What a reason did is counted on fewer futures: its chances may be a point or two off those above."
    table = Table(title="Reasons", caption=caption, title_justify="left", caption_justify="left")
    for column in ("About", "Why", "What it did to this answer", "Source (A measured often … D opinion)"):
        table.add_column(column, overflow="fold")
    for reason in advice.reasons:
        about = WAYS.get(reason.method, names.method(reason.method))
        did = reason.did.text if reason.did else reason.effect
        table.add_row(about, reason.text, did, f"{reason.strength}: {ADDRESS.sub('', reason.source)}")
    return table


ADDRESS = re.compile(r", \S+( \([^()]*\))? \(read [\d-]+\)")  # --json has them, and the report


def _cases(console: Any, advice: Advice) -> None:
    console.print("The nearest published comparisons (best prompt against best trained model):", markup=False)
    for case in advice.nearest_cases:
        scores = f"{case.prompted_score:.2f} prompted, {case.tuned_score:.2f} trained"
        rows = "" if case.n_train is None else f" on {amount(case.n_train)} examples"
        kind = case.task_type.replace("_", " ")
        console.print(f"  {case.task} ({kind}, {case.year}): {scores}{rows}; {case.source}", markup=False)
    console.print()


def _flips(console: Any, advice: Advice) -> None:
    if advice.flips:
        console.print("What would change the verdict, the nearest first:", markup=False)
    else:
        console.print("No single other answer we tried would change the verdict.", markup=False)
    for flip in advice.flips[:SHOWN_FLIPS]:
        console.print(f"  {question(flip.trait)}: {flip.before} → {flip.after}: then {flip.then}", markup=False)
    if advice.matters_not:
        tried = "; ".join(f"{question(unmoved.trait)} ({unmoved.tried})" for unmoved in advice.matters_not)
        console.print(
            f"These do not change the way here, whatever else was tried (which model and place may change): {tried}.",
            markup=False,
        )
    console.print("\nWhat the weights say:", markup=False)
    for trade in advice.trade_offs:
        console.print(f"  {trade.text}", markup=False)
    console.print()
