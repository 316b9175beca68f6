"""The questionnaire as a person fills it in: saved on every change, nothing required, nothing lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from advisor.questionnaire import QUESTIONS, profile_from_yaml
from advisor.vocabulary import HostedTime
from tests.app_pages.asking import field, fine, said
from workspace import Project, Store

OpenPage = Callable[..., AppTest]
GROUPS = tuple(dict.fromkeys(question.group for question in QUESTIONS))


def turn_to(app: AppTest, group: str) -> AppTest:
    app.session_state["task_group"] = group
    return fine(app.run())


def answered(kept: Store, project: Project, key: str) -> object:
    saved = kept.answers.latest(project.id)
    return getattr(profile_from_yaml(saved.yaml), key) if saved else None


@pytest.mark.parametrize("group", GROUPS)
def test_every_question_has_its_field(open_page: OpenPage, project: Project, group: str) -> None:
    app = turn_to(open_page(project=project.id), group)
    kinds = ("text_input", "text_area", "number_input", "selectbox", "multiselect", "segmented_control", "slider")
    keys = {str(widget.key) for kind in kinds for widget in app.get(kind)}
    for question in QUESTIONS:
        if question.group == group:
            assert any(key.startswith(f"answer_{question.key}") for key in keys), question.key


def test_an_answer_is_kept_the_moment_it_is_given(open_page: OpenPage, project: Project, kept: Store) -> None:
    app = open_page(project=project.id)
    field(app, "n_classes").set_value(12).run()
    assert answered(kept, project, "n_classes") == 12
    again = open_page(project=project.id)  # another tab, or the same one after a reload
    assert field(again, "n_classes").value == 12


def test_an_answer_can_be_taken_back(open_page: OpenPage, project: Project, kept: Store) -> None:
    app = open_page(project=project.id)
    field(app, "domain").set_value("legal").run()
    field(app, "domain").set_value("").run()
    assert answered(kept, project, "domain") is None


def test_a_number_and_a_choice_can_be_taken_back(open_page: OpenPage, project: Project, kept: Store) -> None:
    """A field that begins with an answer has no cross to empty it; the menu under the part does it."""
    kept.answers.save(project.id, "n_classes: 12\ntask_type: chat\n")
    app = open_page(project=project.id)
    for key, label in (("n_classes", "How many categories?"), ("task_type", "What kind of task is it?")):
        (menu,) = [w for w in app.get("menu_button") if w.key == "take_back"]
        fine(menu.select(label).run()) if hasattr(menu, "select") else fine(menu.set_value(label).run())
        assert answered(kept, project, key) is None
        assert field(app, key).value is None


def test_two_tabs_do_not_undo_each_other(open_page: OpenPage, project: Project, kept: Store) -> None:
    one, other = open_page(project=project.id), open_page(project=project.id)
    field(one, "n_classes").set_value(12).run()
    field(other, "domain").set_value("legal").run()
    assert (answered(kept, project, "n_classes"), answered(kept, project, "domain")) == (12, "legal")
    assert field(fine(one.run()), "domain").value == "legal"


def test_answers_of_one_project_do_not_show_in_another(open_page: OpenPage, project: Project, kept: Store) -> None:
    other = kept.projects.create("Another")
    app = open_page(project=project.id)
    field(app, "n_classes").set_value(12).run()
    assert field(open_page(project=other.id), "n_classes").value is None


def test_what_is_left_open_is_said(open_page: OpenPage, project: Project) -> None:
    assert "Left open, we assume: production" in said(open_page(project=project.id))


def test_a_hosted_model_carries_the_time_that_was_typed(open_page: OpenPage, project: Project, kept: Store) -> None:
    app = turn_to(open_page(project=project.id), "Models")
    field(app, "hosted_times").set_value(["openai/gpt-6-luna"]).run()
    assert answered(kept, project, "hosted_times") is None, "a model without a time is no answer yet"
    fine(field(app, "hosted_times", "openai/gpt-6-luna").set_value(640.0).run())
    assert answered(kept, project, "hosted_times") == (HostedTime("openai/gpt-6-luna", 640.0),)


def test_gpus_carry_their_number(open_page: OpenPage, project: Project, kept: Store) -> None:
    app = turn_to(open_page(project=project.id), "Limits")
    field(app, "gpus").set_value(["A100-80GB"]).run()
    field(app, "gpus", "A100-80GB").set_value(4).run()
    gpus = answered(kept, project, "gpus")
    assert [(gpu.name, gpu.count) for gpu in gpus] == [("A100-80GB", 4)]  # type: ignore[attr-defined]


def test_weights_are_kept(open_page: OpenPage, project: Project, kept: Store) -> None:
    app = turn_to(open_page(project=project.id), "Money and time")
    field(app, "priorities", "quality").set_value(9.0).run()
    priorities = answered(kept, project, "priorities")
    assert (priorities.quality, priorities.cost) == (9.0, 5.0)  # type: ignore[attr-defined]


def test_a_wrong_answer_is_named_and_the_old_one_stays(open_page: OpenPage, project: Project, kept: Store) -> None:
    app = open_page(project=project.id)
    field(app, "domain").set_value("legal").run()
    field(app, "domain").set_value("x" * 20_001).run()  # a text may have 20,000 characters
    assert answered(kept, project, "domain") == "legal"
    assert "Your last valid answer was kept" in said(app)


def test_a_file_of_answers_replaces_them(open_page: OpenPage, project: Project, kept: Store) -> None:
    app = open_page(project=project.id)
    app.file_uploader(key="answers_file").upload("profile.yaml", b"n_classes: 5\nlanguages: [no]\n").run()
    assert field(fine(app), "n_classes").value == 5
    assert answered(kept, project, "languages") == ("no",)


def test_a_wrong_file_changes_nothing_and_says_where(open_page: OpenPage, project: Project, kept: Store) -> None:
    app = open_page(project=project.id)
    field(app, "n_classes").set_value(12).run()
    app.file_uploader(key="answers_file").upload("profile.yaml", b"domain: x\nn_clases: 5\n").run()
    text = said(fine(app)).replace("\\", "")
    assert "n_clases" in text
    assert "line 2" in text
    assert answered(kept, project, "n_classes") == 12


def test_languages_are_offered_by_name_and_kept_as_codes(open_page: OpenPage, project: Project, kept: Store) -> None:
    kept.answers.save(project.id, "languages: [English, de]\n")
    app = open_page(project=project.id)
    assert answered(kept, project, "languages") == ("en", "de")
    assert {"English", "German", "French"} <= set(field(app, "languages").options)


def test_the_projects_name_is_proposed_as_the_tasks(open_page: OpenPage, project: Project, kept: Store) -> None:
    assert "the project's name, Sort mail" in said(open_page(project=project.id))
    kept.answers.save(project.id, "task_type: chat\nlabelled_examples: 300\n")
    report = said(open_page("report", project=project.id))
    assert "Fine-tune or prompt? Sort mail" in report
