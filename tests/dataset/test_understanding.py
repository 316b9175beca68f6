"""Which column is what, how labels are spelled, and what kind of task it is; the person may change any of it."""

from __future__ import annotations

import json

import pytest

from advisor.errors import ColumnsUnclear, DataError
from experiments import dataset
from experiments.dataset import as_answers, differing
from tests.dataset.conftest import Read

WORDS = ("parcel", "invoice", "card", "password", "order", "refund", "account", "address", "delivery", "payment")


def text(number: int) -> str:
    return f"My {WORDS[number % 10]} {number} of day {number * 31 + 7} is not here, {WORDS[(number * 7) % 10]} neither"


def lines(*records: dict[str, object]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def table(names: str, *rows: str) -> str:
    return "\n".join([names, *rows]) + "\n"


def severities(found: object) -> set[str]:
    return {finding.severity for finding in found.findings}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "spelled",
    [
        lambda labels: "|".join(labels),
        lambda labels: "; ".join(labels),
        lambda labels: ", ".join(labels),
        lambda labels: json.dumps(labels),
        lambda labels: str(labels),
        lambda labels: labels,
    ],
    ids=["bar", "semicolon", "comma", "JSON list in a text", "Python list in a text", "list"],
)
def test_several_labels_in_their_usual_spellings(read: Read, spelled: object) -> None:
    sets = [["new", "card"], ["card"], ["lost", "card"], ["new"], ["lost", "new"]]
    found = read(lines(*({"text": text(n), "tags": spelled(sets[n % 5])} for n in range(60))))  # type: ignore[operator]
    assert found.task_type == "multi_label_classification"
    assert found.examples[0].output == '["card", "new"]'
    # of five rows: card in three, new in three, lost in two
    assert dict(found.labels) == {"card": 36, "new": 36, "lost": 24}


def test_labels_that_only_look_like_several_stay_whole(read: Read) -> None:
    names = ["shipping, delivery", "billing\n(money)", 'access "login"; other']
    found = read(lines(*({"text": text(n), "label": names[n % 3]} for n in range(30))))
    assert found.task_type == "classification"
    assert {label for label, _ in found.labels} == set(names)


def test_one_column_per_label(read: Read) -> None:
    rows = [f'{n},"{text(n)}",{n % 2},{(n + 1) % 2 or n % 3 // 2},0' for n in range(30)]
    found = read(table("id,comment_text,toxic,obscene,threat", *rows, '30,"a threat",0,0,1'))
    assert found.columns.output == "toxic,obscene,threat"
    assert found.task_type == "multi_label_classification"
    assert found.examples[-1].output == '["threat"]'


def test_an_empty_list_is_no_label_and_no_warning_but_an_empty_cell_is(read: Read) -> None:
    sets = [["a", "b"], ["a"], [], ["b"]]
    listed = read(lines(*({"text": text(n), "labels": sets[n % 4]} for n in range(40))))
    assert listed.examples[2].output == "[]"
    assert "without_label" not in {finding.check for finding in listed.findings}
    cells = read(table("text,labels", *(f'"{text(n)}",{"|".join(sets[n % 4])}' for n in range(40))))
    assert len(cells.examples) == 40
    assert "without_label" in {finding.check for finding in cells.findings}


def test_spans_become_words_by_label(read: Read) -> None:
    row = {
        "text": "Anna lives in Bonn",
        "spans": [{"start": 0, "end": 4, "label": "PER"}, {"start": 14, "end": 18, "label": "LOC"}],
    }
    found = read(lines(*[row] * 12))
    assert found.task_type == "extraction"
    assert json.loads(found.examples[0].output) == {"PER": ["Anna"], "LOC": ["Bonn"]}


def test_several_right_answers(read: Read) -> None:
    found = read(lines(*({"question": f"Who is {text(n)}?", "answers": [f"a{n}", f"b{n}"]} for n in range(20))))
    assert found.examples[0].output == "a0"
    assert found.examples[0].references == ("a0", "b0")
    squad = read(
        lines(
            *(
                {"question": f"Who is {n}?", "context": text(n), "answers": {"text": [f"a{n}"], "answer_start": [3]}}
                for n in range(20)
            )
        )
    )
    assert squad.examples[0].output == "a0"
    assert squad.columns.inputs == ("question", "context")


def test_the_same_input_with_other_answers_gathers_them(read: Read) -> None:
    rows = [f'"{text(n // 2)}","answer number {n} with words of its own"' for n in range(40)]
    found = read(table("input,output", *rows))
    assert found.task_type == "generation"
    assert found.examples[0].references == (found.examples[0].output, found.examples[1].output)


def test_several_columns_become_one_input_by_a_template(read: Read) -> None:
    rows = [f'Late {n},"{text(n)}",{"a" if n % 2 else "b"}' for n in range(20)]
    joined = read(table("title,body,label", *rows))
    assert joined.examples[0].input == f"Late 0\n\n{text(0)}"
    chosen = read(table("title,body,label", *rows), input_template="[{title}] {body}")
    assert chosen.examples[0].input == f"[Late 0] {text(0)}"
    with pytest.raises(DataError, match="Column 'nothing' not found"):
        read(table("title,body,label", *rows), input_template="{nothing}")
    with pytest.raises(DataError, match="names no column"):
        read(table("title,body,label", *rows), input_template="hello")


