"""A file as a person brings it: read, understood, changed, and kept; a bad one is a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.questionnaire import profile_from_yaml
from app_pages.projects import EXAMPLE
from app_pages.wording import LABELS
from experiments.dataset import FLAGS, pack
from tests.app_pages.asking import fine, said
from tests.dataset.test_understanding import text
from workspace import Project, Store

OpenPage = Callable[..., AppTest]
ROWS = "question,answer\n" + "".join(
    f"where is parcel number {i}? it should be here,{label}\n" for i in range(20) for label in ("yes", "no", "maybe")
)


@pytest.fixture
def with_example(kept: Store, project: Project) -> Project:
    kept.datasets.save(project.id, "intents.tsv", (EXAMPLE / "intents.tsv").read_bytes())
    return project


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    app.file_uploader[0].upload(name, data)
    return fine(app.run())


def widget(app: AppTest, kind: str, field: str) -> object:
    (found,) = [w for w in app.get(kind) if str(w.key).startswith(f"choice_{field}_")]
    return found


def test_without_a_file_the_page_says_what_to_bring(open_page: OpenPage, project: Project) -> None:
    app = open_page("data", project.id)
    assert "No file yet" in said(app)
    assert app.button(key="next_step").disabled


def test_the_example_is_read_and_split_as_it_says(open_page: OpenPage, with_example: Project) -> None:
    app = open_page("data", with_example.id)
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Rows kept"] == "1,470"
    assert figures["Answers"] == "7"
    # 350 rows are marked test; of the 1,120 marked train, 15 % (168) become validation
    assert (figures["Training"], figures["Validation"], figures["Test"]) == ("952", "168", "350")
    assert not app.button(key="next_step").disabled


def test_an_upload_is_kept_at_once(open_page: OpenPage, project: Project, kept: Store) -> None:
    app = upload(open_page("data", project.id), "mail.csv", ROWS.encode())
    (stored,) = kept.datasets.all(project.id)
    assert kept.datasets.read(stored.sha256) == ROWS.encode()
    assert {metric.label: metric.value for metric in app.metric}["Answers"] == "3"
    assert fine(open_page("data", project.id)).metric  # after a reload it is still there


def test_a_choice_is_kept_and_can_be_taken_back(open_page: OpenPage, with_example: Project, kept: Store) -> None:
    app = open_page("data", with_example.id)
    widget(app, "selectbox", "task_type").select("generation")  # type: ignore[attr-defined]
    fine(app.run())
    assert kept.datasets.all(with_example.id)[0].mapping == {"task_type": "generation"}
    assert "Your choice." in said(app)
    assert widget(open_page("data", with_example.id), "selectbox", "task_type").value == "generation"  # type: ignore[attr-defined]
    (undo,) = [b for b in app.button if "back to what is proposed" in b.label]
    fine(undo.click().run())
    assert kept.datasets.all(with_example.id)[0].mapping == {}
    assert widget(app, "selectbox", "task_type").value == "classification"  # type: ignore[attr-defined]


def test_two_files_and_going_back_to_the_first(open_page: OpenPage, with_example: Project, kept: Store) -> None:
    app = upload(open_page("data", with_example.id), "mail.csv", ROWS.encode())
    chooser = next(box for box in app.selectbox if str(box.key).startswith("files_"))
    by_name = {file.name: file.sha256 for file in kept.datasets.all(with_example.id)}
    assert chooser.value == by_name["mail.csv"]
    chooser.select(by_name["intents.tsv"])
    fine(app.run())
    assert {metric.label: metric.value for metric in app.metric}["Answers"] == "7"


def test_each_upload_is_the_file_that_is_shown(open_page: OpenPage, with_example: Project, kept: Store) -> None:
    app = open_page("data", with_example.id)
    for name, label in (("a.csv", "yes"), ("b.csv", "ja"), ("c.csv", "oui")):
        app = upload(app, name, ROWS.replace("yes", label).encode())
        assert name in [file.name for file in kept.datasets.all(with_example.id)]
        chooser = next(box for box in app.selectbox if str(box.key).startswith("files_"))
        assert chooser.value == next(f.sha256 for f in kept.datasets.all(with_example.id) if f.name == name)


def test_a_file_that_cannot_be_read_is_not_kept(open_page: OpenPage, project: Project, kept: Store) -> None:
    app = upload(open_page("data", project.id), "picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert "PNG" in said(app)
    assert "Nothing was kept" in said(app)
    assert kept.datasets.all(project.id) == ()


def test_what_is_said_of_a_refused_file_stands_below_the_widget(open_page: OpenPage, project: Project) -> None:
    app = upload(open_page("data", project.id), "picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(200))
    drawn = [found.type for found in app.main]
    assert drawn.index("file_uploader") < drawn.index("error")
    assert "Nothing was kept" not in said(app.run())


def test_the_same_file_again_keeps_its_choices(open_page: OpenPage, project: Project, kept: Store) -> None:
    app = upload(open_page("data", project.id), "mail.csv", ROWS.encode())
    widget(app, "selectbox", "task_type").select("generation")  # type: ignore[attr-defined]
    app = upload(fine(app.run()), "again.csv", ROWS.encode())
    (stored,) = kept.datasets.all(project.id)
    assert (stored.name, stored.mapping) == ("again.csv", {"task_type": "generation"})


def test_an_archive_of_several_files_asks_which(open_page: OpenPage, project: Project, kept: Store) -> None:
    archive = pack([("mail.csv", ROWS.encode()), ("notes.txt", b"nothing of use\n" * 9)])
    app = upload(open_page("data", project.id), "all.zip", archive)
    (asked,) = [pills for pills in app.button_group if pills.label == LABELS["sheet"]]
    assert app.button(key="next_step").disabled
    asked.set_value("mail.csv")
    fine(app.run())
    assert kept.datasets.all(project.id)[0].mapping == {"sheet": "mail.csv"}
    assert {metric.label: metric.value for metric in app.metric}["Answers"] == "3"


def test_a_choice_that_makes_a_file_unreadable_can_be_taken_back(
    open_page: OpenPage, project: Project, kept: Store
) -> None:
    app = upload(open_page("data", project.id), "mail.csv", ROWS.encode())
    widget(app, "text_input", "encoding").set_value("no such encoding")  # type: ignore[attr-defined]
    fine(app.run())
    assert not app.metric
    assert widget(app, "text_input", "encoding").value == "no such encoding"  # type: ignore[attr-defined]
    (undo,) = [b for b in app.button if "back to what is proposed" in b.label]
    fine(undo.click().run())
    assert app.metric


def test_an_answer_to_a_finding_shows_among_the_choices(open_page: OpenPage, project: Project) -> None:
    above = b"made by the help desk\n\n" + ROWS.encode()
    app = upload(open_page("data", project.id), "mail.csv", above)
    (asked,) = [pills for pills in app.button_group if pills.label == "Your answer"]
    asked.set_value("3")
    fine(app.run())
    assert widget(app, "text_input", "header").value == "3"  # type: ignore[attr-defined]


def test_flags_of_the_command_line_are_named_as_on_the_page(open_page: OpenPage, project: Project) -> None:
    app = upload(open_page("data", project.id), "notes.csv", b"text\n" + b"some words\n" * 30)
    assert "“The right answer”" in said(app)
    assert "--output" not in said(app).replace("\\", "")


def test_every_flag_of_the_command_line_has_its_field_and_every_field_its_flag(
    open_page: OpenPage, with_example: Project
) -> None:
    app = open_page("data", with_example.id)
    kinds = ("selectbox", "multiselect", "text_input", "number_input", "toggle")
    keys = [str(found.key) for kind in kinds for found in app.get(kind)]
    fields = {key.removeprefix("choice_").rsplit("_", 2)[0] for key in keys if key.startswith("choice_")}
    assert fields == {flag.field for flag in FLAGS} == set(LABELS)


def test_the_first_rows_stand_as_they_are_in_the_file(open_page: OpenPage, project: Project) -> None:
    app = upload(open_page("data", project.id), "mail.csv", ROWS.encode())
    first = app.dataframe[0].value
    assert list(first.columns) == ["question", "answer"]
    assert len(first) == 60
    assert "the first 60 rows" in " ".join(found.label for found in app.expander)


def test_a_question_is_answered_by_its_button_and_the_page_goes_on(open_page: OpenPage, project: Project) -> None:
    rows = "".join(f"{text(n).replace(',', '')},{('yes', 'no', 'YES')[n % 3]}\n" for n in range(60))
    app = upload(open_page("data", project.id), "mail.csv", f"text,label\n{rows}".encode())
    assert "say “merge them”; to keep them apart, “keep them apart”" in said(app).replace("\\", "")
    assert app.button(key="next_step").disabled
    (buttons,) = [group for group in app.button_group if "merge_labels" in str(group.key)]
    assert buttons.options == ["merge them", "keep them apart"]
    fine(buttons.set_value("yes").run())
    assert {metric.label: metric.value for metric in app.metric}["Answers"] == "2"
    assert not app.button(key="next_step").disabled


def test_what_the_csv_changes_and_what_the_test_can_show_is_said(open_page: OpenPage, project: Project) -> None:
    rows = "".join(f"{'=' * (n < 2)}{text(n).replace(',', '')},{'ab'[n % 2]}\n" for n in range(60))
    app = upload(open_page("data", project.id), "mail.csv", f"text,label\n{rows}".encode())
    assert "2 cells begin with an added '" in said(app).replace("\\", "")
    assert "A test of 12 rows shows differences of" in said(app).replace("\\", "")


@pytest.mark.slow
def test_no_bad_upload_breaks_the_page(open_page: OpenPage, kept: Store, bad_uploads: Path) -> None:
    """One in five of them: reading them all is tested where files are read."""
    for path in sorted(bad_uploads.iterdir())[::5]:
        if path.is_file():
            mine = kept.projects.create(path.name)
            app = upload(open_page("data", mine.id), path.name, path.read_bytes())
            assert app.error or app.metric, path.name


def test_a_file_answers_what_it_can_and_the_person_decides(
    open_page: OpenPage, with_example: Project, kept: Store
) -> None:
    kept.answers.save(with_example.id, "task_type: classification\nn_classes: 12\nlabelled_examples: 1500\n")
    app = open_page("data", with_example.id)
    (table,) = [frame.value for frame in app.dataframe if "This file says" in frame.value.columns]
    told = dict(zip(table["Question"], zip(table["You said"], table["This file says"], strict=True), strict=True))
    assert ("12 categories", "7 categories") in told.values()
    assert not any("1,470 examples" in pair for pair in told.values())  # 1,500 rows are near enough
    fine(app.button(key="answer_as_file").click().run())
    latest = kept.answers.latest(with_example.id)
    assert latest is not None
    saved = profile_from_yaml(latest.yaml)
    assert (saved.n_classes, saved.labelled_examples, saved.task_type) == (7, 1500, "classification")
    assert saved.input_tokens is not None
    assert not [frame for frame in app.dataframe if "This file says" in frame.value.columns]
