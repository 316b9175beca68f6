"""The answer: verdict first, then what stands behind it."""

import json

import streamlit as st

from advisor.report import section_blocks
from app_pages import advising, answers, draw, walk, weighing
from app_pages.plain import plain

project = st.session_state["project"]
BEHIND = {
    "Options": ("options",),
    "Money": ("cost",),
    "Reasons": ("contradictions", "reasons", "nearest_cases", "explanation", "sources"),
    "What would change it": ("next_measurement", "flips", "pilot_worth"),
    "What you weigh": ("trade_offs",),
    "What was assumed": ("assumptions",),
}

if not answers.written(project):
    st.info(
        "Without answers everything is assumed, and the advice is as vague as that. Ten answers make it yours.",
        title="Nothing is answered yet", icon=":material/edit_note:",
    )  # fmt: skip
    walk.footer("task", primary=True)
    st.stop()

run = advising.choose_evidence(project)
contents = advising.contents(project, run)
draw.draw(section_blocks("verdict", contents))
draw.draw(section_blocks("your_prompt", contents))
draw.draw(section_blocks("next_steps", contents))
behind = {**({"What the pilot changed": ("before_after",)} if run is not None else {}), **BEHIND}
for tab, sections in zip(st.tabs(list(behind), key=f"advice_tabs_{run}"), behind.values(), strict=True):
    with tab:
        for section in sections:
            draw.draw(section_blocks(section, contents))
        if "trade_offs" in sections and contents.advice is not None:
            weighing.ask(project, contents.advice)
advice = contents.advice
assert advice is not None
with st.container(horizontal=True, vertical_alignment="center"):
    st.download_button("Download as JSON", json.dumps(advice.as_json(), ensure_ascii=False, indent=2), "advice.json",
                       "application/json", on_click="ignore", icon=":material/download:")  # fmt: skip
    st.caption(f"Facts as of {plain(advice.catalog_date)}.")
following = walk.following(project)
if following in ("data", "pilot"):
    walk.footer(following, primary=True, why="Trying it on your own examples could change this answer.")
elif run is None and not advice.pilot.worth_it:
    walk.footer("report", primary=True, why="A pilot would hardly change this answer; put it on paper.")
else:
    walk.footer("report", primary=True)
