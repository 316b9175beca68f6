"""How long answers take to write: planned before, and seen while it goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from experiments import probe
from experiments.arms import ArmJob, Stopped
from experiments.arms.generation import Writer
from experiments.arms.job import latency_rows
from experiments.arms.rows import Asked, RowWriter
from experiments.arms.under_way import UnderWay, expected_tokens
from experiments.models import load_causal
from experiments.pilot.choices import PilotChoices
from experiments.pilot.seconds import Machine, Work, cell_seconds
from experiments.pilot.writing import Answers, Endless, WritingSpeed, write_seconds
from tests.experiments.arm_jobs import KeptReport, job
from tests.experiments.test_planning import make

ANSWERS = Answers(rows=80, alone=0, batch_size=8, before_tokens=100, mean_tokens=20, long_tokens=40, limit_tokens=60)


@pytest.mark.parametrize(
    ("rows", "before", "measured_ms"),
    [(1, 32, 68), (1, 1_792, 94), (8, 32, 165), (8, 512, 194), (8, 1_024, 264), (8, 1_792, 247)],
)
def test_a_step_of_a_machine_that_was_measured(rows: int, before: int, measured_ms: float) -> None:
    """The starter in fp32 on two slow cores, timed step by step; its speeds as the probe gave them."""
    speed = WritingSpeed.of(
        {"cpu/fp32/write": 0.24, "cpu/fp32/write_alone": 0.42, "cpu/fp32/attend": 0.34}, "cpu/fp32", 1
    )
    assert speed.step_ms(rows, before) == pytest.approx(measured_ms, rel=0.35)


def test_what_was_not_measured_goes_as_the_batch_does() -> None:
    assert WritingSpeed.of({"cpu/bf16/write": 0.5}, "cpu/bf16", 1.0) == WritingSpeed(0.5, 0.5, 0.5)
    assert WritingSpeed.of({}, "cpu/bf16", 30.0) == WritingSpeed(30.0, 30.0, 30.0)


def test_answers_that_do_not_end_go_on_to_the_limit() -> None:
    def seconds(alone: int, answers: float, batches: float) -> float:
        return write_seconds(replace(ANSWERS, alone=alone, endless=Endless(answers, batches)), WritingSpeed())

    assert seconds(0, 0.0, 1.0) / seconds(0, 0.0, 0.0) == pytest.approx(60 / 40, rel=0.05)
    assert seconds(0, 0.2, 0.5) / seconds(0, 0.2, 0.0) == pytest.approx(50 / 40, rel=0.05)
    assert seconds(80, 0.2, 0.5) / seconds(80, 0.0, 0.5) == pytest.approx((0.2 * 60 + 0.8 * 20) / 20, rel=0.05)


def test_writing_takes_longer_alone_and_without_examples() -> None:
    """starter_models.md, restaurant slots, 80 JSON answers: 16 s with examples, 21 s without; LoRA 300 × 3: 174 s."""
    counted = {"input_tokens": 13.7, "output_tokens": 9.3, "long_output_tokens": 25, "limit_tokens": 49}
    told = {"instruction_tokens": 32, "prompted_instruction_tokens": 32}
    work = Work(train=300, answered=80, n_labels=0, epochs=3.0, shots=8, **counted, **told)
    shown, told_only = (cell_seconds(arm, work, Machine()) for arm in ("few_shot", "zero_shot"))
    assert told_only == pytest.approx(21, rel=0.5)
    # with examples all of these ended by themselves; a plan reckons with some that do not
    assert 16 < shown < told_only
    assert cell_seconds("lora", work, Machine()) == pytest.approx(191, rel=0.4)


def test_long_prompts_slow_every_token_that_is_written() -> None:
    near, far = (write_seconds(replace(ANSWERS, before_tokens=n), WritingSpeed()) for n in (100, 1_500))
    assert 1.25 < far / near < 1.7  # measured step by step: 165 to 190 and 240 ms


def test_the_probe_times_one_row_eight_rows_and_eight_after_a_long_prompt() -> None:
    made = probe.measure(2, 0.4)
    for name, speeds in made["measured"].items():
        assert all(speeds[f"{what}_tokens_per_s"] > 0 for what in ("write_alone", "write"))
        key = f"{made['accelerator']}/{name}"
        assert {f"{key}/{what}" for what in ("read", "train", "write", "write_alone", "attend")} <= made[
            "ratios"
        ].keys()
        assert all(ratio > 0 for ratio in made["ratios"].values())


@pytest.mark.parametrize(("limit", "alone"), [(None, 20), (30, 10), (100, 10), (200, 5), (512, 3), (5_000, 3)])
def test_fewer_rows_are_answered_alone_where_answers_may_be_long(limit: int | None, alone: int) -> None:
    assert latency_rows(None, limit) == alone
    assert latency_rows(7, limit) == 7


def test_the_plan_reckons_with_the_rows_that_are_answered_alone() -> None:
    few, usual, many = (
        make(PilotChoices(arms=("zero_shot",), settings={"zero_shot": settings}), task="summarisation").cells[0].seconds
        for settings in ({"latency_rows": 0}, {}, {"latency_rows": 60})
    )
    assert few < usual < many


def asked(made: ArmJob) -> list[Asked]:
    return [Asked(part="test", example=example) for example in made.test]


def test_a_batch_moves_while_it_is_written(tiny_base: Path, tiny_embedder: Path, tmp_path: Path) -> None:
    """Every token is told; the share of a batch is that of the tokens its kind took before."""
    made, report = job("zero_shot", tmp_path, tiny_base, tiny_embedder), KeptReport()
    writer = RowWriter(made, report)
    rows = asked(made)
    going = UnderWay(writer, expected_tokens([4, 8], 16, stops=True), said_every_s=0.0)
    writer.weigh(rows[:1], 3.0)
    whole = len(made.validation) + len(made.test) + 2
    with going.batch(rows[:1]):
        going.wrote(3)  # of 6 that are expected, of a row that weighs 3
    assert report.steps[-1] == ("evaluate", pytest.approx(1.5), whole)
    writer.write("test", rows[0].example, "x", None)
    assert report.steps[-1] == ("evaluate", 3, whole)
    with going.batch(rows[1:3]):
        going.wrote(2)  # of 4
        assert report.steps[-1][1] == pytest.approx(3 + 2 * 2 / 4)
        going.wrote(16)
        assert report.steps[-1][1] == pytest.approx(3 + 2 * 0.95)
    for row, done in zip(rows[1:3], (4.9, 5.0), strict=True):  # never back to 4
        writer.write("test", row.example, "x", None)
        assert report.steps[-1][1] == pytest.approx(done)
    with going.batch(rows[3:5]):
        going.wrote(4)  # of 16, as before
    assert report.steps[-1][1] == pytest.approx(5 + 2 * 4 / 16)


def test_a_wish_to_stop_is_heard_between_two_tokens(tiny_base: Path, tiny_embedder: Path, tmp_path: Path) -> None:
    loaded = load_causal(tiny_base, "fp32", "cpu")
    made = job("zero_shot", tmp_path, tiny_base, tiny_embedder)
    report = KeptReport(stop_when=lambda kept: len(kept.steps) >= 3)
    going = UnderWay(RowWriter(made, report), expected_tokens([], 32, stops=False), said_every_s=0.0)
    writer = Writer(loaded.model, loaded.tokenizer, -1, [], 32, going.wrote)
    with pytest.raises(Stopped), going.batch(asked(made)[:2]):
        writer.write([[5, 6, 7], [8, 9]])
    assert [round(done * 32 / 2) for _, done, _ in report.steps] == [1, 2, 3]
