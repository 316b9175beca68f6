"""What-if: a model, a GPU, a way of training or answering → memory, time, speed, money."""

import streamlit as st

from advisor.catalog import facts
from advisor.vocabulary import ServingSettings, TaskProfile, TrainingSettings
from app_pages import answers, whatif, whatif_panels
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

with right:
    if kind == "Training":
        whatif_panels.training(case, answer)
    else:
        whatif_panels.serving(case, answer, whatif.monthly_usd(case, serving, peak))
    whatif_panels.memory(answer)
if kind == "Training":
    project = st.session_state.get("project")
    profile = answers.profile(project) if project else TaskProfile()
    whatif_panels.methods(case, whatif.methods(case, settings, examples, profile), examples, bool(project))
else:
    whatif_panels.hosted(whatif.hosted(serving, requests))
