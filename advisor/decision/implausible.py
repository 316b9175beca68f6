"""Single answers that can hardly be meant as they were typed, each with one sentence and the way out."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.estimators.blocking import FASTEST_CALL_MS
from advisor.vocabulary import CLASSIFYING, HOURS_PER_MONTH, Contradiction, TaskProfile

SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600
SEARCH_ENGINE_PER_SECOND = 100_000  # assumption: what the busiest search engine is reported to get, rounded up
LONGEST_ANSWER = 128_000  # tokens; assumption: the longest single answers that models of 2026 give
LONGEST_INPUT = 1_000_000  # tokens; assumption: the longest contexts that are offered widely
LONGEST_LABEL = 1_000  # tokens; assumption: no name of a class is two pages long
PAGE_TOKENS = 500  # assumption: a page of English text


@dataclass(frozen=True, slots=True)
class Doubt:
    """Beyond `least` or `most` an answer is doubted; `{value}`, `{pages}` and `{per_second}` are filled in."""

    key: str
    text: str
    way_out: str
    least: float = float("-inf")
    most: float = float("inf")
    labels_only: bool = False


AGAIN = "Check the number; the advice goes on as if it were meant."
DOUBTS = (
    Doubt("requests_per_month", "No request a month leaves nothing to answer.",
          "Enter how many you expect once it is live.", least=1e-9),
    Doubt("requests_per_month", "{value} requests a month are {per_second} a second; the busiest search engine gets "
          "about 100,000.", AGAIN, most=float(SEARCH_ENGINE_PER_SECOND) * SECONDS_PER_MONTH),
    Doubt("peak_requests_per_second", "{value} requests in one second are more than the busiest search engine gets "
          "(about 100,000).", AGAIN, most=SEARCH_ENGINE_PER_SECOND),
    Doubt("latency_p95_ms", "A call over a network alone takes longer than {value} ms, so no hosted model answers in "
          "time.", "Allow at least 200 ms, or let a simple classifier or a very small model of your own answer.",
          least=FASTEST_CALL_MS),
    Doubt("output_tokens", "A label of {value} tokens is about {pages} pages of text.",
          "A label takes about 3 tokens: enter that, or choose another kind of task.",
          most=LONGEST_LABEL, labels_only=True),
    Doubt("output_tokens", "An answer of {value} tokens is about {pages} pages; no model gives that much in one "
          "answer.", "Enter the length of one answer; split longer texts.", most=LONGEST_ANSWER),
    Doubt("input_tokens", "An input of {value} tokens is about {pages} pages; hardly any model reads that much at "
          "once.", "Enter the length of one input; longer documents are split or looked up.", most=LONGEST_INPUT),
    Doubt("instruction_tokens", "Instructions of {value} tokens are about {pages} pages; hardly any model reads that "
          "much at once.", "Enter the length of the instructions alone.", most=LONGEST_INPUT),
    Doubt("budget_monthly_usd", "A budget of nothing a month: every way costs a machine, a service or somebody's time "
          "to keep it running.", "Enter what may be spent, hours of your own people included.", least=1e-9),
    Doubt("budget_one_off_usd", "A budget of nothing to build it: even writing a prompt and testing it takes somebody "
          "days.", "Enter what may be spent, days of your own people included.", least=1e-9),
    Doubt("days_to_launch", "Live today leaves no time to test it.", "Allow at least some days.", least=1e-9),
)  # fmt: skip


def implausible(profile: TaskProfile) -> tuple[Contradiction, ...]:
    """One sentence per doubtful answer, at most one for each question."""
    found: dict[str, Contradiction] = {}
    for doubt in DOUBTS:
        value = getattr(profile, doubt.key)
        if value is None or doubt.least <= value <= doubt.most or doubt.key in found:
            continue
        if doubt.labels_only and profile.task_type not in CLASSIFYING:
            continue
        if doubt.key == "latency_p95_ms" and profile.may_wait_hours:
            continue
        found[doubt.key] = Contradiction((doubt.key,), doubt.text.format(**_said(float(value))), doubt.way_out)
    return tuple(found.values())


def _said(value: float) -> dict[str, str]:
    return {
        "value": f"{value:,.15g}",
        "pages": f"{value / PAGE_TOKENS:,.0f}",
        "per_second": f"{value / SECONDS_PER_MONTH:,.0f}",
    }
