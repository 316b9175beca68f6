"""Pairs of answers judged blind: nothing here says whose an answer is before the judging is done."""

from __future__ import annotations

from typing import Any

import streamlit as st

from advisor.report import names
from advisor.vocabulary import CLASSIFYING, PilotRecord
from app_pages import projects
from app_pages.boundary import errors_end_here
from app_pages.plain import plain
from experiments.dataset.wording import many
from experiments.pilot import preference
from experiments.pilot.preference import FEWEST, Judgements, Pair
from workspace import Run

AT_WORK = "judging_run"  # the run whose pairs are being judged: nothing else of it is shown meanwhile


def open_for(run: Run) -> bool:
    """Whether the person is judging this run now."""
    return bool(st.session_state.get(AT_WORK) == run.id)


def _start(run: str) -> None:
    st.session_state[AT_WORK] = run


def _stop() -> None:
    st.session_state.pop(AT_WORK, None)


def _judge(run: str, pair: Pair, side: preference.Side) -> None:
    with errors_end_here():
        preference.judge(projects.store(), run, pair, side)


def _reveal(run: str, a: str, b: str) -> None:
    with errors_end_here():
        preference.reveal(projects.store(), run, a, b)
        _stop()


def offer(run: Run, found: PilotRecord) -> None:
    """A way in, where two ways wrote answers that can be preferred; and what was preferred, once it is known."""
    primary = _primary(found)
    if primary is None or found.plan.task_type in CLASSIFYING:
        return
    judged = _so_far(run, found, primary)
    if not judged.offered:
        return
    st.header("Which answers do you prefer?", anchor=False)
    if judged.done:
        _outcome(judged)
        return
    st.markdown(
        f"{many(judged.offered, 'pair')} of answers, two ways, sides mixed. You are not told whose an answer is "
        f"until you are done. At least {FEWEST} make a verdict; {many(judged.judged, 'is', 'are')} judged."
    )
    st.button("Judge pairs" if not judged.judged else "Go on judging", icon=":material/compare:", key="judge_start",
              type="primary" if found.plan.judged_by == "preference" else "secondary",
              on_click=_start, args=(run.id,))  # fmt: skip


def blind(run: Run, found: PilotRecord) -> bool:
    """Whether rows with the names of their ways would spoil a judging that is to decide."""
    primary = _primary(found)
    if primary is None or found.plan.judged_by != "preference":
        return False
    judged = _so_far(run, found, primary)
    return bool(judged.offered) and not judged.done


def _so_far(run: Run, found: PilotRecord, primary: tuple[str, str]) -> preference.Preference:
    return preference.preference(found, Judgements.of(projects.store().events.all(run.id)), *primary)


def panel(run: Run, found: PilotRecord) -> None:
    """One pair after another, until all are judged or the person stops."""
    primary = _primary(found)
    if primary is None:
        _stop()
        return
    a, b = primary
    judgements = Judgements.of(projects.store().events.all(run.id))
    offered = preference.pairs(found, a, b)
    first, second = sorted((a, b))
    left_over = [pair for pair in offered if (first, second, pair.row) not in judgements.made]
    so_far = len(offered) - len(left_over)
    st.progress(so_far / max(1, len(offered)), f"{so_far} of {len(offered)} judged")
    if left_over:
        _pair(run.id, left_over[0])
    with st.container(horizontal=True):
        if not left_over or so_far >= FEWEST:
            st.button("Done: show which is which", icon=":material/visibility:", key="judge_reveal", on_click=_reveal,
                      args=(run.id, a, b), type="secondary" if left_over else "primary",
                      help="After this nothing more is judged for these two.")  # fmt: skip
        st.button("Stop for now", key="judge_stop", icon=":material/pause:", on_click=_stop,
                  help="What you judged is kept.")  # fmt: skip


def _pair(run: str, pair: Pair) -> None:
    st.markdown("**What came in**")
    st.code(pair.input, language=None, wrap_lines=True)
    columns = st.columns(2, gap="large")
    for column, side, answer in zip(columns, ("Left", "Right"), (pair.left_answer, pair.right_answer), strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{side}**")
            st.code(answer or "(empty)", language=None, wrap_lines=True)
    choices: tuple[tuple[str, preference.Side, str], ...] = (
        ("Left is better", "left", ":material/arrow_back:"),
        ("No difference", "neither", ":material/drag_handle:"),
        ("Right is better", "right", ":material/arrow_forward:"),
    )
    with st.container(horizontal=True, horizontal_alignment="center"):
        for label, side, icon in choices:
            st.button(label, icon=icon, key=f"judge_{side}", on_click=_judge, args=(run, pair, side))


def _outcome(judged: preference.Preference) -> None:
    ways = ((judged.a, judged.for_a), (judged.b, judged.for_b), ("", judged.neither))
    with st.container(horizontal=True):
        for arm, count in ways:
            st.metric(plain(names.method(arm)) if arm else "No difference", f"{count}", border=True)
    share = judged.share
    if judged.for_a + judged.for_b:
        st.caption(
            f"{plain(names.method(judged.a))} was preferred in {share.value:.0%} of the pairs with a preference (95 % "
            f"range {share.low:.0%} to {share.high:.0%}). You judged without knowing whose an answer was."
        )


def _primary(found: PilotRecord) -> tuple[str, str] | None:
    pair: dict[str, Any] | None = next((c for c in found.results["comparisons"] if c["primary"]), None)
    return (str(pair["a"]), str(pair["b"])) if pair else None
