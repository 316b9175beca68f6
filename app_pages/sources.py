"""Every fact with its source and date, to be searched."""

import pandas as pd
import streamlit as st

from advisor.catalog import facts
from app_pages import facts_table

COLUMNS = {
    "kind": st.column_config.TextColumn("Kind", width="small"),
    "fact": st.column_config.TextColumn("What", width="medium"),
    "value": st.column_config.TextColumn("Value", width="large"),
    "source": st.column_config.TextColumn("Source", width="large"),
    "link": st.column_config.LinkColumn("Link", width="small", display_text="open"),
    "checked": st.column_config.TextColumn("Looked at", width="small"),
}

rows = facts_table.rows()
kinds = list(dict.fromkeys(row["kind"] for row in rows))
words = st.text_input("Search", placeholder="A model, a GPU, a paper …", icon=":material/search:", key="sources_search")
chosen = st.pills("Kind of fact", kinds, selection_mode="multi", key="sources_kind", bind="query-params")
wanted = words.lower().split()
found = [
    row
    for row in rows
    if (not chosen or row["kind"] in chosen)
    and all(word in " ".join(map(str, row.values())).lower() for word in wanted)
]
st.caption(f"{len(found):,} of {len(rows):,} facts. The newest was looked at on {facts().catalog_date}.")
if found:
    st.dataframe(
        pd.DataFrame(found), column_config=COLUMNS, hide_index=True, height=560, key="sources_table",
        alt="Facts with their sources and dates",
    )  # fmt: skip
else:
    st.info("No fact has all of these words. Search for fewer of them, or take a kind away.", icon=":material/search:")
