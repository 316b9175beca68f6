"""A hosted model beside the models of this machine: what is sent where, agreed to before anything is."""

from __future__ import annotations

import hashlib
from typing import Any

import streamlit as st

from advisor.errors import TuneOrPromptError
from advisor.report import names
from advisor.vocabulary import Dataset
from app_pages import boundary
from app_pages.plain import plain
from experiments.api import address, secret
from experiments.api.secret import Secret
from experiments.api.service import MAX_USD, Service, consent, service
from experiments.pilot import rows
from experiments.pilot.choices import API_ARMS
from experiments.runners import local
from workspace import Store

KEY = "api_key"  # in the session alone: never in an address, a file or a cache


def choose(dataset: Dataset) -> tuple[Service | None, tuple[str, ...]]:
    """The service and the ways to ask it, once the person has agreed; nothing before."""
    with st.expander("Ask a hosted model too", icon=":material/cloud_upload:"):
        st.caption("The only choice on this page that sends anything away. Any OpenAI-compatible service will do.")
        left, right = st.columns(2, gap="large")
        url = left.text_input("Address", key="api_url", persist_state="session",
                              placeholder="https://api.openai.com/v1")  # fmt: skip
        model = right.text_input("Model, as the service calls it", key="api_model", persist_state="session")
        left.text_input("Key (for this session only)", type="password", key=KEY, autocomplete="off",
                        placeholder=f"From {secret.ASKED_FROM}" if secret.from_person() else "None",
                        help="It is handed to the pilot's process and is never written anywhere.")  # fmt: skip
        cap = right.number_input("Spend at most (USD)", 0.01, 10_000.0, MAX_USD, 0.5, key="api_cap", format="%g",
                                 help="The worst case of every call is set aside before it is made.")  # fmt: skip
        more = _more()
        if not url.strip() or not model.strip():
            return None, ()
        try:
            made = service(url, model, max_usd=cap, keyed=bool(typed()), **more)
        except TuneOrPromptError as error:
            boundary.show(error)
            return None, ()
        ways = st.pills("Ways to ask it", API_ARMS, selection_mode="multi", default=API_ARMS,
                        format_func=names.method, key="api_ways")  # fmt: skip
        return (made, tuple(ways)) if _agreed(made, dataset) and ways else (None, ())


def _more() -> dict[str, Any]:
    """What is seldom needed: prices nobody knows, the rate, longer answers."""
    with st.container(horizontal=True):
        sent = st.number_input("USD per million tokens in", 0.0, None, None, key="api_in", placeholder="As known")
        received = st.number_input("USD per million tokens out", 0.0, None, None, key="api_out", placeholder="As known")
        at_once = st.number_input("Calls at a time", 1, 32, None, key="api_at_once", placeholder="4")
        longest = st.number_input("Longest answer (tokens)", 1, 100_000, None, key="api_longest",
                                  placeholder="From your answers",
                                  help="A model that thinks before it answers needs some thousand.")  # fmt: skip
    return {"input_usd_per_mtok": sent, "output_usd_per_mtok": received, "concurrency": at_once,
            "max_new_tokens": longest}  # fmt: skip


def _agreed(made: Service, dataset: Dataset) -> bool:
    """A box to tick, empty again as soon as anything it names is changed."""
    most = min(sum(rows.sizes(dataset)[0]), len(dataset.examples))
    if warned := address.warning(made.base_url):
        st.warning(plain(warned), icon=":material/lock_open:")
    what = hashlib.sha256(repr(sorted(made.settings.items())).encode()).hexdigest()[:12]
    return st.checkbox(f"I agree. {plain(consent(made, most, at_most=True))}", key=f"api_agreed_{what}")


def typed() -> Secret:
    """The key as it was typed, else the one in the server's environment."""
    return Secret(st.session_state.get(KEY) or "") or secret.from_person()


def ask_again(store: Store, run_id: str) -> None:
    """A field for the key of a run that needs it again to go on."""
    asked = local.still_asks(store, run_id)
    if asked is not None and asked.keyed and not secret.from_person():
        st.text_input(f"Key for {plain(address.host_of(asked.base_url))} (to go on)", type="password",
                      key=f"{KEY}_{run_id}", autocomplete="off", help="Keys are never kept.")  # fmt: skip


def key_of(run_id: str) -> Secret:
    """The key typed for that run, else for this session."""
    return Secret(st.session_state.get(f"{KEY}_{run_id}") or "") or typed()
