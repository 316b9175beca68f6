"""The plan: decided from the minutes, in the design's order, with what it leaves out in words."""

import random
import re
from collections import Counter
from dataclasses import replace

import pytest

from advisor.errors import PlanError, UnknownName
from advisor.vocabulary import CLASSIFYING, ArmPlan, Columns, Dataset, Example, Split
from experiments.api.service import Service, service
from experiments.arms import ARMS, name_of
from experiments.pilot import rows
from experiments.pilot.cell_words import for_more_minutes
from experiments.pilot.choices import DEFAULT_ARMS, PilotChoices
from experiments.pilot.here import Here
from experiments.pilot.hosted import expected_usd, with_service
from experiments.pilot.lengths import RowTokens
from experiments.pilot.planning import plan
from experiments.pilot.seconds import HEAD_S, Machine, Work, cell_seconds

LABELS = ("buy", "sell", "hold", "ask", "leave", "wait", "other")
HERE = Here(ARMS, "cpu", "bf16", {}, 134.5e6, 2)


def dataset(n: int = 3000, task_type: str = "classification") -> Dataset:
    rng = random.Random(3)
    weights = (30, 20, 10, 10, 10, 10, 10)
    words = [f"w{i}" for i in range(4000)]
    examples = tuple(
        Example(i, i + 2, " ".join(rng.choices(words, k=12)), rng.choices(LABELS, weights)[0]) for i in range(n)
    )
    counts = Counter(e.output for e in examples)
    labels = tuple(counts.items()) if task_type in CLASSIFYING else ()
    return Dataset(
        name="made.csv",
        sha256="ab" * 32,
        fingerprint="cd" * 32,
        format="csv",
        encoding="utf-8",
        column_names=("text", "label"),
        columns=Columns(("text",), "label"),
        task_type=task_type,
        task_why="",
        labels=labels,
        examples=examples,
        rejected=(),
        findings=(),
        input_tokens_median=12.0,
        output_tokens_median=2.0,
    )


