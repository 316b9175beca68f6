"""What-if: a model, a GPU, a way of training or answering → memory, time, speed, money."""

import altair as alt
import streamlit as st

from advisor.catalog import facts
from advisor.report import numbers
from advisor.vocabulary import ServingSettings, TaskProfile, TrainingSettings
from app_pages import answers, whatif
from app_pages.plain import plain

models, gpus = whatif.open_models(), [gpu for gpu in facts().gpus if gpu.kind == "gpu"]
kind = st.segmented_control("What for?", ["Training", "Answering requests"], required=True, default="Training",
                            key="whatif_kind", persist_state="session")  # fmt: skip
left, right = st.columns([1, 2], gap="large")
with left:
    model = st.selectbox("Model", models, format_func=lambda m: m.name, key="whatif_model", persist_state="session",
                         index=next((i for i, m in enumerate(models) if 6 < (m.parameters_b or 0) < 9), 0))  # fmt: skip
    gpu = st.selectbox("GPU", gpus, format_func=lambda g: f"{g.name} ({g.memory_gib:g} GiB)", key="whatif_gpu",
                       persist_state="session",
                       index=next((i for i, g in enumerate(gpus) if g.id == "A100-SXM4-80GB"), 0))  # fmt: skip
    count = st.number_input("How many?", 1, 64, 1, key="whatif_gpus", persist_state="session")
    case = whatif.WhatIf(model, gpu, count)
    if kind == "Training":
        cards = whatif.trainable_methods()
        lora = next(i for i, card in enumerate(cards) if card.name == "lora")
        card = st.selectbox("Method", cards, index=lora, format_func=lambda c: c.label, key="whatif_method",
                            persist_state="session")  # fmt: skip
        st.caption(plain(card.one_line))
        examples = st.number_input("Examples", 1, 100_000_000, 5_000, 1_000, key="whatif_examples")
        with st.expander("Settings", icon=":material/tune:"):
            settings = TrainingSettings(
                batch_size=st.number_input("Rows per step and GPU", 1, 512, 4),
                gradient_accumulation=st.number_input("Steps gathered", 1, 512, 4),
                seq_len=st.number_input("Tokens per row", 16, 131_072, 512, 64),
                rank=st.number_input("Rank of LoRA", 1, 512, 16),
                optimizer=st.selectbox("Optimizer", ["adamw", "adamw_8bit", "paged_adamw_8bit", "sgd"]),
                gradient_checkpointing=st.toggle("Recompute activations (saves memory)", True),
                sharding="fsdp" if count > 1 else "none",
            )
            epochs = st.number_input("Times through the examples", 0.1, 100.0, float(card.epochs or 3.0), 0.5)
        answer = whatif.training(case, card, settings, examples, epochs)
    else:
        requests = st.number_input("Requests a month", 1, 10**12, 300_000, 10_000, key="whatif_requests")
        peak = st.number_input("Requests in the busiest second", 0.01, 1e6, 5.0, 1.0, key="whatif_peak")
        with st.expander("Settings", icon=":material/tune:"):
            serving = ServingSettings(
                engine=st.selectbox("Engine", ["vllm", "sglang", "tensorrt-llm", "llama.cpp", "transformers"]),
                concurrency=st.number_input("Requests in flight on one machine", 1, 1_024, 8),
                input_tokens=st.number_input("Tokens in", 1, 1_000_000, 512, 64),
                output_tokens=st.number_input("Tokens out", 1, 1_000_000, 128, 16),
                weight_dtype=st.selectbox("Weights in", ["bf16", "fp8", "int8", "int4"]),
            )
        answer = whatif.serving(case, serving)

memory = answer["memory_gib"]
fit = answer["fits"][0]
with right:
    with st.container(horizontal=True):
        st.metric("The GPU must have", numbers.gib(whatif.estimate(memory["device"])), whatif.FITS[fit["fits"]],
                  delta_color="off", delta_arrow="off", border=True)  # fmt: skip
        if kind == "Training":
            hours = (answer["time"] or {}).get("total_hours")
            st.metric("One run takes", numbers.hours(whatif.estimate(hours)), f"rent {whatif.rent_usd(case, hours)}",
                      delta_color="off", delta_arrow="off", border=True)  # fmt: skip
        else:
            first = numbers.latency(whatif.estimate(answer["latency"]["ttft_ms"]))
            each = numbers.latency(whatif.estimate(answer["latency"]["tpot_ms"]))
            st.metric("First token after", first, f"then {each} each", delta_color="off", delta_arrow="off",
                      border=True)  # fmt: skip
            machines, usd = whatif.monthly_usd(case, serving, peak)
            st.metric("A month costs", usd, machines, delta_color="off", delta_arrow="off", border=True)
    if kind == "Training":
        share = answer["parameters"]
        st.caption(
            f"Trains {share['trainable']:,} of {share['total']:,} parameters ({share['trainable_percent']:.3g} %)."
        )
    shown = whatif.parts(memory)
    axis = alt.Axis(labelLimit=220, labelOverlap=False)
    bars = (
        alt.Chart(shown)
        .mark_bar()
        .encode(
            x=alt.X("GiB:Q", title="GiB on each GPU"),
            y=alt.Y("Part:N", sort=None, title=None, axis=axis),
            tooltip=["Part", "GiB"],
        )
        .properties(height=60 + 26 * len(shown))
    )
    st.markdown("**What takes the memory**")
    st.altair_chart(bars, alt=", ".join(f"{row.Part} {row.GiB:.2f} GiB" for row in shown.itertuples()))
    st.markdown("**Where it fits**")
    st.dataframe(whatif.fit_table(answer["everywhere"]), hide_index=True, alt="Which GPUs hold it")
    if answer.get("note"):
        st.caption(plain(answer["note"]))
    st.caption(f"Ranges are 80 % intervals. {plain(memory['device']['source'])}.")
if kind != "Training":
    st.markdown("**The same requests at hosted models**")
    money = st.column_config.NumberColumn(format="%.4g")
    st.dataframe(whatif.hosted(serving, requests), hide_index=True, alt="Prices of hosted models for these requests",
                 column_config={"USD per 1,000 requests": money, "USD a month": money})  # fmt: skip
else:
    project = st.session_state.get("project")
    profile = answers.profile(project) if project else TaskProfile()
    st.markdown(f"**Ways of adapting {plain(model.name)}**")
    st.dataframe(
        whatif.methods(case, settings, examples, profile), hide_index=True, height="content", alt="Methods side by side"
    )
    whose = "the answers of this project" if project else "no particular task"
    st.caption(
        f"Computed for {examples:,} examples on {count} × {plain(gpu.name)}. Quality is the score from 0 to 1 expected "
        f"for {whose}; ranges are 80 % intervals. Memory is to train, or to answer where nothing is trained."
    )
