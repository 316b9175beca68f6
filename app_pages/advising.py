"""The advice on a project: computed once per answers, evidence and catalog, and kept as it was given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from advisor.advise import advise, moved
from advisor.catalog import facts
from advisor.questionnaire import profile_to_yaml
from advisor.report import Contents
from advisor.vocabulary import Advice, Evidence, TaskProfile
from app_pages import answers, outcomes, projects


@st.cache_resource(max_entries=24, show_spinner="Weighing the options …")
def _advised(
    yaml: str, catalog_date: str, run: str | None, _profile: TaskProfile, _evidence: Evidence | None
) -> Advice:
    """Same answers, same run, same catalog: the same advice; the underscored arguments follow from the others."""
    return advise(_profile, facts(), _evidence)


def contents(project: str, run: str | None) -> Contents:
    """Everything a section may draw: the advice, and with a run what came out and what it changed."""
    saved = projects.store().answers.latest(project)
    date, profile = facts().catalog_date, answers.profile(project)
    profile = replace(profile, name=profile.name or projects.name(project))
    yaml = profile_to_yaml(profile)
    before = _advised(yaml, date, None, profile, None)
    if run is None:
        _keep(project, saved.revision if saved else 0, before, None)
        return Contents(before)
    evidence = outcomes.evidence(run)
    after = _advised(yaml, date, run, profile, evidence)
    _keep(project, saved.revision if saved else 0, after, run)
    return Contents(
        after, evidence, outcomes.results(run), before, moved(before, after, evidence), outcomes.record(run)
    )


def _keep(project: str, revision: int, given: Advice, run: str | None) -> None:
    """Once per revision, run and catalog: an answer that was given stays on record."""
    log = projects.store().advice
    if not any(
        old.catalog_date == given.catalog_date and old.run == run for old in log.all(project, revision=revision)
    ):
        log.save(project, revision, given.as_json(), catalog_date=given.catalog_date, run=run)


def choose_evidence(project: str) -> str | None:
    """The run the advice rests on beside the answers: the newest finished one, unless another is chosen."""
    runs = outcomes.finished(project)
    if not runs:
        return None
    choices: list[Any] = [*(run.id for run in runs), None]
    names = {run.id: f"Answers and the pilot of {outcomes.when(run)}" for run in runs}
    return st.selectbox(
        "What the advice rests on", choices, format_func=lambda run: names.get(run, "The answers alone"),
        key=f"evidence_{project}", persist_state="session",
    )  # fmt: skip
