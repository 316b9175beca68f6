"""The server's entry: `streamlit run app.py`. The pages stand in app_pages/navigation.py."""

import importlib
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))  # the server may be started from any folder

import streamlit as st
from starlette.middleware import Middleware

from app_pages.boundary import on_script_error
from app_pages.guard import Guard
from app_pages.redaction import keep_keys_out_of_the_log

if sys.platform == "win32":
    raise SystemExit(
        "Tune or Prompt runs on Windows inside WSL2: install it with 'wsl --install' and start again there."
    )


def warm_up() -> None:
    """Import what the pages need before the first person waits for it."""
    for room in ("advising", "files", "planning", "whatif"):
        importlib.import_module(f"app_pages.{room}")


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Warm up beside the first requests, not before them."""
    threading.Thread(target=warm_up, daemon=True).start()
    yield


keep_keys_out_of_the_log()
app = st.App(
    "app_pages/navigation.py", lifespan=lifespan, middleware=[Middleware(Guard)], on_script_error=on_script_error
)
