"""Questions with options: shown under the question, answered by the letter of the right one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.dataset.conftest import Read
from tests.dataset.test_checks import finding
from tests.dataset.test_kinds_of_files import severity
from tests.dataset.test_understanding import lines, table, text

ASKED = [f"What helps when {text(n)}?" for n in range(32)]
OFFERED = [[f"{word} {n}" for word in ("call", "wait", "restart", "return")] for n in range(32)]
RIGHT = [n * 7 % 4 for n in range(32)]
LETTERS = "ABCD"


def said(n: int) -> str:
    return f"{ASKED[n]}\n\n" + "\n".join(f"{a}: {b}" for a, b in zip(LETTERS, OFFERED[n], strict=True))


def row(form: str, n: int) -> dict[str, Any]:
    asked, offered, right = ASKED[n], OFFERED[n], RIGHT[n]
    return {
        "arc": {"id": n, "question": asked, "choices": {"text": offered, "label": list(LETTERS)},
                "answerKey": LETTERS[right]},
        "stem": {"question": {"stem": asked, "choices": [{"label": a, "text": b} for a, b in
                 zip(LETTERS, offered, strict=True)]}, "answerKey": LETTERS[right]},
        "race": {"question": asked, "options": offered, "answer": LETTERS[right]},
        "index": {"question": asked, "choices": offered, "answer": right},
        "from one": {"question": asked, "choices": offered, "correct": right + 1},
        "text": {"question": asked, "options": offered, "answer": offered[right]},
        "medqa": {"question": asked, "options": dict(zip(LETTERS, offered, strict=True)), "answer": offered[right],
                  "answer_idx": LETTERS[right]},
        "columns": {"question": asked, **dict(zip(LETTERS, offered, strict=True)), "answer": LETTERS[right]},
        "with its text": {"question": asked, "options": offered, "answer": f"{LETTERS[right]}) {offered[right]}"},
        "swag": {"id": n, "sent1": asked, **{f"ending{k}": b for k, b in enumerate(offered)}, "label": right},
        "endings": {"ctx": asked, "endings": offered, "label": str(right)},
        "medmcqa": {"question": asked, **{f"op{a.lower()}": b for a, b in zip(LETTERS, offered, strict=True)},
                    "cop": right},
    }[form]  # fmt: skip


FORMS = (
    "arc",
    "stem",
    "race",
    "index",
    "from one",
    "text",
    "medqa",
    "columns",
    "endings",
    "medmcqa",
    "with its text",
    "swag",
)


@pytest.mark.parametrize("form", FORMS)
def test_options_stand_under_the_question_and_the_answer_is_a_letter(read: Read, form: str) -> None:
    found = read(lines(*(row(form, n) for n in range(32))))
    assert [(e.input, e.output) for e in found.examples] == [(said(n), LETTERS[RIGHT[n]]) for n in range(32)]
    assert found.task_type == "classification"
    assert "letter" in found.task_why
    assert severity(found, "columns") is None
    assert finding(found, "multiple_choice").flag == "--task-type"
    own = read(lines(*(row(form, n) for n in range(32))), task_type="question_answering")
    assert own.examples[5].output == OFFERED[5][RIGHT[5]]


def test_a_table_without_header_has_a_question_its_options_and_a_letter(read: Read) -> None:
    cells = [",".join(f'"{c}"' for c in (ASKED[n], *OFFERED[n], LETTERS[RIGHT[n]])) for n in range(32)]
    found = read("\n".join(cells) + "\n", header="no")
    assert found.examples[3].input == said(3)
    assert found.examples[3].output == LETTERS[RIGHT[3]]


def test_several_questions_about_one_article_are_rows_that_share_it(read: Read) -> None:
    articles = [
        {
            "article": f"{text(4 * k)} " * 12,
            "questions": ASKED[4 * k : 4 * k + 4],
            "options": OFFERED[4 * k : 4 * k + 4],
            "answers": [LETTERS[place] for place in RIGHT[4 * k : 4 * k + 4]],
        }
        for k in range(8)
    ]
    found = read(json.dumps(articles))
    assert len(found.examples) == 32
    assert found.columns.inputs == ("article", "question", "options")
    assert found.columns.group == "article"


def test_the_same_options_in_every_row_are_the_labels(read: Read) -> None:
    kinds = ["entailment", "neutral", "contradiction"]
    found = read(lines(*({"text": text(n), "choices": kinds, "label": n % 3} for n in range(30))))
    assert found.columns.inputs == ("text",)
    assert set(dict(found.labels)) == set(kinds)
    assert severity(found, "multiple_choice") is None


def test_an_answer_that_is_no_option_costs_its_row_and_an_input_without_options_stays(read: Read) -> None:
    rows = [row("text", n) for n in range(32)]
    rows[9]["answer"] = "none of these"
    found = read(lines(*rows))
    assert [(item.line, item.why) for item in found.rejected] == [(10, "the answer is none of the options")]
    alone = read(lines(*(row("text", n) for n in range(32))), inputs=("question",))
    assert alone.examples[5].output == OFFERED[5][RIGHT[5]]


def test_columns_of_letters_without_a_key_are_no_options(read: Read) -> None:
    found = read(table("text,a,b,label", *(f'"{text(n)}",{n % 5},{n % 7},yes{n % 2}' for n in range(30))))
    assert severity(found, "multiple_choice") is None
    assert set(dict(found.labels)) == {"yes0", "yes1"}
