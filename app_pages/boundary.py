"""Where errors end: a person reads what is wrong and what to do; never a stack trace."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from advisor.errors import TuneOrPromptError
from app_pages.wording import said

log = logging.getLogger("tune_or_prompt")
UNFORESEEN = "Something went wrong that we did not foresee"


@contextmanager
def errors_end_here() -> Iterator[None]:
    """Draw what goes wrong inside as a message in its place."""
    try:
        yield
    except Exception as error:
        show(error)


def show(error: Exception) -> None:
    """An error we know says itself; any other gets a reference that the log holds too."""
    if isinstance(error, TuneOrPromptError):
        st.error(said(error.mend) or "Nothing was lost.", title=said(error.what), icon=":material/error:")
        return
    reference = secrets.token_hex(3)
    log.error("reference %s", reference, exc_info=error)
    st.error(
        "Your answers, files and runs are saved. Reload the page; if it happens again, look for reference "
        f"**{reference}** in the server's log and send us what stands there.",
        title=UNFORESEEN,
        icon=":material/error:",
    )


def on_script_error(error: Exception) -> bool:
    """For what happens outside a page's body (callbacks, fragments). True: Streamlit adds nothing of its own."""
    show(error)
    return True
