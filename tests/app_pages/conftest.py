"""The app as AppTest drives it, in a data home of each test's own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.app_pages.asking import fine
from workspace import Project, Store

logging.getLogger("streamlit").setLevel(logging.ERROR)  # a page under test has no browser, and that is meant
NAVIGATION = Path(__file__).parents[2] / "app_pages" / "navigation.py"


@pytest.fixture
def kept(home: Path) -> Store:
    """The store the pages use in this test."""
    st.cache_resource.clear()
    st.cache_data.clear()
    return Store()


@pytest.fixture
def project(kept: Store) -> Project:
    return kept.projects.create("Sort mail")


@pytest.fixture
def open_page(kept: Store) -> Callable[..., AppTest]:
    """Open a page as a browser does: by its address."""

    def opened(name: str = "task", project: str | None = None, **query: Any) -> AppTest:
        app = AppTest.from_file(str(NAVIGATION), default_timeout=60)
        for key, value in {**({"project": project} if project else {}), **query}.items():
            app.query_params[key] = value
        app.run()
        if name != "task":
            app.switch_page(f"{name}.py").run()
        fine(app)
        return app

    return opened
