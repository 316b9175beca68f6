"""What tests of the pages ask of a page."""

from __future__ import annotations

import re
from typing import Any

from streamlit.testing.v1 import AppTest

from app_pages.boundary import UNFORESEEN


def fine(app: AppTest) -> AppTest:
    """No stack trace, and nothing that was not foreseen."""
    assert not app.exception, app.exception[0].message
    assert not [e for e in app.error if UNFORESEEN in f"{e.value}{getattr(e.proto, 'title', '')}"], app.error
    return app


def said(app: AppTest) -> str:
    """Every word on the page that a person can read."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "error", "warning", "info", "success", "text")
    parts = [f"{getattr(e.proto, 'title', '')} {e.value}" for kind in kinds for e in getattr(app, kind)]
    return "\n".join(parts + [b.label for b in app.button])


def field(app: AppTest, key: str, *rest: str) -> Any:
    """The widget of a question, whatever its name is in this run."""
    pattern = re.compile("_".join(["answer", re.escape(key), r"\d+", *map(re.escape, rest)]))
    kinds = ("text_input", "text_area", "number_input", "selectbox", "multiselect", "segmented_control", "slider")
    (found,) = [w for kind in kinds for w in app.get(kind) if pattern.fullmatch(str(w.key))]
    return found
