"""Keys never reach the log, not even inside a stack trace."""

from __future__ import annotations

import io
import logging

import pytest

from app_pages.redaction import STRUCK, keep_keys_out_of_the_log, redact

KEYS = ["sk-proj-abcDEF123456789", "hf_abcdefghijklmnop", "AKIAABCDEFGHIJKLMNOP", "AIzaSyA1234567890abcdefghij"]


@pytest.mark.parametrize("key", KEYS)
def test_what_looks_like_a_key_is_struck_out(key: str) -> None:
    assert key not in redact(f"refused: {key}, try again")
    assert STRUCK in redact(key)


def test_ordinary_words_stay() -> None:
    text = "task-based sketch, skip row 12; a bearer of news; risk-averse"
    assert redact(text) == text


def test_this_process_s_own_secrets_are_struck_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "plain words 123")
    assert redact("sent plain words 123 away") == f"sent {STRUCK} away"


def test_a_log_record_and_its_stack_trace_are_clean() -> None:
    before = logging.getLogRecordFactory()
    try:
        keep_keys_out_of_the_log()
        keep_keys_out_of_the_log()
        out = io.StringIO()
        logger = logging.Logger("test")
        logger.addHandler(logging.StreamHandler(out))
        try:
            raise ValueError(f"bad key {KEYS[0]}")
        except ValueError as error:
            logger.error("with %s and %d%%", KEYS[1], 5, exc_info=error)
    finally:
        logging.setLogRecordFactory(before)
    text = out.getvalue()
    assert "ValueError" in text
    assert "5%" in text
    assert not any(key in text for key in KEYS)
