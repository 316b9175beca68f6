"""A person's choices → the plan of a pilot, shown before anything starts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from advisor.report import names
from advisor.vocabulary import Dataset, PilotPlan
from app_pages import arm_settings, files, hosted, projects, scoring
from app_pages.plain import plain
from experiments import calibration
from experiments.api.service import Service
from experiments.arms import ARMS
from experiments.dataset.checks.given_test import FEWEST_TEST_ROWS
from experiments.dataset.wording import many
from experiments.pilot.announced import WITHOUT_ROWS, examples_shown, minutes_for_all, reserve, rows_learnt
from experiments.pilot.cell_words import for_more_minutes
from experiments.pilot.choices import API_ARMS, DEFAULT_ARMS, PilotChoices
from experiments.pilot.starting import plan_here

SEED = PilotChoices().seed
MINUTES_LEAST, MINUTES_MOST, MINUTES = 1.0, 600.0, 10.0


def choose(dataset: Dataset) -> PilotChoices:
    """Ways, minutes and model; the rest out of the way."""
    possible = [card.arm for card in ARMS if _possible(card.arm, dataset)]
    usual = [arm for arm in DEFAULT_ARMS if arm in possible]
    arms = st.pills("Ways to try", possible, selection_mode="multi", default=usual, format_func=names.method,
                    key="pilot_arms", help="At least one way of prompting and one of training make it a comparison.",
                    persist_state="session")  # fmt: skip
    left, right = st.columns(2, gap="large")
    with left:
        minutes = st.number_input("Minutes it may take", MINUTES_LEAST, MINUTES_MOST, MINUTES, 1.0, format="%g",
                                  key="pilot_minutes", persist_state="session")  # fmt: skip
    with right:
        model = st.text_input("Model", "starter", key="pilot_model", persist_state="session",
                              help="starter, a model folder on this machine, or the id of a model on it.")  # fmt: skip
        if model.strip() == "starter":
            st.caption("A 135M model shows the shape of the comparison; a stronger base lifts all of it.")
    more = _more(dataset, arms)
    service, ways = hosted.choose(dataset)
    return PilotChoices((*ways, *arms), model.strip() or "starter", float(minutes), service=service, **more)


def _more(dataset: Dataset, arms: Sequence[str]) -> dict[str, Any]:
    """What is seldom changed, by the names of `PilotChoices`."""
    with st.expander("More choices", icon=":material/tune:"):
        with st.container(horizontal=True):
            shots = st.number_input("Examples in the prompt", 1, 64, None, key="pilot_shots", placeholder="As usual")
            size = st.number_input("Training rows", 8, 100_000, None, key="pilot_size", placeholder="As many as fit")
            test = st.number_input("Test rows", FEWEST_TEST_ROWS, 10_000, None, key="pilot_test_rows",
                                   placeholder="As the time allows")  # fmt: skip
            seed = st.number_input("Seed", 0, 2**31 - 1, SEED, key="pilot_seed")
            behind = "" if dataset.columns.given is None else st.text_input(
                "Model of your present system", key="pilot_given", placeholder="Not known"
            )  # fmt: skip
        metric, checks = scoring.choose(dataset)
        settings = arm_settings.choose(arms)
    if behind.strip():
        settings["given"] = {"model": behind.strip()}
    return {"shots": shots, "size": size, "test_rows": test, "seed": int(seed), "settings": settings, "metric": metric,
            "metric_settings": checks}  # fmt: skip


def _possible(arm: str, dataset: Dataset) -> bool:
    card = next(card for card in ARMS if card.arm == arm)
    if arm in API_ARMS or (arm == "given" and dataset.columns.given is None):
        return False
    return card.tasks is None or dataset.task_type in card.tasks


@st.cache_resource(
    max_entries=16, show_spinner="Working out the plan. The first time, this machine's speed is measured …"
)
def _planned(fingerprint: str, choices: str, speed: str, _dataset: Dataset) -> PilotPlan:
    """Same rows, choices and measured speed: the same plan."""
    asked = json.loads(choices)
    service = Service.of_settings(asked["service"]) if asked["service"] else None
    chosen = PilotChoices(**{**asked, "arms": tuple(asked["arms"]), "service": service})
    by_time = _dataset.columns.time is not None
    parts = files.parts(fingerprint, chosen.seed, by_time, _dataset.leaks, _dataset, chosen.test_rows)
    return plan_here(projects.store(), _dataset, parts, chosen)


def plan(dataset: Dataset, choices: PilotChoices) -> PilotPlan:
    """The plan for this machine."""
    known = calibration.known(projects.store())
    speed = json.dumps([sorted(known.ratios.items()), known.measured_at, known.fresh]) if known else ""
    asked = {"arms": choices.arms, "model": choices.model, "minutes": choices.minutes, "shots": choices.shots,
             "seed": choices.seed, "size": choices.size, "test_rows": choices.test_rows,
             "settings": choices.settings, "metric": choices.metric, "metric_settings": choices.metric_settings,
             "service": choices.service.settings if choices.service else None}  # fmt: skip
    return _planned(dataset.fingerprint, json.dumps(asked), speed, dataset)


def show(planned: PilotPlan) -> None:
    """What will be done, in its order, and what will not."""
    needed = sum(cell.seconds for cell in planned.cells) / 60
    if needed > planned.minutes:
        st.warning(
            f"Give it {many(minutes_for_all(planned), 'minute')}, or choose fewer ways. When the time is up, the "
            "ways that have not begun are left out.",
            title=f"These ways need longer than {many(planned.minutes, 'minute')} on this machine",
            icon=":material/timer:",
        )  # fmt: skip
    with st.container(horizontal=True):
        takes = max(1, round(min(needed, planned.minutes)))
        st.metric("It takes about", f"{takes} min", f"of {planned.minutes:g} given; {reserve()}", delta_color="off",
                  delta_arrow="off", border=True)  # fmt: skip
        rows = rows_learnt(planned)
        seen = ("Training rows", f"{rows:,}", f"of {planned.rows_available:,}")
        if not rows:
            seen = ("Examples in the prompt", f"{examples_shown(planned):,}", "at most; nothing is trained")
        st.metric(*seen, delta_color="off", delta_arrow="off", border=True)
        st.metric("Test rows", f"{len(planned.test_rows):,}", "kept from all ways", delta_color="off",
                  delta_arrow="off", border=True)  # fmt: skip
        st.metric("Scored by", names.metric_head(planned.metric), f"on {planned.accelerator}, {planned.dtype}",
                  delta_color="off", delta_arrow="off", border=True)  # fmt: skip
    st.dataframe(pd.DataFrame([_row(planned, arm.arm) for arm in planned.arms]), hide_index=True, alt="The plan")
    said = [
        *(f"Left out: {text}." for text in (*planned.left_out, *for_more_minutes(planned.later, planned))),
        *([f"May be left out: {planned.late}."] if planned.late else []),
        *(f"{text}." for text in planned.notes),
    ]
    if said:
        st.caption("  \n".join(plain(text) for text in said))


def _learns(planned: PilotPlan, arm: str) -> bool:
    """Whether an arm looks at training rows at all; an instruction alone does not."""
    return next(a.method for a in planned.arms if a.arm == arm) not in WITHOUT_ROWS


def _row(planned: PilotPlan, arm: str) -> dict[str, Any]:
    cells = [cell for cell in planned.cells if cell.arm == arm]
    sizes = sorted({cell.size for cell in cells}, reverse=True)
    return {
        "Way": names.method(arm),
        "Model": names.model(next(a.model for a in planned.arms if a.arm == arm)),
        "Training rows": ", ".join(f"{size:,}" for size in sizes) if _learns(planned, arm) else "none",
        "Repetitions": max((sum(c.size == size for c in cells) for size in sizes), default=0),
        "About (minutes)": round(sum(cell.seconds for cell in cells) / 60, 1),
    }
