"""What tests of the pages ask of a page."""

from __future__ import annotations

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
