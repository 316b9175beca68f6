"""The walk from a task to a report: its steps in order, what is done, and the way to the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from advisor.questionnaire import plain as plain_answers
from advisor.questionnaire import profile_from_yaml
from app_pages import projects
from app_pages.plain import plain
from workspace import Answers, Project

FOLDER = Path(__file__).parent
DONE_ICON, NEXT_ICON, OPEN_ICON = ":material/check_circle:", ":material/radio_button_checked:", ":material/circle:"

SHOWN, VISIT, GO, SAID_NEXT = "page_shown", "visit", "go_to_page", "said_next"


@dataclass(frozen=True, slots=True)
class Step:
    """One page: `asks` stands under its title, `invites` where another page leads to it."""

    name: str
    title: str
    icon: str
    asks: str
    invites: str

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.name}.py"


WALK = (
    Step(
        "task", "Task", ":material/edit_note:",
        "Say what the model should do. Answer what you know; whatever you leave out is assumed, and said.",
        "Say what the model should do.",
    ),
    Step(
        "advice", "Advice", ":material/balance:",
        "Fine-tune, prompt, or neither: what your answers and the evidence say, how sure that is, and what would "
        "change it.",
        "See what your answers say, and how sure that is.",
    ),
    Step(
        "data", "Data", ":material/table_rows:",
        "Bring examples of the task with the answers you want. The file is checked here and stays on this machine.",
        "Bring a file of examples and have it checked.",
    ),
    Step(
        "pilot", "Pilot", ":material/science:",
        "Try prompting and training on your own examples, on this machine, on the same held-out rows.",
        "Try prompting and training on your own examples.",
    ),
    Step(
        "results", "Results", ":material/bar_chart:",
        "What each way of doing it reached on rows that none of them had seen.",
        "Compare what each way reached.",
    ),
    Step(
        "report", "Report", ":material/description:",
        "Everything on paper, for someone who has not seen this app.",
        "Put it on paper.",
    ),
)  # fmt: skip
LOOK_UP = (
    Step(
        "estimates", "Estimates", ":material/calculate:",
        "Memory, time, speed and money for any model and GPU, without a project.",
        "Work out memory, time and money for any model.",
    ),
    Step(
        "sources", "Sources", ":material/menu_book:",
        "Every fact the advice rests on, where it comes from, and when it was last looked at.",
        "See where every fact comes from.",
    ),
)  # fmt: skip
STEPS = {step.name: step for step in (*WALK, *LOOK_UP)}


def done_task(saved: Answers | None) -> bool:
    """Anything answered beyond the name gives advice something to go on."""
    return saved is not None and bool(set(plain_answers(profile_from_yaml(saved.yaml))) - {"name", "description"})


def taken(project: str) -> dict[str, bool]:
    """Which steps have been taken, from what is kept."""
    kept = projects.store()
    finished = {run.id for run in kept.runs.all(project) if run.state == "done"}
    advised = kept.advice.rests_on(project)
    return {
        "task": done_task(kept.answers.latest(project)),
        "advice": bool(advised),
        "data": any(file.split for file in kept.datasets.all(project)),
        "pilot": bool(finished),
        "results": bool(finished & advised),
        "report": False,
    }


def icon(step: Step, steps: dict[str, bool] | None, following: str) -> str:
    """The step's state as a sign: done, next, or still to come."""
    if steps is None or step.name not in steps:
        return step.icon
    if steps[step.name]:
        return DONE_ICON
    return NEXT_ICON if step.name == following else OPEN_ICON


def following(project: str, steps: dict[str, bool] | None = None) -> str:
    """The one next step of a project, said alike on every page.

    The first not yet taken; the report when all are, or when the newest advice says that a pilot is not worth it and
    none has been begun. `steps` are those taken, where they were looked up already.
    """
    kept, steps = projects.store(), taken(project) if steps is None else steps
    name = next((name for name, is_done in steps.items() if not is_done), "report")
    if name in ("data", "pilot") and not kept.runs.all(project):
        newest = kept.advice.newest(project)
        if newest is not None and not (newest.document.get("pilot") or {}).get("worth_it", True):
            return "report"
    return name


def pages(steps: dict[str, bool] | None, name: str) -> Sequence[Any]:
    """The pages in their order, the walk first; `name` is the next step."""
    return [
        st.Page(step.file, title=step.title, icon=icon(step, steps, name), help=step.asks, default=step.name == "task")
        for step in STEPS.values()
    ]


def header(project: Project | None, name: str, steps: dict[str, bool] | None) -> None:
    """Which project this is, where in the walk, what comes next, what this page is for."""
    st.session_state.pop(SAID_NEXT, None)
    step = STEPS[name]
    where = [f":material/folder: {plain(project.name)}"] if project else []
    if step in WALK and steps is not None and project is not None:
        st.session_state[SAID_NEXT] = following(project.id, steps)
        where.append(f"Step {WALK.index(step) + 1} of {len(WALK)}, {sum(steps.values())} done")
        where.append(f"Next: {STEPS[st.session_state[SAID_NEXT]].title}")
    with st.container(gap=None):
        if where:
            st.caption(" · ".join(where))
        st.title(step.title, anchor=False)
        st.markdown(step.asks)


def note_page(name: str, project: Project | None) -> None:
    """Remember which page this run shows; another page or project than before begins a new visit."""
    now = (name, project.id if project else None)
    if st.session_state.get(SHOWN) != now:
        renew()
    st.session_state[SHOWN] = now


def visit() -> int:
    """A number that is new at every visit. It stands in the keys of widgets that begin with what is kept.

    Their default is the kept value, so a browser that has forgotten a widget's state (a value typed right before
    a hasty tap on another page) can never make a choice look emptied.
    """
    return int(st.session_state.get(VISIT, 0))


def renew() -> None:
    """Let every widget begin anew with what is kept."""
    st.session_state[VISIT] = visit() + 1


def footer(name: str, *, primary: bool, why: str = "", disabled: bool = False) -> None:
    """The way on, named; `primary` when there is nothing left to do first on this page.

    It is called the next step only where it is what every other page calls so.
    """
    step, project = STEPS[name], st.session_state.get(projects.PARAM)
    said = st.session_state.get(SAID_NEXT)
    if project and said is not None and said != (now := following(project)):
        st.session_state[SAID_NEXT] = now
        st.rerun()  # this page has just taken a step, and its head still says otherwise
    lead = "Next" if said in (name, None) else "After this page"
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{lead}: {step.title}.** {why or step.invites}")
        kind = "primary" if primary else "secondary"
        label = f"Go to {step.title.lower()}"
        if st.button(label, type=kind, icon=":material/arrow_forward:", icon_position="right", key="next_step",
                     disabled=disabled):  # fmt: skip
            go_to(name)


def go_to(name: str) -> None:
    """Open another page of the same project."""
    project = st.session_state.get(projects.PARAM)
    st.switch_page(STEPS[name].file, query_params={projects.PARAM: project} if project else None)
