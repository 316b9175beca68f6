"""The whole report as it stands on paper, and the paper itself."""

import json

import streamlit as st

from advisor.errors import ReportError
from advisor.report import as_json
from advisor.report import report as whole
from advisor.report.pdf import to_bytes
from advisor.vocabulary import Block
from app_pages import advising, answers, boundary, draw, walk

project = st.session_state["project"]


@st.cache_data(max_entries=8, show_spinner="Setting the pages …")
def paper(document: str, title: str, _blocks: tuple[Block, ...]) -> bytes:
    """The PDF of a document, made in a child process."""
    return to_bytes(_blocks, title=title)


if not answers.written(project):
    st.info("Answer a few questions first; the report is made from them.", icon=":material/edit_note:")
    walk.footer("task", primary=True)
    st.stop()

run = advising.choose_evidence(project)
contents = advising.contents(project, run)
title = (contents.advice.profile.name if contents.advice else None) or "Tune or prompt"
blocks = whole(contents)
document = json.dumps(as_json(blocks), ensure_ascii=False)
buttons = st.container(horizontal=True)
with st.container(border=True):
    draw.draw(blocks)
with buttons:
    try:
        pdf = paper(document, title, blocks)
    except ReportError as error:
        boundary.show(error)
    else:
        st.download_button("Download the PDF", pdf, "tune-or-prompt.pdf", "application/pdf", type="primary",
                           on_click="ignore", icon=":material/picture_as_pdf:")  # fmt: skip
    st.download_button("Download as JSON", document, "tune-or-prompt.json", "application/json", on_click="ignore",
                       icon=":material/data_object:")  # fmt: skip
if (following := walk.following(project)) != "report":
    walk.footer(following, primary=False)
