"""The arms that ask a service, against a real server that misbehaves on purpose."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from advisor.errors import ServiceError, TuneOrPromptError
from experiments.api import tries
from experiments.api.service import Service, service
from experiments.arms import CellOutcome, Stopped, run
from tests.experiments.arm_jobs import LABELS, KeptReport, job, json_examples
from tests.experiments.stand_in import StandIn, error

KEY = "sk-canary-0123456789abcdef"
WORDS = {"book": "book table", "weather": "Get weather.", "music": "play music"}
PRICES = {"input_usd_per_mtok": 1000.0, "output_usd_per_mtok": 2000.0, "max_usd": 50.0}


def labelled(turns: list[dict[str, str]]) -> str:
    return next(said for word, said in WORDS.items() if word in turns[-1]["content"])


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries.Asker, "first_wait_s", 0.01)
    monkeypatch.setenv("TUNE_OR_PROMPT_API_KEY", KEY)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn(answer=labelled) as server:
        yield server


@pytest.fixture
def ask(stand_in: StandIn, tmp_path: Path) -> Callable[..., tuple[KeptReport, CellOutcome]]:
    def asked(arm: str = "zero_shot:api", report: KeptReport | None = None, **changes: Any):
        made = service(stand_in.url, "model-1", **{**PRICES, "keyed": True, **changes.pop("asks", {})})
        settings = {**made.settings, "timeout_s": 1.0, **changes.pop("settings", {})}
        report = report or KeptReport()
        return report, run(job(arm, tmp_path / "cell", None, None, settings=settings, **changes), report)

    return asked


Ask = Callable[..., tuple[KeptReport, CellOutcome]]


@pytest.mark.parametrize("arm", ["zero_shot:api", "few_shot:api"])
def test_every_row_is_asked_once_in_chats_of_the_common_renderer(arm: str, ask: Ask, stand_in: StandIn) -> None:
    report, outcome = ask(arm)
    assert len(report.rows) == len(stand_in.asked) == 12
    assert {row[3] for row in report.rows} == {1.0}
    assert {row[2] for row in report.rows} == set(LABELS)  # "Get weather." is read as GetWeather
    assert all(row[4] > 0 for row in report.rows)
    assert stand_in.headers[0]["authorization"] == f"Bearer {KEY}"
    first = stand_in.asked[0]
    assert (first["model"], first["temperature"]) == ("model-1", 0)
    roles = [turn["role"] for turn in first["messages"]]
    shots = outcome.settings.get("shots", 0)
    assert roles == ["system", *["user", "assistant"] * shots, "user"]
    assert "book table, get weather, play music" in first["messages"][0]["content"]
    assert outcome.prompt.startswith("[system]\nDecide which label fits the text.")
    assert outcome.prompt.count("[user]") == shots + 1
    # no test row's answer in any prompt: the last turn holds the input alone
    assert all(body["messages"][-1]["content"].split()[0] in ("book", "what", "play") for body in stand_in.asked)


def test_money_and_tokens_are_what_the_service_counted(ask: Ask, stand_in: StandIn) -> None:
    report, outcome = ask()
    sent = sum(sum(len(t["content"]) for t in b["messages"]) // 4 + 8 for b in stand_in.asked)
    received = sum(max(1, len(labelled(b["messages"])) // 4) for b in stand_in.asked)
    assert outcome.spent is not None
    assert (outcome.spent.tokens_sent, outcome.spent.tokens_received) == (sent, received)
    # 1,000 USD per million in, 2,000 out
    assert outcome.spent.usd == pytest.approx(sent * 0.001 + received * 0.002)
    assert all(reserved >= usd for reserved, usd in report.calls.values())


@pytest.mark.parametrize(
    "fault",
    [
        ("status", 429, error("slow down"), {"Retry-After": "0.05"}),
        ("status", 500, "<html>oops</html>"),
        ("status", 503, ""),
        ("slow", 1.5),
        ("drip",),
        ("cut",),
        ("bytes", "no json at all"),
        ("bytes", '{"choices": null}'),
        ("bytes", '{"choices": [{"message": {"content": 5}}]}'),
        ("bytes", "[" * 100_000),
    ],
    ids=lambda fault: "-".join(map(str, fault))[:30],
)
def test_what_is_temporary_is_tried_again_and_is_no_latency(ask: Ask, stand_in: StandIn, fault: Any) -> None:
    stand_in.faults = {0: fault, 5: fault}
    report, outcome = ask()
    assert len(stand_in.asked) == 14
    assert {row[3] for row in report.rows} == {1.0}
    assert max(row[4] for row in report.rows) < 1000
    # whoever may have done the work is counted at the worst case
    free = fault[0] == "status"
    unsettled = [usd for _, usd in report.calls.values() if usd is None]
    assert len(unsettled) == (0 if free else 2)
    assert any("worst case" in note for note in outcome.notes) is not free


def test_retry_after_is_obeyed_by_all_threads(ask: Ask, stand_in: StandIn) -> None:
    stand_in.faults = {0: ("status", 429, error("slow down"), {"Retry-After": "1"})}
    import time

    began = time.monotonic()
    ask()
    assert time.monotonic() - began >= 1.0


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (("status", 429, error("You exceeded your current quota", "insufficient_quota")), "no quota left"),
        (("status", 402, error("pay")), "no quota left"),
        (("status", 401, error(f"Incorrect API key provided: {KEY}")), "refuses the key"),
        (("status", 404, error("The model `model-1` does not exist")), "no model 'model-1'"),
        (("status", 302, "", {"Location": "http://127.0.0.1:1/v1/chat/completions"}), "redirect"),
        (("status", 429, error("later"), {"Retry-After": "3600"}), "wait 60 minutes"),
        (("status", 400, error("bad request")), "refused this row"),
        (("status", 500, error("down")), "does not answer"),
    ],
    ids=["quota", "payment", "key", "model", "redirect", "patience", "refusing", "down"],
)
def test_what_no_try_can_mend_ends_the_arm_in_a_sentence(ask: Ask, stand_in: StandIn, fault: Any, says: str) -> None:
    stand_in.always = fault
    report = KeptReport()
    with pytest.raises(ServiceError, match=says) as caught:
        ask(report=report, settings={"tries": 2})
    assert KEY not in str(caught.value)
    assert caught.value.__context__ is None or KEY not in str(caught.value.__context__)
    assert not [row for row in report.rows if row[3] is not None]
    assert len(stand_in.asked) <= 12


def test_a_row_that_is_refused_failed_and_is_not_wrong(ask: Ask, stand_in: StandIn) -> None:
    stand_in.faults = {6: ("status", 400, error("content policy"))}
    report, _ = ask(asks={"concurrency": 1})
    (failed,) = [row for row in report.rows if row[3] is None]
    assert "content policy" in failed[6]
    assert len(report.rows) == 12


def test_rows_without_an_answer_are_asked_again_at_the_end(ask: Ask, stand_in: StandIn) -> None:
    down = ("status", 500, "")
    stand_in.faults = {2: down, 3: down}
    report, _ = ask(asks={"concurrency": 1}, settings={"tries": 2})
    assert [row[3] for row in report.rows] == [1.0] * 12
    assert report.rows[-1][1] == 102  # the third row came last


def test_answers_that_are_no_label_are_invalid_and_shown_as_they_are(ask: Ask, stand_in: StandIn) -> None:
    stand_in.answer = lambda turns: "I think it is either book table or play music."
    report, _ = ask()
    assert all(row[5] and row[3] == 0.0 for row in report.rows)
    assert report.rows[0][2].startswith("I think")


def test_a_service_that_names_its_settings_otherwise_is_understood(ask: Ask, stand_in: StandIn) -> None:
    stand_in.faults = {
        0: ("status", 400, error("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")),
        1: ("status", 400, error("Unsupported value: 'temperature' does not support 0")),
    }
    report, _ = ask(asks={"concurrency": 1})
    assert [row[3] for row in report.rows] == [1.0] * 12
    assert "max_completion_tokens" in stand_in.asked[-1]
    assert "temperature" not in stand_in.asked[-1]


@pytest.mark.parametrize(
    "usage", [None, {}, {"prompt_tokens": -1, "completion_tokens": 2}, {"prompt_tokens": 10**9, "completion_tokens": 1}]
)
def test_usage_that_cannot_be_leaves_the_worst_case(ask: Ask, stand_in: StandIn, usage: Any) -> None:
    stand_in.always = ("usage", usage)
    report, outcome = ask()
    assert all(usd is None for _, usd in report.calls.values())
    assert outcome.spent is not None
    assert outcome.spent.usd == pytest.approx(sum(reserved for reserved, _ in report.calls.values()))


def test_the_cap_is_never_passed_whatever_is_in_flight(ask: Ask, stand_in: StandIn) -> None:
    stand_in.delay_s = 0.02
    report = KeptReport()
    with pytest.raises(ServiceError, match=r"cap of 0\.55 USD is reached"):
        ask(report=report, asks={"max_usd": 0.55, "concurrency": 8})
    assert 0 < report.most_usd <= 0.55
    assert 0 < len(report.rows) < 12
    assert len(report.rows) == len(stand_in.asked)  # what was paid for was kept


def test_at_most_so_many_calls_at_a_time(ask: Ask, stand_in: StandIn) -> None:
    stand_in.delay_s = 0.1
    ask(asks={"concurrency": 3})
    assert stand_in.most_at_once == 3


def test_a_cancelled_arm_stops_and_goes_on_where_it_was(ask: Ask, stand_in: StandIn) -> None:
    first = KeptReport(stop_when=lambda report: len(report.rows) >= 5)
    with pytest.raises(Stopped):
        ask(report=first, asks={"concurrency": 2})
    assert 5 <= len(first.rows) < 12
    second, _ = ask(done=frozenset(first.answers()))
    assert not set(first.answers()) & set(second.answers())
    assert len({**first.answers(), **second.answers()}) == 12
    assert len(stand_in.asked) == 12


def test_json_answers_are_valid_or_counted(ask: Ask, stand_in: StandIn) -> None:
    stand_in.answer = lambda turns: json.dumps({"people": turns[-1]["content"].split()[-1]})
    task: dict[str, Any] = {"task_type": "extraction", "labels": (), "metric": "field_f1", "instruction": ""}
    rows: dict[str, Any] = {"train": json_examples(8), "validation": (), "test": json_examples(4, 200)}
    report, outcome = ask(**task, **rows)
    assert [row[3] for row in report.rows] == [1.0] * 4
    # the longest answer has 15 bytes: 15 / 2 × 1.25 + 16 = 25
    assert outcome.settings["max_new_tokens"] == 25
    stand_in.always = ("length",)
    stand_in.answer = lambda _turns: '{"peop'
    report, outcome = ask(**task, **rows)
    assert all(row[5] for row in report.rows)
    assert any("4 answers were cut at 25 tokens" in note for note in outcome.notes)


def test_several_labels_are_read_from_a_list(ask: Ask, stand_in: StandIn) -> None:
    stand_in.answer = lambda _turns: '["play music", "booktable"]'
    task: dict[str, Any] = {"task_type": "multi_label_classification", "labels": ("play music", "BookTable")}
    report, _ = ask(**task, metric="micro_f1")
    assert {row[2] for row in report.rows} == {'["play music", "BookTable"]'}


def test_without_a_key_nothing_is_sent_as_one(ask: Ask, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TUNE_OR_PROMPT_API_KEY")
    ask(asks={"keyed": False})
    assert "authorization" not in stand_in.headers[0]
    with pytest.raises(TuneOrPromptError, match="key is not here any more"):
        ask(asks={"keyed": True})


def test_an_unknown_price_is_said_and_not_zero(ask: Ask, stand_in: StandIn) -> None:
    unknown = Service(stand_in.url, "model-1", keyed=True)
    _, outcome = ask(settings=unknown.settings)
    assert outcome.spent is not None
    assert outcome.spent.usd is None
    assert outcome.spent.tokens_sent > 0
    assert any("not known" in note for note in outcome.notes)
    assert replace(unknown, input_usd_per_mtok=0.0, output_usd_per_mtok=0.0).priced
