"""Each guard is broken once and caught."""

from dataclasses import replace

from advisor.vocabulary import GuardResult
from experiments import guards
from tests.experiments import made

ANSWERS = {("few_shot", 100, 1): made.first(30), ("lora", 100, 1): made.first(30)}
INPUTS = {row: f"the customer number {row * row} asks about order {row}" for row in range(400)}


def broken(record, inputs=INPUTS) -> set[str]:
    return {g.guard for g in guards.data_guards(record, inputs) if not g.ok}


def test_a_clean_record_holds() -> None:
    found = guards.data_guards(made.record(ANSWERS), INPUTS)
    assert [g.guard for g in found] == ["no_test_row_in_training", "no_near_copy_in_training", "same_test_rows"]
    assert all(g.ok for g in found)


def test_a_test_row_in_training_is_caught() -> None:
    record = made.record(ANSWERS)
    leaking = replace(record, plan=replace(record.plan, train_rows=(7, *record.plan.train_rows)))
    assert "no_test_row_in_training" in broken(leaking)


def test_a_copy_of_a_test_input_is_caught() -> None:
    assert broken(made.record(ANSWERS), INPUTS | {150: INPUTS[3].upper() + "  "}) == {"no_near_copy_in_training"}


def test_a_near_copy_is_caught_and_a_like_text_is_not() -> None:
    long = "please cancel my subscription to the weekly newsletter, i do not want to receive any more of these letters"
    changed = long.replace("letters", "letter")
    assert broken(made.record(ANSWERS), INPUTS | {3: long, 150: changed}) == {"no_near_copy_in_training"}
    other = "please renew my subscription to the daily newspaper, i would love to receive many more of these papers"
    assert broken(made.record(ANSWERS), INPUTS | {3: long, 150: other}) == set()


def test_rows_beyond_the_largest_size_do_not_count() -> None:
    """300 training rows stand in the plan, the cells used the first 100 (rows 100 to 199)."""
    assert broken(made.record(ANSWERS), INPUTS | {350: INPUTS[3]}) == set()


def test_an_arm_that_answered_fewer_rows_is_caught() -> None:
    record = made.record(ANSWERS)
    fewer = replace(record, rows=tuple(r for r in record.rows if not (r.arm == "lora" and r.row == 0)))
    assert broken(fewer) == {"same_test_rows"}


def same_rows(failed: dict[tuple[str, int, int], frozenset[int]]) -> GuardResult:
    return guards.data_guards(made.record(ANSWERS, failed=failed), INPUTS)[-1]


def test_a_part_whose_rows_all_failed_is_caught_and_failures_are_counted() -> None:
    key = ("lora", 100, 1)
    none = same_rows({key: frozenset(made.TEST)})
    assert not none.ok
    assert none.detail == "not so, of 50 rows, in lora/100/1: 0 answered, 50 failed"
    some = same_rows({key: frozenset({3, 4})})
    assert some.ok
    assert some.detail.endswith("asked the same 50 rows; not all were answered in lora/100/1: 48 answered, 2 failed")
    assert same_rows({}).detail == "all 2 parts were asked the same 50 rows and answered them"


def test_guards_of_many_cells_become_one_line() -> None:
    good, bad = GuardResult("finite_loss", True, "all were"), GuardResult("finite_loss", False, "NaN at step 3")
    assert guards.together([("a", good), ("b", good)]) == [
        {"guard": "finite_loss", "ok": True, "detail": "a: all were (and so in 1 more)"}
    ]
    assert guards.together([("a", good), ("b", bad)]) == [
        {"guard": "finite_loss", "ok": False, "detail": "b: NaN at step 3"}
    ]
