"""A file of examples: brought, checked, its columns understood, its split shown."""

import pandas as pd
import streamlit as st

from advisor.errors import DataError
from app_pages import beside_answers, choosing, files, findings, pictures, planning, splitting, walk
from app_pages.boundary import show

project = st.session_state["project"]
known = files.of_project(project)
uploads = f"upload_{st.session_state.setdefault('uploads', 0)}"


def take() -> None:
    """Keep the file and let the widget go, so that its bytes do not stay in memory."""
    if st.session_state[uploads]:
        files.take(project, st.session_state[uploads])
        st.session_state["uploads"] += 1


st.file_uploader(
    "Another file, or a newer one" if known else "A file of examples: inputs, and the answers you want",
    accept_multiple_files=True, key=uploads, on_change=take,
    help="CSV, TSV, JSON, JSON Lines, Excel (xlsx, at most 100,000 rows), Parquet, or one of them zipped. "
    "A training and a test file may be uploaded together.",
)  # fmt: skip
files.say_refused()  # below the widget: once it can be read, the next file can be brought
file = files.current(project)
if file is None:
    st.info(
        "Fifty rows with their answers are enough to try it, some hundred make the pilot worth reading. Nothing "
        "leaves this machine.",
        title="No file yet", icon=":material/upload_file:",
    )  # fmt: skip
    walk.footer("pilot", primary=False, why="A pilot needs a file first.", disabled=True)
    st.stop()
if len(known) > 1:
    labels = {stored.sha256: stored.label for stored in known}  # a file's choices change, its hash does not
    st.selectbox(
        "File", list(labels), index=known.index(file), format_func=labels.__getitem__, key=f"files_{file.sha256}",
        on_change=lambda: files.choose(project, st.session_state[f"files_{file.sha256}"]),
    )  # fmt: skip

shown = st.empty()
try:
    if files.is_large(file) and not files.is_checked(file):
        first = files.preview(file)
        with shown.container():
            findings.first_rows(first.preview, len(first.column_names))
    found = files.checked_with_progress(file)
except DataError as error:
    shown.empty()
    show(error)
    choosing.repair(project, file, error)
    if files.settle(project, file, None):
        st.rerun()
    walk.footer("pilot", primary=False, why="First settle what is open above.", disabled=True)
    st.stop()
shown.empty()
pictures.headline(found)
findings.first_rows(found.preview, len(found.column_names))
st.subheader("What the columns mean", anchor=False)
choosing.draw(project, file, found)
st.subheader("What the checks found", anchor=False)
findings.draw(project, file, found)
if found.rejected:
    with st.expander(f"Rows left out ({len(found.rejected):,})", icon=":material/block:"):
        rejected = [{"Line": row.line, "Why": row.why} for row in found.rejected[:1_000]]
        st.dataframe(pd.DataFrame(rejected), hide_index=True, alt="Rows left out, with the reason")

st.subheader("What it holds", anchor=False)
left, right = st.columns(2, gap="large")
with left:
    if found.labels:
        pictures.labels(found)
    else:
        findings.table(found, tuple(example.row for example in found.examples[:8]))
with right:
    pictures.lengths(found)

st.subheader("How it would be split", anchor=False)
split = splitting.draw(found)
usable = split is not None and not any(finding.severity in ("error", "ask") for finding in found.findings)
if files.settle(project, file, planning.SEED if usable else None):
    st.rerun()  # the walk's signs stand above and have been drawn
if usable:
    beside_answers.draw(project, found)
findings.all_rows(found, split)
walk.footer("pilot", primary=usable, why="" if usable else "First settle what is open above.", disabled=not usable)