def split(n: int = 3000) -> Split:
    return Split(tuple(range(n * 6 // 10)), tuple(range(n * 6 // 10, n * 8 // 10)), tuple(range(n * 8 // 10, n)), 1, "")


USUAL = PilotChoices()


def make(choices: PilotChoices = USUAL, here: Here = HERE, n: int = 3000, task: str = "classification"):
    return plan(dataset(n, task), split(n), choices, here)


def seconds(cells) -> float:
    return sum(cell.seconds for cell in cells)


def test_the_seven_arms_run_once_first_at_one_size() -> None:
    made = make()
    first = made.cells[: len(DEFAULT_ARMS)]
    assert {cell.arm for cell in first} == set(DEFAULT_ARMS)
    assert len({cell.size for cell in first}) == 1
    assert {cell.seed for cell in first} == {1}
    assert seconds(made.cells) <= 600
    assert first[0].size >= 256  # the measured arms add up to 4 minutes at 256 rows


def test_what_takes_seconds_and_what_is_compared_come_before_the_rest() -> None:
    odd = ("few_shot", "retrieved_few_shot", "qlora", "lora", "feature_extraction", "zero_shot", "classical")
    in_turn = [cell.arm for cell in make(PilotChoices(arms=odd)).cells[: len(odd)]]
    assert set(in_turn[:3]) == {"feature_extraction", "zero_shot", "classical"}
    assert in_turn[3:5] == ["few_shot", "qlora"]


def test_the_plan_knows_how_many_test_rows_the_data_could_give() -> None:
    assert (make().test_rows_available, make().rows_labelled) == (600, 3000)
    whole = dataset()
    marked = tuple(replace(e, split="test" if e.row >= 2800 else "train") for e in whole.examples)
    parts = Split(tuple(range(2500)), tuple(range(2500, 2800)), tuple(range(2800, 3000)), 1, "")
    assert plan(replace(whole, examples=marked), parts, USUAL, HERE).test_rows_available == 200


def test_more_minutes_never_do_less() -> None:
    sizes, counts = [], []
    for minutes in (2, 5, 10, 30, 60):
        made = make(PilotChoices(minutes=minutes))
        sizes.append(made.cells[0].size)
        counts.append(seconds(made.cells))
    assert sizes == sorted(sizes)
    assert counts == sorted(counts)


def test_half_an_hour_brings_three_seeds_and_a_curve_before_it_brings_more_rows() -> None:
    half_hour = make(PilotChoices(minutes=30))
    lora = [(cell.size, cell.seed) for cell in half_hour.cells if cell.arm == "lora"]
    size = half_hour.cells[0].size
    assert size >= 256
    assert {(size, 1), (size, 2), (size, 3), (size // 2, 1), (size // 4, 1)} <= set(lora)
    hours = make(PilotChoices(minutes=240))
    assert hours.cells[0].size > size
    assert len([cell for cell in hours.cells if cell.arm == "lora"]) >= 5


def test_what_follows_comes_in_the_designs_order() -> None:
    more = make(PilotChoices(minutes=60, size=256)).cells[len(DEFAULT_ARMS) :]
    assert [(cell.arm, cell.size, cell.seed) for cell in more] == [
        *(("lora", 256, seed) for seed in (2, 3)),
        *(("lora", size, 1) for size in (64, 128)),
        *(("lora", size, seed) for seed in (2, 3) for size in (64, 128)),
        ("few_shot", 2, 1), ("few_shot", 4, 1),  # 8 examples are in the prompt otherwise
    ]  # fmt: skip


def test_what_comes_later_goes_on_where_the_minutes_end() -> None:
    whole = make(PilotChoices(minutes=60, size=256)).cells
    plans = [make(PilotChoices(minutes=minutes, size=256)) for minutes in range(8, 40, 2)]
    cut = [made for made in plans if made.later and not made.late]
    assert len({made.cells for made in cut}) > 2
    for made in cut:
        assert made.all_cells == whole[: len(made.all_cells)]


def test_a_pilot_that_can_give_no_verdict_says_so_before_it_starts() -> None:
    made = make(PilotChoices(arms=("classical", "zero_shot")))
    assert any("no tuned model is part of this pilot" in note for note in made.notes)
    assert any("no way of prompting" in note for note in make(PilotChoices(arms=("lora",))).notes)
    assert not any("no verdict" in note for note in make(PilotChoices(arms=("lora", "zero_shot"))).notes)


def test_the_shots_curve_is_of_the_shots_that_were_asked_for() -> None:
    made = make(PilotChoices(minutes=60, size=256, arms=("few_shot", "classical"), shots=16))
    assert [(c.arm, c.size) for c in made.cells[2:]] == [("few_shot", 4), ("few_shot", 8)]


def test_what_is_left_out_is_said_with_what_it_needs() -> None:
    made = make(PilotChoices(minutes=10))
    assert made.later
    assert {cell.arm for cell in made.later} == {"lora"}
    (said,) = for_more_minutes(made.later, made)
    assert said.startswith("LoRA fine-tuning on ")
    assert said.endswith(f": would take about {sum(cell.seconds for cell in made.later) / 60:.1f} minutes more")
    enough = make(PilotChoices(minutes=600))
    assert not enough.later
    assert for_more_minutes(enough.later, enough) == ()
    written = make(PilotChoices(minutes=60), task="generation")
    assert "feature_extraction" not in [arm.arm for arm in written.arms]
    assert any(text.startswith("Classifier on embeddings: ") for text in written.left_out)


def test_a_slow_machine_tests_on_fewer_rows_before_it_learns_from_fewer() -> None:
    slow = make(here=replace(HERE, ratios={"cpu/bf16/read": 0.2, "cpu/bf16/train": 0.2}))
    fast = make()
    assert len(slow.test_rows) < len(fast.test_rows) == 280
    assert slow.test_rows == fast.test_rows[: len(slow.test_rows)]
    assert not slow.late


def test_where_time_is_short_a_prompt_and_a_tuned_model_stay_and_what_is_quick_comes_first() -> None:
    slow = replace(HERE, ratios={"cpu/bf16/read": 0.12, "cpu/bf16/train": 0.12})
    made = make(PilotChoices(arms=("zero_shot", "classical", "lora", "qlora"), minutes=4), slow)
    assert [cell.arm for cell in made.cells] == ["classical", "zero_shot", "lora", "qlora"]
    assert made.late.startswith("QLoRA fine-tuning, unless this machine is faster")
    assert "nothing to compare" not in made.late
    assert not made.left_out  # what may still be tried is not said to be left out


def test_where_no_comparison_fits_the_rest_is_done_and_that_is_said() -> None:
    hopeless = make(PilotChoices(minutes=1), replace(HERE, ratios={"cpu/bf16/read": 0.01, "cpu/bf16/train": 0.01}))
    late = hopeless.late.partition(", unless")[0].split(", ")
    assert {name_of("few_shot"), name_of("lora")} <= set(late)
    assert [name_of(cell.arm) for cell in hopeless.cells[-len(late) :]] == late
    assert hopeless.cells[0].arm == "classical"
    assert "nothing to compare; these two take" in hopeless.late
    alone = make(PilotChoices(minutes=1, arms=("classical", "few_shot")), replace(HERE, ratios={"cpu/bf16/read": 0.01}))
    assert "Without it no language model is tried; it takes" in alone.late


def test_minutes_in_which_nothing_fits_are_refused_with_what_would_do() -> None:
    slow = replace(HERE, ratios={"cpu/bf16/read": 0.01, "cpu/bf16/train": 0.01})
    with pytest.raises(PlanError, match=r"of 1 minute is too short: Prompting with examples, the quickest") as error:
        make(PilotChoices(arms=("few_shot", "lora"), minutes=1), slow)
    needed = int(str(error.value).partition("--minutes ")[2].split()[0])
    assert make(PilotChoices(arms=("few_shot", "lora"), minutes=needed), slow).cells[0].arm == "few_shot"


def test_what_is_paid_to_a_service_counts_the_whole_prompt() -> None:
    tokens = RowTokens(input=100, output=10, instruction=5, prompted_instruction=84, long_output=10, longest_output=10,
                       longest_row=130)  # fmt: skip
    service = Service(base_url="https://a.example/v1", api_model="m", input_usd_per_mtok=1, output_usd_per_mtok=10)
    zero = ArmPlan("zero_shot:api", "zero_shot", "m", dict(service.settings))
    assert expected_usd(dataset(60), zero, 1_000, tokens) == pytest.approx(0.2 + 0.14)  # 16 + 84 + 100; 10 + 4
    four = replace(zero, settings={**service.settings, "shots": 4})
    assert expected_usd(dataset(60), four, 1_000, tokens) == pytest.approx(0.2 + 4 * 0.118 + 0.14)


def test_what_was_learnt_about_an_arm_counts() -> None:
    slower = make(here=replace(HERE, ratios={"cpu/bf16/arm lora": 1.5}), choices=PilotChoices(size=64, test_rows=50))
    usual = make(PilotChoices(size=64, test_rows=50))
    lora = [next(c for c in p.cells if c.arm == "lora").seconds for p in (usual, slower)]
    assert lora[1] == pytest.approx(1.5 * lora[0], rel=0.02)
    busy = make(here=replace(HERE, ratios={"cpu/bf16/arm lora": 30.0}), choices=PilotChoices(size=64, test_rows=50))
    assert next(c for c in busy.cells if c.arm == "lora").seconds == pytest.approx(2 * lora[0], rel=0.02)


def test_the_same_choices_give_the_same_plan_and_another_seed_other_rows() -> None:
    assert make() == make()
    assert make(PilotChoices(seed=2)).train_rows != make().train_rows


def test_parts_do_not_touch_and_every_prefix_mirrors_the_labels() -> None:
    made = make()
    parts = [set(made.train_rows), set(made.validation_rows), set(made.test_rows)]
    assert not parts[0] & parts[1] | parts[0] & parts[2] | parts[1] & parts[2]
    examples = dataset().examples
    whole = Counter(examples[row].output for row in made.train_rows)
    for size in (64, 256):
        part = Counter(examples[row].output for row in made.train_rows[:size])
        for label, count in whole.items():
            assert part[label] == pytest.approx(size * count / len(made.train_rows), abs=1.01)


def test_near_copies_of_test_rows_leave_training() -> None:
    base = dataset(200)
    examples = list(base.examples)
    tested = examples[190]
    examples[5] = replace(examples[5], input=tested.input + ".")
    made = plan(replace(base, examples=tuple(examples)), split(200), PilotChoices(), HERE)
    assert 190 in made.test_rows
    assert 5 not in made.train_rows
    assert any("nearly repeat" in note for note in made.notes)


@pytest.mark.parametrize(
    ("choices", "error", "says"),
    [
        (PilotChoices(arms=("lorra",)), UnknownName, "Did you mean lora"),
        (PilotChoices(minutes=0), PlanError, "0 cannot be the minutes"),
        (PilotChoices(settings={"lora": {"rang": 4}}), PlanError, "no setting 'rang'"),
        (PilotChoices(metric="accurazy"), UnknownName, "accuracy"),
    ],
)
def test_what_cannot_be_planned_is_named(choices: PilotChoices, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        make(choices)


def test_an_arm_named_for_a_task_it_cannot_do_is_refused() -> None:
    with pytest.raises(PlanError, match="feature_extraction cannot run here"):
        make(PilotChoices(arms=("feature_extraction",)), task="generation")


def test_settings_change_what_they_name() -> None:
    made = make(PilotChoices(arms=("few_shot", "lora"), shots=16, settings={"lora": {"epochs": 1}}))
    assert [a.settings.get("shots") for a in made.arms] == [16, None]
    assert made.arms[1].settings["epochs"] == 1


def test_measured_seconds_of_the_reference_machine() -> None:
    """starter_models.md: snips, 256 rows × 3 epochs, 280 test rows: LoRA 79 + 6 s, zero-shot 6.6 s, classical 3 s."""
    work = Work(256, 280, 10, 4, 20, 7, 3.0, 8)
    assert cell_seconds("lora", work, Machine()) == pytest.approx(90, rel=0.4)
    assert cell_seconds("zero_shot", work, Machine()) == pytest.approx(11, rel=0.4)
    assert cell_seconds("classical", work, Machine()) == pytest.approx(3, abs=2)
    # twice the parameters, half the speed
    assert cell_seconds("lora", work, Machine(parameters=269e6)) > 1.8 * cell_seconds("lora", work, Machine())


def test_an_even_order() -> None:
    """Ten of one label and five of another: among the first three, two and one."""
    made = replace(dataset(15), examples=tuple(Example(i, i, str(i), "a" if i < 10 else "b") for i in range(15)))
    order = rows.spread(made, range(15), 1)
    assert sorted(order) == list(range(15))
    for n in (3, 6, 9, 12):
        assert sum(place < 10 for place in order[:n]) == pytest.approx(2 * n / 3, abs=1)


def test_the_checks_of_a_house_are_told_to_whoever_is_prompted() -> None:
    style = {"words": {"at_most": 9}}
    made = make(PilotChoices(metric="format_checks", metric_settings=style), task="generation")
    assert (made.metric, made.metric_settings) == ("format_checks", style)
    assert made.instruction.endswith("Use at most 9 words.")
    assert make(task="generation").instruction == ""


def test_a_preference_comes_on_top_of_the_tasks_own_metric() -> None:
    made = make(PilotChoices(metric="preference"), task="generation")
    assert (made.metric, made.judged_by) == ("chrf", "preference")
    with pytest.raises(PlanError, match="nobody needs to prefer"):
        make(PilotChoices(metric="preference"))


def test_a_service_adds_its_arms_and_says_what_they_cost() -> None:
    asked = service("http://localhost:1/v1", "m", input_usd_per_mtok=1.0, output_usd_per_mtok=2.0, max_usd=0.5)
    made = make(with_service(PilotChoices(arms=("classical", "lora"), service=asked)))
    assert [a.arm for a in made.arms] == ["zero_shot:api", "few_shot:api", "classical", "lora"]
    assert [a.model for a in made.arms[:2]] == ["m", "m"]
    assert made.arms[0].settings["max_usd"] == 0.5
    assert any(
        "680 calls (test and validation rows) to m at localhost:1, about 0." in note for note in made.notes
    )  # 2 × (280 + 60) rows
    one = make(with_service(PilotChoices(arms=("lora", "few_shot:api"), service=asked)))
    assert [a.arm for a in one.arms] == ["lora", "few_shot:api"]
    with pytest.raises(PlanError, match="has no service to ask"):
        with_service(PilotChoices(arms=("few_shot:api",)))
    with pytest.raises(PlanError, match=r"the cap is 0\.001 USD"):
        make(with_service(PilotChoices(arms=("lora",), service=replace(asked, max_usd=0.001))))


def test_rows_that_look_back_at_many_examples_take_longer() -> None:
    """77 labels on the reference machine: 64 examples in the prompt made a row 2.4 times as long."""
    work = Work(
        train=256,
        answered=132,
        input_tokens=12,
        output_tokens=5,
        instruction_tokens=400,
        n_labels=77,
        epochs=0,
        shots=64,
    )
    ratio = cell_seconds("few_shot", work, Machine()) / cell_seconds("zero_shot", work, Machine())
    assert 2.0 < ratio < 2.8
    few = replace(work, shots=4)
    assert cell_seconds("few_shot", few, Machine()) < 1.2 * cell_seconds("zero_shot", work, Machine())


def test_several_labels_a_row_are_chosen_by_an_untuned_model_and_written_by_a_tuned_one() -> None:
    slow_writer = replace(HERE, ratios={"cpu/bf16/write": 0.02})
    several = "multi_label_classification"
    for task, arm, written in (
        ("classification", "lora", False),
        (several, "zero_shot", False),
        (several, "lora", True),
    ):
        usual, slow = (make(PilotChoices(minutes=90, arms=(arm,), size=64), here, task=task).cells[0].seconds
                       for here in (HERE, slow_writer))  # fmt: skip
        assert (slow > 2 * usual) is written, (task, arm)


def test_given_answers_without_a_column_are_refused_before_anything_runs() -> None:
    with pytest.raises(PlanError, match="No column holds the answers") as error:
        make(PilotChoices(arms=("given", "zero_shot")))
    assert "--given COLUMN" in str(error.value)


def test_a_classifier_of_words_for_each_of_many_labels_takes_its_time() -> None:
    one, several = (
        make(PilotChoices(minutes=90, arms=("classical",), size=1_800), task=task).cells[0].seconds
        for task in ("classification", "multi_label_classification")
    )
    assert several == pytest.approx(one + HEAD_S * len(LABELS) * 1_800, rel=0.05)


def test_once_means_that_nothing_is_repeated() -> None:
    made = make(PilotChoices(minutes=90, once=True))
    assert sorted(cell.arm for cell in made.cells) == sorted(arm.arm for arm in made.arms)
    assert not made.later


def test_rows_to_learn_from_can_be_chosen() -> None:
    assert {cell.size for cell in make(PilotChoices(minutes=90, size=50, once=True)).cells} == {50}
    beyond = make(PilotChoices(minutes=90, size=50_000, once=True)).notes
    assert any(note.startswith("50,000 training rows were asked for") for note in beyond)
    with pytest.raises(PlanError, match="3 training rows teach a model nothing") as error:
        make(PilotChoices(size=3))
    assert "--train-rows 8" in str(error.value)


def test_what_does_not_fit_by_a_little_is_not_said_with_equal_numbers() -> None:
    needed = next(m for m in range(1, 900) if not make(PilotChoices(minutes=m / 20)).late) / 20
    said = [make(PilotChoices(minutes=needed - less / 200)).late for less in range(1, 11)]
    assert any("a little more" in late for late in said)
    assert not any(re.search(r"about (\S+) minutes.* and \1 are planned", late) for late in said)


def test_a_plan_says_that_the_bar_of_several_labels_comes_from_training_answers() -> None:
    several, one = (make(PilotChoices(), task=task).notes for task in ("multi_label_classification", "classification"))
    assert [note for note in several if "training rows" in note]
    assert not [note for note in one if "training rows" in note]
