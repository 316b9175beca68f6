"""Every setting of the chosen ways, each with what it is for, to be changed in a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from advisor.errors import TuneOrPromptError
from advisor.report import names
from experiments.arms import ARMS
from experiments.pilot.settings import ALLOWED, changeable, shown, value_of

HIDDEN = ("given",)  # its one setting has a field of its own


def choose(arms: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What a person changed, by arm; a value that cannot be is said here and not taken."""
    cards = [card for card in ARMS if card.arm in arms and card.arm not in HIDDEN]
    rows = [(card, name, shown(value)) for card in cards for name, value in changeable(card).items()]
    if not rows:
        return {}
    table = pd.DataFrame({
        "Way": [names.method(card.arm) for card, _, _ in rows],
        "Setting": [names.spaced(name) for _, name, _ in rows],
        "Value": [value for _, _, value in rows],
        "What it is": [f"{ALLOWED[name].about} ({ALLOWED[name].said})" for _, name, _ in rows],
    })  # fmt: skip
    st.caption("Every setting. Change a value in the table; `usual` leaves it to the pilot.")
    edited = st.data_editor(table, key=f"pilot_settings_{'_'.join(arms)}", hide_index=True, height=280,
                            disabled=["Way", "Setting", "What it is"])  # fmt: skip
    found: dict[str, dict[str, Any]] = {}
    for (card, name, before), value in zip(rows, edited["Value"], strict=True):
        if str(value) == before:
            continue
        try:
            made = value_of(card, name, str(value))
        except TuneOrPromptError as error:
            st.warning(str(error), icon=":material/warning:")
            continue
        if made is not None:
            found.setdefault(card.arm, {})[name] = made
    return found
