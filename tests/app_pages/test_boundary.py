"""What goes wrong is said calmly, with what was kept; nothing of the inside reaches the page."""

from __future__ import annotations

import logging

import pytest
from streamlit.testing.v1 import AppTest

CANARY = "sk-canary-0123456789abcdef"


def shown(error: str) -> AppTest:
    script = f"""
from advisor.errors import DataError
from app_pages.boundary import errors_end_here
with errors_end_here():
    raise {error}
"""
    return AppTest.from_string(script).run()


def test_an_error_we_know_says_what_and_how_to_mend_it() -> None:
    app = shown("DataError('Column [label] not found.', 'Choose the target column.')")
    assert app.error[0].value.replace("\\", "") == "Choose the target column."
    assert app.error[0].proto.title.replace("\\", "") == "Column [label] not found."


def test_an_error_nobody_foresaw_shows_nothing_of_the_inside(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="tune_or_prompt"):
        app = shown(f"ValueError('{CANARY}')")
    assert not app.exception
    text = f"{app.error[0].proto.title} {app.error[0].value}"
    assert "saved" in text
    assert CANARY not in text
    assert "Traceback" not in text
    reference = text.split("**")[1]
    assert reference in caplog.text  # whoever reads the log finds the place


def test_an_error_in_a_callback_ends_the_same_way() -> None:
    from app_pages.boundary import on_script_error

    assert on_script_error(ValueError("x")) is True
