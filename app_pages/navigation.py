"""The pages and their order; the same frame around each of them."""

import streamlit as st

from app_pages import projects, sidebar, walk, welcome
from app_pages.boundary import errors_end_here

MARK = str(walk.FOLDER / "mark.svg")
st.set_page_config(page_title="Tune or Prompt", page_icon=MARK, layout="wide")
st.logo(MARK, size="large")
with errors_end_here():
    project = projects.current()
    steps = walk.taken(project.id) if project else None
    page = st.navigation(walk.pages(steps, walk.following(project.id, steps) if project else ""), position="top")
    sidebar.draw(project)
    name = page.url_path or "task"
    walk.note_page(name, project)
    if (asked := st.session_state.pop(walk.GO, None)) is not None:
        walk.go_to(asked)
    if project is None and walk.STEPS[name] in walk.WALK:
        welcome.draw()
    else:
        walk.header(project, name, steps)
        page.run()
