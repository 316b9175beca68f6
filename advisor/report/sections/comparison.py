"""What the pilot found: scores with intervals, the primary comparison in words, every arm's figures."""

from __future__ import annotations

from advisor.report import charts, names
from advisor.report.contents import Contents
from advisor.report.firm_answer import firm_answer
from advisor.report.numbers import hundredths, percent, ranged, signed
from advisor.report.outcome import Comparison, Score, comparisons, scores, verdict
from advisor.report.sections import measured
from advisor.vocabulary import Block, Heading, Notice, Table, Text

SMALL_P = 0.001
CHOSEN_ON = (
    " On validation: the score on other rows, by which the best way of prompting and the best tuned model were chosen."
)
ELSEWHERE = (
    "The chances under “The answer” are not this pilot's: they come from the team's answers, published results and "
    "what the pilot did measure. Alone it compared nothing, so it has no verdict, however high they are."
)


def blocks(c: Contents) -> tuple[Block, ...]:
    """Verdict, primary comparison, chart, table of scores, secondary comparisons."""
    if not c.results:
        return ()
    found = scores(c.results)
    chart = charts.arms(found, c.metric)
    pairs = comparisons(c.results)
    words = [_said(pair, found, c.metric) for pair in pairs if pair.primary]
    return (
        Heading("What the pilot found"),
        *_verdict(c),
        *(Text(text) for text in words),
        *((chart,) if chart else ()),
        _scores(found, c.metric),
        *(Text(f"{score.label}: {caution}") for score in found for caution in score.cautions),
        *measured.blocks(c),
        *_secondary(pairs),
        *_left_out(c),
    )


def _left_out(c: Contents) -> tuple[Block, ...]:
    """What was planned and is not in the tables; the pilot's own report lists it with the run."""
    left: list[str] = (c.results or {}).get("left_out") or []
    return (Text(f"Not in these tables: {'; '.join(left)}."),) if left and c.advice is not None else ()


def _verdict(c: Contents) -> tuple[Block, ...]:
    found = verdict(c.results or {})
    text = str(found.get("text") or "").strip()
    state = str((c.results or {}).get("state") or "")
    unfinished = (Notice(f"This run is {state}: what follows is what it had found so far.", "warn"),)
    return (
        *(unfinished if state and state != "done" else ()),
        *((Text(text, "lead"),) if text else ()),
        *((Text(needed),) if (needed := firm_answer(c.results or {})) else ()),
        *((Text(ELSEWHERE),) if text and found.get("winner") is None and c.advice is not None else ()),
    )


def p_value(value: float | None) -> str:
    """A p-value as people quote it; empty where there is none."""
    if value is None:
        return ""
    return f"p < {SMALL_P}" if value < SMALL_P else f"p = {value:.3f}" if value < 0.1 else f"p = {value:.2f}"


def _said(pair: Comparison, found: tuple[Score, ...], metric: str | None) -> str:
    by_arm = {score.arm: score for score in found}
    a, b = by_arm.get(pair.a), by_arm.get(pair.b)
    start = f"The primary comparison, chosen before testing: {names.method(pair.a)} against {names.method(pair.b)}"
    if a is None or b is None or a.score is None or b.score is None or pair.difference is None:
        return f"{start}. {pair.verdict}".strip()
    rows = f" the same {a.n_test:,} held-out rows" if a.n_test else " the same held-out rows"
    text = f"{start}. On{rows} they reached {hundredths(a.score)} and {hundredths(b.score)} {names.metric(metric)}"
    text += f", a difference of {signed(pair.difference)}"
    if pair.low is not None and pair.high is not None:
        text += f" (95 % interval {signed(pair.low)} to {signed(pair.high)}"
        text += f"; {p_value(pair.p_value)})" if pair.p_value is not None else ")"
    return f"{text}. {_sentence(pair.verdict)}".strip()


def _sentence(text: str) -> str:
    text = text.strip()
    return f"{text[0].upper()}{text[1:].rstrip('.')}." if text else ""


def _scores(found: tuple[Score, ...], metric: str | None) -> Table:
    """A row per arm; the column of validation scores stands only where they are known."""
    chosen = any(score.validation is not None for score in found)
    rows = tuple(
        (
            score.label,
            "no score" if score.score is None else ranged(score.score, score.low, score.high, hundredths),
            *((_validation(score),) if chosen else ()),
            "" if score.n_test is None else f"{score.n_test:,}",
            _share(score.invalid_outputs, score.n_test),
            str(score.failed_rows),
        )
        for score in found
    )
    heads = ("Test rows", "Unusable answers", "Failed rows")
    columns = ("Way of doing it", names.metric_head(metric), *(("On validation",) if chosen else ()), *heads)
    note = "95 % intervals in brackets. Unusable: the answer was none of the allowed ones. A failed row gave no answer."
    note += CHOSEN_ON if chosen else ""
    right = tuple(range(1, len(columns)))
    return Table("Scores on rows that no method had seen", columns, rows, note, right)


def _validation(score: Score) -> str:
    return "–" if score.validation is None else hundredths(score.validation)


def _share(count: int, of: int | None) -> str:
    return f"{count} ({percent(count / of)})" if count and of else str(count)


def _secondary(pairs: tuple[Comparison, ...]) -> tuple[Block, ...]:
    """The pairs that share an arm with the primary one; how many more there are is said."""
    arms = {arm for pair in pairs if pair.primary for arm in (pair.a, pair.b)}
    others = [pair for pair in pairs if not pair.primary]
    shown = [pair for pair in others if not arms or {pair.a, pair.b} & arms]
    if not shown:
        return ()
    left = len(others) - len(shown)
    note = "p is corrected for the number of pairs (Holm). These pairs explain; the primary one decides."
    note += f" {left} more pairs stand in the results document." if left else ""
    columns = ("Pair", "Difference", "95 % interval", "p", "In words")
    return (Table("The other pairs, on the same rows", columns, tuple(map(_pair, shown)), note, (1, 2, 3)),)


def _pair(pair: Comparison) -> tuple[str, ...]:
    p = pair.p_adjusted if pair.p_adjusted is not None else pair.p_value
    return (
        f"{names.method(pair.a)} – {names.method(pair.b)}",
        "not known" if pair.difference is None else signed(pair.difference),
        "" if pair.low is None or pair.high is None else f"{signed(pair.low)} to {signed(pair.high)}",
        p_value(p).removeprefix("p = ").replace("p < ", "<\u202f"),
        pair.verdict,
    )