def test_a_template_is_filled_in_not_evaluated(read: Read) -> None:
    rows = [f'{{body.__class__}} {n},"{text(n)}",{"a" if n % 2 else "b"}' for n in range(20)]
    found = read(table("title,body,label", *rows), input_template="{title}/{body}")
    assert found.examples[0].input == f"{{body.__class__}} 0/{text(0)}"


def test_roles_are_proposed_with_reasons_and_can_be_changed(read: Read) -> None:
    rows = [
        f'{n},C{n // 4},"{text(n)}",{"ab"[n % 2]},{"test" if n > 20 else "train"},{"abb"[n % 3]},{text(n + 1)[:9]}'
        for n in range(30)
    ]
    data = table("id,customer_id,text,label,split,prediction,other", *rows)
    found = read(data)
    columns = found.columns
    assert (columns.group, columns.split, columns.given) == ("customer_id", "split", "prediction")
    assert {"input", "output", "group", "split", "given"} <= set(dict(columns.why))
    assert (found.examples[5].group, found.examples[25].split, found.examples[0].given) == ("C1", "test", "a")
    changed = read(data, group="none", split_column="none", given="none", inputs=("other",))
    assert (changed.columns.group, changed.columns.split, changed.columns.given) == (None, None, None)
    assert changed.columns.inputs == ("other",)


def test_a_column_is_found_despite_case_and_spaces_and_a_wrong_one_lists_them(read: Read) -> None:
    data = table(" Text , Label ", *(f'"{text(n)}",{"a" if n % 2 else "b"}' for n in range(20)))
    found = read(data, inputs=("text",), output="LABEL")
    assert found.column_names == ("Text", "Label")
    with pytest.raises(DataError, match="Column 'klass' not found; the file has 'Text', 'Label'"):
        read(data, output="klass")


def test_two_possible_answers_are_asked_about_and_the_flag_decides(read: Read) -> None:
    data = table(
        "text,label,sentiment", *(f'"{text(n)}",{"a" if n % 2 else "b"},{"x" if n % 3 else "y"}' for n in range(30))
    )
    found = read(data)
    assert [finding.flag for finding in found.findings if finding.severity == "ask"] == ["--output"]
    with pytest.raises(ColumnsUnclear, match="--output"):
        dataset.fit(found)
    assert dataset.fit(read(data, output="sentiment")).columns.output == "sentiment"


def test_words_for_numbered_labels_are_preferred(read: Read) -> None:
    data = table("text,label,label_text", *(f'"{text(n)}",{n % 2},{"good" if n % 2 else "bad"}' for n in range(30)))
    assert read(data).columns.output == "label_text"


@pytest.mark.parametrize(
    ("answers", "task"),
    [
        (lambda n: json.dumps({"name": f"n{n}", "number": n}), "extraction"),
        (lambda n: json.dumps({"name": "call", "arguments": {"x": n}}), "function_calling"),
        (lambda n: f"SELECT a FROM t WHERE b = {n}", "text_to_sql"),
        (lambda n: f"def f{n}(x):\n    return x + {n}", "code"),
        (lambda n: f"First {n} and then {n + 1}.\n#### {n + 1}", "reasoning"),
        (lambda n: ["yes", "no"][n % 2], "classification"),
        (lambda n: f"Dear customer, about {text(n)} we are sorry and send it tomorrow, {n}. " * 3, "generation"),
    ],
)  # fmt: skip
def test_the_task_is_told_from_the_answers(read: Read, answers: object, task: str) -> None:
    found = read(lines(*({"input": text(n), "output": answers(n)} for n in range(40))))  # type: ignore[operator]
    assert found.task_type == task
    assert found.task_why
    assert (
        read(lines(*({"input": text(n), "output": answers(n)} for n in range(40))), task_type="chat").task_type
        == "chat"
    )  # type: ignore[operator]


def test_questions_with_short_answers_and_numbers_are_no_scale(read: Read) -> None:
    found = read(lines(*({"question": f"What is {n} times {n}?", "answer": str(n * n)} for n in range(40))))
    assert found.task_type == "question_answering"
    assert "ask" not in severities(found)


def conversation(*turns: tuple[str, str], **more: object) -> dict[str, object]:
    return {"messages": [{"role": role, "content": content} for role, content in turns], **more}


def test_a_conversation_is_cut_at_its_last_answer(read: Read) -> None:
    rows = [
        conversation(
            ("system", "Be kind"),
            ("user", f"Hi {n}"),
            ("assistant", "Hello"),
            ("user", text(n)),
            ("assistant", f"Sure {n}"),
            ("user", "thanks"),
        )
        for n in range(20)
    ]
    found = read(lines(*rows))
    first = found.examples[0]
    assert found.task_type == "chat"
    assert found.instruction == "Be kind"
    assert [(turn.role, turn.content) for turn in first.turns] == [("user", "Hi 0"), ("assistant", "Hello")]
    assert (first.input, first.output) == (text(0), "Sure 0")
    assert "left_over_turns" in {finding.check for finding in found.findings}


