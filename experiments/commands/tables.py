"""How runs and results look in a terminal."""

from __future__ import annotations

import textwrap
from typing import Any

from rich.console import Console, Group
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from advisor.report.firm_answer import firm_answer
from advisor.report.outcome import rows_timed, scores
from experiments.dataset.wording import many
from experiments.pilot.announced import duration

WIDTH = 130
CHOSEN_ON = "Validation: the score on other rows, by which the best of each side was chosen to be compared on the test."
WHOLE = ("95 % range", "validation", "training\n(planned)")  # columns whose figures are not torn apart
WHY_LENGTH = 200  # characters of why an arm failed; all of it stands in the results


def console(*, stderr: bool = False) -> Console:
    """A console wide enough for the comparison when nobody's terminal says how wide it is."""
    made = Console(stderr=stderr, highlight=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=WIDTH)


def figure(value: float | None, digits: int = 3) -> str:
    """A number, or a dash where nobody knows it."""
    return "–" if value is None else f"{value:.{digits}f}"


def seconds(value: float | None) -> str:
    """A duration as people say it, or a dash where nobody knows it."""
    return "–" if value is None else duration(value)


def comparison(document: dict[str, Any], console: Console) -> None:
    """The comparison, the learning curve, the guards and the verdict."""
    tested = many(document["n_test"], "test row")
    title = f"Run {document['run']} on {document['dataset']}: {document['metric']} on {tested}"
    table = Table(title=title, title_justify="left")
    right = ("score", "95 % range", "validation", "learnt from", "p50 / p95 ms", "training\n(planned)", "memory MiB")
    table.add_column("arm", no_wrap=True, min_width=max((len(arm["arm"]) for arm in document["arms"]), default=3))
    for name in right:
        table.add_column(name, justify="right", no_wrap=name in WHOLE)
    table.add_column("remarks")
    pair = {side for c in document["comparisons"] if c["primary"] for side in (c["a"], c["b"])}
    for arm in sorted(document["arms"], key=lambda a: -(a["score"] or 0)):
        latency = arm["latency_ms"]
        remarks = ["compared"] if arm["arm"] in pair else []
        remarks += [f"{arm['failed_rows']} failed"] if arm["failed_rows"] else []
        remarks += [f"{arm['invalid_outputs']} invalid"] if arm["invalid_outputs"] else []
        remarks += [many(len(arm["seeds"]), "seed")] if len(arm["seeds"]) > 1 else []
        remarks += [f"{arm['cost_usd']:.4f} USD"] if arm["cost_usd"] is not None else []
        table.add_row(
            arm["arm"],
            figure(arm["score"]),
            f"{figure(arm['low'])} to {figure(arm['high'])}",
            figure(arm.get("validation_score")),  # a record of an earlier version has none
            many(arm["n_train"], "row"),
            f"{figure(latency['p50'], 0)} / {figure(latency['p95'], 0)}",
            _beside(arm),
            figure(arm["peak_memory_mib"], 0),
            ", ".join(remarks),
        )
    console.print(table)
    if pair:
        console.print(Text(CHOSEN_ON))
    if said := rows_timed(scores(document)):
        console.print(Text(said))
    _curve(document, console)
    _guards(document, console)
    for score in scores(document):
        for caution in score.cautions:
            console.print(Text(f"{score.label}: {caution}"))
    for line in document["left_out"]:
        console.print(Text(f"Left out: {line.rstrip('.')}."))
    if minutes := document.get("minutes_needed"):  # a record of an earlier version has none
        more = f"python -m experiments resume {document['run']} --minutes {minutes}"
        console.print(Text(f"What was left out for time needs about {many(minutes, 'minute')} more: {more}"))
    console.print(Text(f"\n{document['verdict']['text']}", style="bold"))
    if needed := firm_answer(document):
        console.print(Text(needed))


def _beside(arm: dict[str, Any]) -> str:
    """Training time with the plan's estimate beside it."""
    if arm["train_seconds"] is None:
        return "–"
    planned = arm["estimated"].get("train_seconds", {}).get("value")
    return seconds(arm["train_seconds"]) + (f" ({seconds(planned)})" if planned else "")


def _curve(document: dict[str, Any], console: Console) -> None:
    if shots := document.get("shots_curve"):  # a record of an earlier version has none
        tried = ", ".join(f"{p['shots']:,} {figure(p['score'])}" for p in shots["points"])
        console.print(Text(f"{shots['arm']} by the number of examples in the prompt: {tried}."))
    if curve := document["learning_curve"]:
        console.print(Text(_learning(curve)))


def _learning(curve: dict[str, Any]) -> str:
    """The points and what all rows would give; one point is no curve, and that is said."""
    points = ", ".join(f"{many(p['n'], 'row')} {figure(p['score'])}" for p in curve["points"])
    alone = len(curve["points"]) == 1
    text = f"Learning curve of {curve['arm']}: {points}"
    if alone:
        text = f"No learning curve: one training size was measured. {curve['arm']}: {points}"
    full = curve["at_full_data"]
    if full["value"] is not None:
        rows, low, high = curve["rows_available"], figure(full["low"]), figure(full["high"])
        text += f"; with all {many(rows, 'row')} about {figure(full['value'])} (80 % range {low} to {high})"
        text += ", estimated from that one size" if alone else ""
    return " ".join([f"{text}.", *curve.get("warnings", ())])  # a record of an earlier version has none


def _guards(document: dict[str, Any], console: Console) -> None:
    broken = [g for g in document["guards"] if not g["ok"]]
    console.print(Text(f"Guards: {len(document['guards']) - len(broken)} of {len(document['guards'])} hold."))
    for guard in broken:
        console.print(Text(f"  {guard['guard']} does not hold: {guard['detail']}", style="red"))


def progress(status: dict[str, Any], width: int = 30) -> Group:
    """A run as it works: one line per arm."""
    table = Table(box=None, padding=(0, 1), show_header=False)
    for arm in status["arms"]:
        table.add_row(
            arm["arm"],
            ProgressBar(total=1.0, completed=arm["done_share"], width=width),
            arm["phase"] or arm["state"],
            many(arm["rows"], "answer"),
            Text(textwrap.shorten(arm["why"], WHY_LENGTH, placeholder=" …")),
        )
    return Group(table, Text(line(status)))


def line(status: dict[str, Any]) -> str:
    """A run in one line."""
    text = f"{status['run']}: {status['state']}"
    if status["queue_place"]:
        text += f", {status['queue_place']} before it"
    if status["stalled"]:
        text += ", stalled (nothing has moved for a while)"
    text += f", {status['done_share']:.0%} done"
    if status["seconds_left"] is not None and status["state"] == "running":
        text += f", about {seconds(status['seconds_left'])} left"
    return f"{text}. {status['reason']}" if status["reason"] else f"{text}."
