"""Values by hand, with the arithmetic beside them, and laws over all metrics."""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import UnknownName
from experiments.metrics import METRICS, answers_are_json, default_metric, metric
from experiments.metrics.final_answer import final
from experiments.metrics.labels import label_set


def rows(*pairs: tuple[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    return [(prediction, (reference,)) for prediction, reference in pairs]


LABELLED = rows(("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"), ("c", "a"))


def test_accuracy_counts_right_labels() -> None:
    assert metric("accuracy").score(LABELLED) == pytest.approx(3 / 5)
    assert metric("accuracy").row(" Play  Music", ("play music",)) == 1.0


def test_macro_f1_is_the_mean_over_the_labels_asked_for() -> None:
    # a: TP 2, FP 1, FN 1 → 4/6; b: TP 1, FP 0, FN 1 → 2/3; c is never asked for
    assert metric("macro_f1").score(LABELLED) == pytest.approx((4 / 6 + 2 / 3) / 2)


def test_micro_f1_adds_counts_over_rows_and_labels() -> None:
    # row 1: said x,y asked x → TP 1, FP 1; row 2: said z asked z,w → TP 1, FN 1: 2·2/(2·2+1+1) = 2/3
    found = metric("micro_f1").score(rows(("x; y", "x"), ("z", "z; w")))
    assert found == pytest.approx(2 / 3)
    assert metric("micro_f1").row("x; y", ("x",)) == pytest.approx(2 / 3)


def test_mcc_is_one_for_right_zero_for_swapped_and_half_for_constant() -> None:
    right = rows(("a", "a"), ("b", "b"))
    swapped = rows(("a", "b"), ("b", "a"))
    constant = rows(("a", "a"), ("a", "b"))
    assert [metric("mcc").score(p) for p in (right, swapped, constant)] == pytest.approx([1.0, 0.0, 0.5])
    # 2×2: TP 6, FN 2, FP 1, TN 3 → (6·3 − 1·2)/√(7·8·4·5) = 16/√1120 = 0.4781; (1 + 0.4781)/2
    table = [("p", "p")] * 6 + [("n", "p")] * 2 + [("p", "n")] + [("n", "n")] * 3
    assert metric("mcc").score(rows(*table)) == pytest.approx(0.73905, abs=1e-4)


def test_exact_match_compares_json_as_values_and_text_as_words() -> None:
    exact = metric("exact_match").row
    assert exact('{"b": "x", "a": 1}', ('{"a": "1", "b": "X "}',)) == 1.0
    assert exact('{"a": 1}', ('{"a": 1, "b": 2}',)) == 0.0
    assert exact("[1, 2]", ("[2, 1]",)) == 0.0
    assert exact("The Eiffel Tower.", ("eiffel tower",)) == 1.0
    assert exact("tower", ("eiffel tower", "Tower")) == 1.0
    assert exact("+", ("-",)) == 0.0


def test_field_f1_counts_places_and_values() -> None:
    # right: people; extra: time 9; missed: time 10 → 2·1/(2+1+1) = 0.5
    assert metric("field_f1").row('{"people": "2", "time": "9"}', ('{"time": "10", "people": "2"}',)) == 0.5
    assert metric("field_f1").row("no json", ('{"people": "2"}',)) == 0.0
    assert metric("field_f1").row("{}", ("{}",)) == 1.0
    assert metric("field_f1").row("no json", ("{}",)) == 0.0
    # rows together: TP 1, FP 1, FN 1 of row 1 and TP 2 of row 2 → 2·3/(2·3 + 1 + 1) = 0.75
    both = rows(('{"a": 1, "b": 9}', '{"a": 1, "b": 2}'), ('{"l": [1, 2]}', '{"l": [2, 1]}'))
    assert metric("field_f1").score(both) == 0.75


def test_valid_json_asks_for_the_references_kind() -> None:
    valid = metric("valid_json").row
    assert [valid(p, ('{"a": 1}',)) for p in ('{"b": 2}', "[1]", "{", "NaN", '```json\n{"a": 1}\n```')] == [
        1.0,
        0.0,
        0.0,
        0.0,
        1.0,
    ]


def test_token_f1_shares_words() -> None:
    # said {cat, sat}, asked {cat, sat, on, mat} (articles dropped): 2·2/(2+4) = 2/3
    assert metric("token_f1").row("The cat sat", ("the cat sat on the mat",)) == pytest.approx(2 / 3)
    assert metric("token_f1").row("東京", ("東京都",)) == pytest.approx(2 * 2 / 5)


def test_rouge_l_keeps_the_order() -> None:
    # longest shared sequence of "police kill gunman" in "police killed the gunman": police, gunman → 2·2/(3+4)
    assert metric("rouge_l").row("police kill gunman", ("police killed the gunman",)) == pytest.approx(4 / 7)
    assert metric("rouge_l").row("b a", ("a b",)) == pytest.approx(0.5)


def test_chrf_of_itself_is_one_and_of_nothing_shared_zero() -> None:
    assert metric("chrf").row("ein Satz", ("ein Satz",)) == pytest.approx(1.0)
    assert metric("chrf").row("xyz", ("abc",)) == 0.0
    assert metric("chrf").score([("a cat", ("a cat", "the cat")), ("dogs", ("dogs",))]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("so 3 + 4 = 7\n#### 1,007.0", "1007"),
        ("The answer is 42 because 6 × 7", "42"),
        ("first 5 then 12.50", "12.5"),
        (r"thus \boxed{3/4}", "3/4"),
        ("It is blue.\nBlue!", "blue"),
        ("", ""),
    ],
)
def test_the_final_answer_is_found(text: str, answer: str) -> None:
    assert final(text) == answer


def test_a_floor_is_what_the_most_frequent_answer_scores() -> None:
    answers = ["a", "a", "a", "b"]
    assert metric("accuracy").floor(answers) == 0.75
    # macro: a has TP 3, FP 1 → 6/7; b has none → 0
    assert metric("macro_f1").floor(answers) == pytest.approx(3 / 7)
    assert metric("mcc").floor(answers) == 0.5
    assert metric("exact_match").floor(["{}", "{}", '{"a": 1}']) == pytest.approx(2 / 3)
    assert metric("accuracy").floor([]) == 0.0


def test_the_separator_of_several_labels_is_found() -> None:
    assert label_set("A; b ;") == {"a", "b"}
    assert label_set("a|b") == {"a", "b"}
    assert label_set('["A, b", "c"]') == {"a, b", "c"}
    assert label_set("[]") == frozenset()
    assert label_set("a; b, c") == {"a", "b, c"}


def test_defaults_fit_the_task_and_the_answers() -> None:
    assert default_metric("classification").name == "accuracy"
    assert default_metric("extraction", ["{}"]).name == "field_f1"
    assert default_metric("extraction", ["plain words"]).name == "token_f1"
    assert answers_are_json(["{}", "[]"])
    assert not answers_are_json(["1"])
    assert not answers_are_json([])


def test_an_unknown_metric_lists_the_nearest() -> None:
    assert metric("Macro-F1").name == "macro_f1"
    with pytest.raises(UnknownName, match="macro_f1"):
        metric("macro_f")


@pytest.mark.parametrize(
    ("said", "asked", "right"),
    [
        ("select Name from Course ;", "SELECT name\nFROM course", 1),
        ("```sql\nSELECT a FROM t -- all\n```", "SELECT a FROM t", 1),
        ("SELECT c.x FROM course c WHERE c.n <> 5.0", "SELECT t1.x FROM course AS t1 WHERE t1.n != 5", 1),
        ("SELECT a.x FROM a, b WHERE a.i = b.i", "SELECT b.x FROM a, b WHERE a.i = b.i", 0),
        ("SELECT u.x FROM a t, b u", "SELECT t.x FROM a t, b u", 0),
        ('SELECT x FROM t WHERE d = "EECS"', "SELECT x FROM t WHERE d = 'EECS'", 1),
        ("SELECT x FROM t WHERE d = 'eecs'", "SELECT x FROM t WHERE d = 'EECS'", 0),
        ("SELECT `x y`, [z] FROM t INNER JOIN s ON t.i = s.i", "SELECT 'x y', z FROM t JOIN s ON t.i = s.i", 1),
        ("SELECT x FROM t ORDER BY x ASC LIMIT 3", "SELECT x FROM t ORDER BY x LIMIT 3", 1),
        ("SELECT x FROM t ORDER BY x DESC", "SELECT x FROM t ORDER BY x", 0),
        ("SELECT x FROM t LEFT OUTER JOIN s USING (i)", "SELECT x FROM t LEFT JOIN s USING (i)", 1),
        ("", "", 0),
    ],
)
def test_a_query_is_compared_without_its_spelling(said: str, asked: str, right: int) -> None:
    assert metric("sql_match").row(said, (asked,)) == right


def test_every_real_query_is_its_own_match_and_hardly_any_other(shared_data: Path) -> None:
    with (shared_data / "advising_sql.csv").open(encoding="utf-8", newline="") as file:
        queries = list(dict.fromkeys(row["sql"] for row in csv.DictReader(file)))[:300]
    assert all(metric("sql_match").row(q.lower().replace('"', "'"), (q.replace('"', "'").lower(),)) for q in queries)
    same = [(a, b) for a, b in itertools.pairwise(sorted(queries)) if metric("sql_match").row(a, (b,))]
    assert len(same) <= 3, same


CALL = '[{"name": "find", "arguments": {"city": "Rome", "days": 3}}]'


@pytest.mark.parametrize(
    ("said", "right"),
    [
        (CALL, 1),
        ('{"name": "find", "arguments": "{\\"days\\": \\"3\\", \\"city\\": \\"rome\\"}"}', 1),
        ('{"tool_calls": [{"function": {"name": "find", "parameters": {"city": "Rome", "days": 3}}}]}', 1),
        ('{"name": "find", "arguments": {"city": "Rome"}}', 0),
        ('{"name": "search", "arguments": {"city": "Rome", "days": 3}}', 0),
        (f"[{CALL[1:-1]}, {CALL[1:-1]}]", 0),
        ("I will look for Rome.", 0),
        ("[]", 0),
    ],
)
def test_a_call_is_its_name_and_its_arguments(said: str, right: int) -> None:
    assert metric("call_match").row(said, (CALL,)) == right


def test_calls_in_any_order_and_an_answer_in_words() -> None:
    two, turned = (json.dumps([{"name": n, "arguments": {}} for n in names]) for names in ("ab", "ba"))
    assert metric("call_match").row(two, (turned,)) == 1
    assert metric("call_match").row("Which city, please?", ("Which city please?",)) == 1
    assert metric("call_match").row(CALL, ("Which city please?",)) == 0


LISTED = (
    '{"ORG": ["Acme", "Bolt"], "LOC": ["Rome"]}',
    '[["org", "acme"], ["ORG", "Bolt"], ["LOC", "Rome"]]',
    '{"found": [{"label": "ORG", "text": "Acme"}, {"type": "ORG", "value": "Bolt"}, {"tag": "LOC", "span": "Rome"}]}',
)
STRICT_ABOUT_FORM = ("chrf", "valid_json", "field_f1", "entity_f1", "final_answer", "sql_match")


@pytest.mark.parametrize("said", LISTED)
def test_entities_are_kind_and_text_however_they_are_listed(said: str) -> None:
    assert metric("entity_f1").row(said, ('{"LOC": "Rome", "ORG": ["Bolt", "Acme"]}',)) == 1
    # Bolt is right, Rome is an ORG here: TP 1, FP 2 (Acme, Rome/LOC), FN 1: 2/5
    assert metric("entity_f1").row(said, ('{"ORG": ["Bolt", "Rome"]}',)) == pytest.approx(2 / 5)
    assert metric("entity_f1").row("none", ("{}",)) == 0
    assert metric("entity_f1").row("{}", ("{}",)) == 1


NAMES = [m.name for m in METRICS]
TEXT = st.text(max_size=30)


def test_every_metric_file_is_in_the_tuple() -> None:
    import experiments.metrics

    folder = Path(experiments.metrics.__file__).parent
    files = {path.stem for path in folder.glob("*.py") if "\nMETRIC = " in path.read_text(encoding="utf-8")}
    assert files == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@given(prediction=TEXT, reference=TEXT)
def test_every_score_is_between_0_and_1(name: str, prediction: str, reference: str) -> None:
    pair = (prediction, (reference,))
    assert 0.0 <= metric(name).row(*pair) <= 1.0
    assert 0.0 <= metric(name).score([pair, ("a", ("b",))]) <= 1.0


@pytest.mark.parametrize("name", [n for n in NAMES if n not in STRICT_ABOUT_FORM])
@given(text=st.text(alphabet="abc xyz;", min_size=1).filter(str.strip))
def test_a_perfect_answer_scores_1(name: str, text: str) -> None:
    assert metric(name).row(text, (text,)) == 1.0


@pytest.mark.parametrize("name", ["field_f1", "valid_json", "exact_match"])
@given(
    value=st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.lists(st.integers())),
)
def test_a_perfect_json_answer_scores_1(name: str, value: dict[str, object]) -> None:
    text = json.dumps(value)
    assert metric(name).row(json.dumps(value, indent=1), (text,)) == 1.0