def test_tools_and_calls_become_text_in_one_form(read: Read) -> None:
    call = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"function": {"name": "find", "arguments": '{"x": 1}'}}],
    }
    rows = [{"messages": [{"role": "user", "content": text(n)}, call], "tools": [{"name": "find"}]} for n in range(20)]
    found = read(lines(*rows))
    assert found.task_type == "function_calling"
    assert json.loads(found.examples[0].output) == [{"name": "find", "arguments": {"x": 1}}]
    assert "find" in (found.instruction or "")


def test_a_conversation_that_is_none_is_rejected_with_its_reason(read: Read) -> None:
    good = [conversation(("user", text(n)), ("assistant", f"yes {n}")) for n in range(12)]
    bad = [
        conversation(("user", "no answer")),
        conversation(("assistant", "no question")),
        conversation(("judge", "x"), ("assistant", "y")),
    ]
    found = read(lines(*good, *bad))
    assert [item.line for item in found.rejected] == [13, 14, 15]
    assert "no answer" in found.rejected[0].why
    assert "judge" in found.rejected[2].why


def test_the_present_systems_column_may_name_its_model(read: Read) -> None:
    data = table("text,label,old", *(f'"{text(n)}",{"ab"[n % 2]},a' for n in range(20)))
    found = read(data, given="old=gpt-4")
    assert (found.columns.given, found.examples[0].given, found.choices["given"]) == ("old", "a", "old=gpt-4")


def test_dates_are_offered_and_used_when_wished(read: Read) -> None:
    data = table("text,label,created_at", *(f'"{text(n)}",{"ab"[n % 2]},2024-01-{n + 1:02d}' for n in range(20)))
    offered = read(data)
    assert offered.columns.time is None
    assert next(finding.flag for finding in offered.findings if finding.check == "dates") == "--time"
    assert read(data, time="created_at").examples[3].time == "2024-01-04"


def test_labels_of_every_rows_own_are_warned_about(read: Read) -> None:
    data = table("text,label", *(f'"{text(n)}",kind {n}' for n in range(30)))
    assert {"own_labels"} <= {finding.check for finding in read(data).findings if finding.severity == "warn"}
    assert read(data, task_type="classification").task_type == "classification"


def test_old_completions_lose_their_leading_space_and_say_so(read: Read) -> None:
    found = read(lines(*({"prompt": text(n), "completion": f" {'ab'[n % 2]}"} for n in range(20))))
    assert dict(found.labels) == {"a": 10, "b": 10}
    assert "completion_space" in {finding.check for finding in found.findings}


def test_columns_inside_one_object_are_taken_out(read: Read) -> None:
    found = read(lines(*({"data": {"text": text(n), "label": "ab"[n % 2]}} for n in range(20))))
    assert (found.columns.inputs, found.columns.output) == (("text",), "label")


def test_money_is_a_scale_too(read: Read) -> None:
    found = read(table("text;price", *(f"{text(n)};{n},50 €" for n in range(40))))
    assert next(finding.flag for finding in found.findings if finding.severity == "ask") == "--bins"


def test_bins_make_classes_of_equal_size(read: Read) -> None:
    data = table("text,score", *(f'"{text(n)}",{n / 10}' for n in range(60)))
    found = read(data, bins=3)
    # 0.0 … 5.9 in steps of 0.1: cut below the 21st and the 41st value
    assert dict(found.labels) == {"2 to below 4": 20, "4 and above": 20, "below 2": 20}
    with pytest.raises(DataError, match="--bins"):
        dataset.Choices.from_json({"bins": "1"})


def test_choices_go_through_json_and_refuse_what_they_do_not_know() -> None:
    chosen = dataset.Choices(inputs=("a", "b"), bins=3, all_rows=True, header="2")
    assert dataset.Choices.from_json(json.loads(json.dumps(chosen.as_json()))) == chosen
    assert dataset.Choices().as_json() == {}
    with pytest.raises(DataError, match="Unknown choice 'colour'"):
        dataset.Choices.from_json({"colour": "red"})
    with pytest.raises(DataError, match="--merge-labels is 'maybe'"):
        dataset.Choices.from_json({"merge_labels": "maybe"})


def test_what_a_file_answers_of_the_questionnaire(read: Read) -> None:
    found = as_answers(read("text,label\n" + "".join(f"word {n} and more,{'ab'[n % 2]}\n" for n in range(40))))
    assert {"task_type": "classification", "labelled_examples": 40, "n_classes": 2}.items() <= found.items()
    assert differing({**found, "n_classes": 3, "input_tokens": None}, found).keys() == {"n_classes", "input_tokens"}
    assert differing({**found, "labelled_examples": 45}, found) == {}
