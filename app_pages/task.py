"""The questionnaire: nothing is required, everything is saved as it is answered."""

import streamlit as st

from advisor.questionnaire import QUESTIONS, profile_from_yaml, template
from app_pages import answers, fields, projects, suggestions, walk
from app_pages.boundary import errors_end_here

project = st.session_state["project"]
GROUPS = tuple(dict.fromkeys(question.group for question in QUESTIONS))

answers.renew_if_changed(project)
written = answers.written(project)


def group_label(group: str) -> str:
    """The part's name with how much of it is answered."""
    have, all_of_them = answers.count(written, group)
    return f"{group} · {have}/{all_of_them}"


def show_part(part: str) -> None:
    """Turn to another part of the questionnaire."""
    st.session_state["task_group"] = part


def import_answers() -> None:
    """Replace the answers by those of a file; a wrong file changes nothing."""
    given = st.session_state["answers_file"]
    if given is not None:
        with errors_end_here():
            answers.save(project, profile_from_yaml(given.getvalue().decode("utf-8", "replace")))
            walk.renew()
            st.toast("The answers of the file are in.", icon=":material/check:")


st.progress(len(written) / len(QUESTIONS), f"{len(written)} of {len(QUESTIONS)} questions answered, saved as you go")
st.session_state.setdefault("task_group", GROUPS[0])
group = st.pills(
    "Part of the questionnaire", GROUPS, format_func=group_label, key="task_group",
    required=True, persist_state="session", label_visibility="collapsed",
)  # fmt: skip
asked = [question for question in QUESTIONS if question.group == group]
with st.container(border=True):
    for question in asked:
        if question.kind == "priorities" or question.key == "description":
            fields.draw(project, question, written, ())
    columns = st.columns(2, gap="large")
    narrow = [q for q in asked if q.kind != "priorities" and q.key != "description"]
    for i, question in enumerate(narrow):
        with columns[i % 2]:
            fields.draw(project, question, written, suggestions.for_question(question.key))
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if group != GROUPS[-1]:
            following = GROUPS[GROUPS.index(group) + 1]
            st.button(f"Next part: {following}", key="next_part", on_click=show_part, args=(following,))
        answered = {question.label: question.key for question in asked if question.key in written}
        if answered:
            back = st.menu_button("Take back an answer", list(answered), icon=":material/undo:", key="take_back",
                                  type="tertiary")  # fmt: skip
            if back in answered:
                answers.save_one(project, answered[back], None)
                walk.renew()
                st.rerun()

saved = projects.store().answers.latest(project)
with st.expander("Answers as a file", icon=":material/file_copy:"):
    st.markdown("The same file works on the command line: `python -m advisor advise PROFILE.yaml`.")
    with st.container(horizontal=True):
        st.download_button("Download the answers", saved.yaml if saved else "{}\n", "profile.yaml", "application/yaml",
                           icon=":material/download:", on_click="ignore")  # fmt: skip
        st.download_button("Download an empty form", template(), "template.yaml", "application/yaml",
                           icon=":material/download:", on_click="ignore")  # fmt: skip
    st.file_uploader("Replace the answers by those of a file", type=["yaml", "yml"], max_upload_size=1,
                     key="answers_file", on_change=import_answers)  # fmt: skip

walk.footer("advice", primary=walk.done_task(saved))
