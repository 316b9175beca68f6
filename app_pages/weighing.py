"""The team's weights, asked for as trade-offs it can judge: what two points of quality are worth."""

from __future__ import annotations

import streamlit as st

from advisor.decision.currency import Currency
from advisor.decision.trade_offs import POINTS, priorities_from, scale_from
from advisor.vocabulary import Advice
from app_pages import answers

LABELS = {
    "cost": "{unit} a month",
    "latency": "milliseconds for an answer",
    "time_to_launch": "days until it is live",
    "maintenance": "hours of upkeep a month",
}
MOST = 1e9


def ask(project: str, advice: Advice) -> None:
    """Four amounts beside each other; saving them turns them into weights, and the advice is made again."""
    currency = Currency.of(advice.profile)
    units = {"cost": currency.usd_per_unit}
    with st.form(f"weighing_{project}", border=True):
        st.markdown(f"What are **{POINTS:.0f} points of quality** (say 0.82 instead of 0.80) worth to you? At most …")
        typed = {}
        with st.grid(2):
            for trade in advice.trade_offs:
                shown = (trade.amount or 0.0) / units.get(trade.concern, 1.0)
                label = LABELS[trade.concern].format(unit=currency.name)
                now = float(f"{min(shown, MOST):.2g}")
                typed[trade.concern] = st.number_input(label, 0.0, MOST, now, key=f"weighing_{project}_{trade.concern}")
        st.caption("An amount of 0 takes the concern out: it never tips the balance.")
        if st.form_submit_button("Weigh it like this", icon=":material/balance:"):
            amounts = {key: value * units.get(key, 1.0) for key, value in typed.items() if value > 0}
            weights = priorities_from(amounts, scale_from(advice.trade_offs))
            answers.save_one(project, "priorities", {k: getattr(weights, k) for k in weights.__dataclass_fields__})
            st.rerun()
