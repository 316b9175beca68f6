"""The options worth comparing, and those that are ruled out with the reason."""

from __future__ import annotations

from advisor.report import charts, names
from advisor.report.citations import unknowns
from advisor.report.contents import Contents
from advisor.report.numbers import NARROW, chance, days, latency, quality
from advisor.report.shortlist import blocked, shortlist
from advisor.vocabulary import Block, Heading, OptionAdvice, Table, Text
from advisor.vocabulary.saying import missed

FRONT_SHOWN = 8
SELDOM = 0.05  # a limit that hardly ever breaks rules nothing out


def blocks(c: Contents) -> tuple[Block, ...]:
    """A table of the best option per method, quality against cost, and what is blocked by what."""
    if c.advice is None:
        return ()
    shown = shortlist(c)
    ruled_out = blocked(c.advice)
    if not shown and not ruled_out:
        return ()
    chart = charts.options_chart(shown, c.money, c.metric)
    return (
        Heading("The options"),
        *(
            _table(c, shown)
            if shown
            else (Text("No option stays within the limits given in at least half of the futures."),)
        ),
        *((chart,) if chart else ()),
        *_front(c),
        *_blocked(ruled_out),
    )


def _table(c: Contents, shown: tuple[OptionAdvice, ...]) -> tuple[Block, ...]:
    target = any(option.chance_meets_target is not None for option in shown)
    columns = ["Option", "Chance best", names.metric_head(c.metric)]
    columns += ["Meets target"] if target else []
    columns += [f"{c.money.currency} a month", f"{c.money.currency} once", "Slow answers (p95)", "Days to launch"]
    rows = tuple(_row(c, number, option, target) for number, option in enumerate(shown, 1))
    right = tuple(range(1, len(columns)))
    return (
        Table("The best option of each method, 80 % ranges in brackets", tuple(columns), rows, _note(c, shown), right),
    )


def _row(c: Contents, number: int, option: OptionAdvice, target: bool) -> tuple[str, ...]:
    e = option.estimates
    cells = [f"{number}. {names.option(option.option)}", chance(option.chance_best), quality(e.get("quality"))]
    if target:
        meets = option.chance_meets_target
        cells.append("not known" if meets is None else chance(meets))
    cells += [
        c.money.bare(e.get("monthly_cost_usd")),
        c.money.bare(e.get("one_off_cost_usd")),
        latency(e.get("latency_p95_ms")),
        days(e.get("days_to_launch")),
    ]
    return tuple(cells)


def _note(c: Contents, shown: tuple[OptionAdvice, ...]) -> str:
    parts = [
        "Ordered by what a wrong choice would cost. Chance best: of this very option; options of one kind share the "
        "chance of their kind. Slow answers: 95 of 100 requests are faster than this."
    ]
    if c.advice and (usual := c.advice.quality_metric) and (not c.advice.profile.metric or usual == "preference"):
        said = names.quality_is(c.advice.profile.metric, usual, c.advice.profile.task_type)
        head = names.metric_head(c.metric)
        twice = said.casefold().startswith(head.casefold())
        parts.append(f"{head}{said[len(head) :]}." if twice else f"{head}: {said}.")
    why = unknowns(shown)
    if why:
        parts.append("Not known: " + "; ".join(why) + ".")
    parts += [_others(c, shown), c.money.rate()]
    return " ".join(part for part in parts if part)


def _others(c: Contents, shown: tuple[OptionAdvice, ...]) -> str:
    """The methods that a short table leaves out."""
    named = {option.option.method for option in shown}
    fits = [o.option.method for o in c.advice.options if o.feasible] if c.advice else []
    others = [names.inside(names.method(name)) for name in dict.fromkeys(fits) if name not in named]
    return f"Left out here, since more is lost by them: {', '.join(others)}." if others else ""


def _front(c: Contents) -> tuple[Block, ...]:
    """The options nothing beats on quality, cost and speed at once, the best score first."""
    if c.advice is None:
        return ()
    front = [o for o in c.advice.options if o.pareto]
    if not front:
        return ()
    best_first = sorted(front, key=lambda o: -(o.estimates["quality"].value or 0.0))
    named = [o for o in best_first if o is c.recommended]
    ranked = sorted(
        [*named, *(o for o in best_first if o not in named)][:FRONT_SHOWN], key=lambda o: best_first.index(o)
    )
    columns = ("Option", names.metric_head(c.metric), f"{c.money.currency} a month", "Slow answers (p95)")
    rows = tuple(
        (
            names.option(o.option),
            quality(o.estimates.get("quality")),
            c.money.bare(o.estimates.get("monthly_cost_usd")),
            latency(o.estimates.get("latency_p95_ms")),
        )
        for o in ranked
    )
    more = f" {len(front) - FRONT_SHOWN} more are in the full list." if len(front) > FRONT_SHOWN else ""
    note = (
        "Who takes less of one of the three can have more of another; every option that is not among them is beaten "
        "by one that is. Cost is compared with building spread over its use; an unknown time counts as 2 seconds."
        f"{more}"
    )
    return (Table("Nothing beats these on quality, cost and speed at once", columns, rows, note, (1, 2, 3)),)


def _blocked(ruled_out: tuple[OptionAdvice, ...]) -> tuple[Block, ...]:
    if not ruled_out:
        return ()
    rows = tuple((names.method(o.option.method), names.option(o.option), _why(o)) for o in ruled_out)
    short = tuple((row[0], row[1].removeprefix(f"{row[0]}, "), row[2]) for row in rows)
    return (
        Table(
            "Ruled out: what came closest, and what stands in its way", ("Method", "Closest option", "Why not"), short
        ),
    )


def _why(option: OptionAdvice) -> str:
    """The limits that matter in words, each with how often it is missed where that is not a fact."""
    most = max((limit.share for limit in option.blocked_by), default=0.0)
    often = [limit for limit in option.blocked_by if limit.share >= min(SELDOM, most)]
    said = [missed(limit).replace(" %", f"{NARROW}%") for limit in sorted(often, key=lambda b: -b.share)]
    return "; ".join(said) or "breaks a limit in more than half of the futures"
