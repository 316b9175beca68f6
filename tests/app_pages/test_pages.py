"""Every page, on the example: it opens, says what it is for and what comes next, and never brings torch with it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from advisor.catalog import facts
from app_pages.projects import EXAMPLE
from app_pages.walk import LOOK_UP, STEPS, WALK
from tests.app_pages.asking import fine, said
from workspace import Project, Store

OpenPage = Callable[..., AppTest]
ROOT = Path(__file__).parents[2]
HEAVY = {"torch", "transformers", "peft", "trl", "bitsandbytes", "accelerate", "typst", "vl_convert"}


@pytest.fixture
def example(kept: Store) -> Project:
    project = kept.projects.create("Routing")
    kept.answers.save(project.id, (EXAMPLE / "profile.yaml").read_text(encoding="utf-8"))
    kept.datasets.save(project.id, "intents.tsv", (EXAMPLE / "intents.tsv").read_bytes())
    return project


def test_every_file_of_a_page_is_a_step() -> None:
    assert [step.name for step in (*WALK, *LOOK_UP)] == list(STEPS)
    assert all(step.file.is_file() for step in STEPS.values())


@pytest.mark.slow
@pytest.mark.parametrize("name", list(STEPS))
def test_a_page_says_what_it_is_and_what_comes_next(open_page: OpenPage, example: Project, name: str) -> None:
    app = open_page(name, example.id)
    text = said(app)
    assert STEPS[name].title in [title.value for title in app.title]
    assert "Routing" in text
    if STEPS[name] in WALK[:-1]:
        assert "Next: " in text
        assert sum(b.proto.type == "primary" for b in app.button) <= 1


@pytest.mark.parametrize("name", [step.name for step in WALK])
def test_without_answers_a_page_leads_to_where_to_begin(open_page: OpenPage, project: Project, name: str) -> None:
    app = open_page(name, project.id)
    if name != "report":
        assert app.button(key="next_step")
    else:
        assert "Answer a few questions first" in said(app)


def test_every_page_names_the_same_next_step(open_page: OpenPage, example: Project, kept: Store) -> None:
    for answered in ("task_type: classification\nlabelled_examples: 400\n", "budget_monthly_usd: 0\n"):
        kept.answers.save(example.id, answered)
        for name in ("advice", "data"):  # from here on the state of the project stays as it is
            open_page(name, example.id)
        said_next = {}
        for name in ("advice", "data", "report", "task"):
            text = said(open_page(name, example.id))
            said_next[name] = set(re.findall(r"Next: (\w+)", text))
        assert len(set.union(*said_next.values())) == 1, said_next
        assert all(len(found) == 1 for found in said_next.values()), said_next


@pytest.mark.parametrize("name", [step.name for step in LOOK_UP])
def test_what_can_be_looked_up_needs_no_project(open_page: OpenPage, name: str) -> None:
    app = open_page(name)
    assert "Open the example" not in said(app)


def test_sources_are_found_by_their_words(open_page: OpenPage) -> None:
    app = open_page("sources")
    everything = len(app.dataframe[0].value)
    fine(app.text_input(key="sources_search").set_value("h100").run())
    found = app.dataframe[0].value
    assert 0 < len(found) < everything
    assert all("h100" in " ".join(map(str, row)).lower() for row in found.to_numpy())
    fine(app.text_input(key="sources_search").set_value("no such words at all").run())
    assert "No fact has all of these words" in said(app)


def test_every_fact_has_its_source(open_page: OpenPage) -> None:
    rows = open_page("sources").dataframe[0].value
    assert all(len(source.strip()) > 3 for source in rows["source"])
    dated = rows[rows["kind"].isin(["Model", "GPU", "Price"])]
    assert dated["checked"].str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()
    assert len(rows[rows["kind"] == "GPU"]) == len(facts().gpus)


@pytest.mark.parametrize("kind", ["Training", "Answering requests"])
def test_an_estimate_follows_its_settings(open_page: OpenPage, kind: str) -> None:
    app = open_page("estimates")
    app.session_state["whatif_kind"] = kind
    fine(app.run())
    small = next(m for m in app.metric if m.label == "The GPU must have").value
    models = app.selectbox(key="whatif_model")
    models.select(max((m for m in facts().models if m.architecture), key=lambda m: m.parameters_b or 0))
    fine(app.run())
    assert next(m for m in app.metric if m.label == "The GPU must have").value != small


def test_the_notes_on_methods_stand_in_full_under_their_table(open_page: OpenPage) -> None:
    app = open_page("estimates")
    table = next(frame.value for frame in app.dataframe if "Engineer (days)" in frame.value)
    assert "Note" not in table
    text = said(app)
    assert "**Classical classifier**: minutes on a CPU." in text
    assert "Prompting with documents**: nothing is trained" in text


@pytest.mark.slow
def test_no_page_brings_torch_into_the_server(tmp_path: Path) -> None:
    """In a process of its own, since other tests may have imported anything."""
    program = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests" / "app_pages")!r}]
from streamlit.testing.v1 import AppTest
from app_pages import projects
from app_pages.walk import STEPS
import app
project = projects.store().projects.create("Routing")
projects.store().answers.save(project.id, (projects.EXAMPLE / "profile.yaml").read_text())
projects.store().datasets.save(project.id, "intents.tsv", (projects.EXAMPLE / "intents.tsv").read_bytes())
page = AppTest.from_file({str(ROOT / "app_pages" / "navigation.py")!r}, default_timeout=240)
page.query_params["project"] = project.id
page.run()
for name in STEPS:
    page.switch_page(f"{{name}}.py").run()
    assert not page.exception, (name, page.exception)
print(sorted({HEAVY!r} & set(sys.modules)))
"""
    environment = {"PATH": "/usr/bin:/bin", "TUNE_OR_PROMPT_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().splitlines()[-1] == "[]"
